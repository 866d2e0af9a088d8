// Every objective with what its runs are now; a question of views, so it loads as little as it can.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { FILE } = require('./objectives-path.js');

const WORST = ['firing', 'pending', 'unknown', 'resolved', 'quiet'];

/** Each objective with its subjects and the states on record; nothing is recorded. */
function getObjectives(core) {
  if (!fs.existsSync(path.join(core.where.root, FILE))) return [];
  const { objectives } = require('./file.js').loadObjectives(core.where.root);
  if (objectives.length === 0) return [];
  const { objectivesNow } = require('./evaluate.js');
  const { AlertLog } = require('./log.js');
  const { placesOf } = require('./places.js');
  const { states } = new AlertLog(placesOf(core)).read();
  return objectivesNow(core, objectives, core.now()).map((objective) => {
    const tiers = objective.tiers.map((tier) => {
      const { state, since } = states.of(tier.alert);
      return { ...tier, state, since };
    });
    const state = WORST.find((each) => tiers.some((tier) => tier.state === each));
    return { ...objective, state, tiers };
  });
}

module.exports = { getObjectives };
