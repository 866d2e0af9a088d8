// Reads the filters of questions about log entries into what the addon takes.
'use strict';

const { readDate, readLimit, readMembers } = require('./arguments.js');
const { salvageText } = require('./fields.js');

const FILTERS = ['skill', 'agent', 'result', 'runId', 'cujId'];
const MEMBERS = [...FILTERS, 'limit', 'startDate', 'endDate'];

/** The text of a JSON object: fields and the values that they must equal, a range in epoch ms, a limit. */
function readFilters(filters) {
  if (filters === null) return '{}';
  const asked = readMembers('filters', filters, MEMBERS);
  const parts = [];
  for (const name of FILTERS) {
    const value = asked[name];
    if (value) parts.push(`"${name}":${salvageText(value) ?? 'null'}`);
  }
  const numbers = {
    limit: readLimit(asked.limit),
    start: readDate('startDate', asked.startDate, false),
    end: readDate('endDate', asked.endDate, true),
  };
  for (const [name, value] of Object.entries(numbers)) if (value !== null) parts.push(`"${name}":${value}`);
  return `{${parts.join(',')}}`;
}

module.exports = { MEMBERS, readFilters };
