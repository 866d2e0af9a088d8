// Remembers which folders install had to make, so that uninstall removes those and never one that the user had.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const { TOOLS, entry } = require('./files.js');

// Beside the files, because a note kept elsewhere would outlive them. Written only when a folder was made.
const NOTE = '.obs-install.json';

/** Makes `.claude/tools`, and notes there which folders were not there before. Returns them, outermost first. */
function makeFolders(root) {
  const made = ['.claude', TOOLS].filter((folder) => entry(path.join(root, folder)) === null);
  fs.mkdirSync(path.join(root, TOOLS), { recursive: true });
  if (made.length > 0) {
    fs.writeFileSync(path.join(root, TOOLS, NOTE), `${JSON.stringify({ made: made.map(slashed) })}\n`);
  }
  return made;
}

/** Removes the note and the folders it names, as far as they are empty. Returns the names of those that are gone. */
function removeFolders(root) {
  const note = path.join(root, TOOLS, NOTE);
  const made = madeFolders(root);
  fs.rmSync(note, { force: true });
  return made.reverse().filter((folder) => removeEmpty(path.join(root, folder)));
}

/** The folders that install made, outermost first; none when there is no note or it cannot be read. */
function madeFolders(root) {
  try {
    const { made } = JSON.parse(fs.readFileSync(path.join(root, TOOLS, NOTE), 'utf8'));
    // Only these two, whatever the note says: it is a file that anybody may have written.
    return ['.claude', slashed(TOOLS)].filter((folder) => made.includes(folder));
  } catch {
    return [];
  }
}

function removeEmpty(folder) {
  try {
    fs.rmdirSync(folder);
    return true;
  } catch {
    return false; // something else was put there since
  }
}

function slashed(folder) {
  return folder.replaceAll(path.sep, '/');
}

module.exports = { makeFolders, removeFolders, madeFolders };
