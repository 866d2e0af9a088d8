// Reads the filters of questions about log entries into what the addon takes.
'use strict';

const { readDate, readLimit } = require('./arguments.js');
const { invalidType } = require('./errors.js');
const { salvageText } = require('./fields.js');

const FILTERS = ['skill', 'agent', 'result', 'runId', 'cujId'];

/** The text of a JSON object: fields and the values that they must equal, a range in epoch ms, a limit. */
function readFilters(filters) {
  if (filters === null) return '{}';
  if (typeof filters !== 'object') throw invalidType('filters', 'an object', filters);
  const parts = [];
  for (const name of FILTERS) {
    const value = filters[name];
    if (value) parts.push(`"${name}":${salvageText(value) ?? 'null'}`);
  }
  const numbers = {
    limit: readLimit(filters.limit),
    start: readDate('startDate', filters.startDate, false),
    end: readDate('endDate', filters.endDate, true),
  };
  for (const [name, value] of Object.entries(numbers)) if (value !== null) parts.push(`"${name}":${value}`);
  return `{${parts.join(',')}}`;
}

module.exports = { readFilters };
