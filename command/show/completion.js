// Completion scripts for shells, made from the table of commands itself.
'use strict';

/** The words that may follow: commands, and of each command its options. */
function wordsOf({ commands, options }) {
  const names = Object.keys(commands);
  const first = [...new Set(names.map((name) => name.split(' ')[0]))];
  const second = (word) => names.filter((name) => name.startsWith(`${word} `)).map((name) => name.split(' ')[1]);
  const flags = (word) => {
    const own = names
      .filter((name) => name.split(' ')[0] === word)
      .flatMap((name) => commands[name].options ?? Object.keys(options));
    return [...new Set([...own, 'help'])].map((option) => `--${option}`);
  };
  return first.map((word) => ({ word, next: [...second(word), ...flags(word)] }));
}

function bash(words) {
  const cases = words.map(({ word, next }) => `    ${word}) words='${next.join(' ')}' ;;`);
  return [
    '# obs completion bash: put this line into ~/.bashrc',
    '#   eval "$(obs completion bash)"',
    '_obs() {',
    `  local words='${words.map(({ word }) => word).join(' ')}'`,
    '  if [ "$COMP_CWORD" -gt 1 ]; then case "${COMP_WORDS[1]}" in',
    ...cases,
    "    *) words='' ;;",
    '  esac; fi',
    '  COMPREPLY=($(compgen -W "$words" -- "${COMP_WORDS[COMP_CWORD]}"))',
    '}',
    'complete -o default -F _obs obs',
  ];
}

function zsh(words) {
  return ['# obs completion zsh: put this line into ~/.zshrc', '#   eval "$(obs completion zsh)"', 'autoload -U +X bashcompinit && bashcompinit', ...bash(words).slice(2)]; // prettier-ignore
}

function fish(words) {
  const lines = words.flatMap(({ word, next }) => {
    const given = next.join(' ');
    return [
      `complete -c obs -n __fish_use_subcommand -a ${word}`,
      `complete -c obs -n '__fish_seen_subcommand_from ${word}' -a '${given}'`,
    ];
  });
  return ['# obs completion fish: obs completion fish > ~/.config/fish/completions/obs.fish', ...lines];
}

const SHELLS = { bash, fish, zsh };

async function completion({ values: [shell], output }) {
  const { OBS } = require('../table.js');
  return output.text(SHELLS[shell](wordsOf(OBS)).join('\n'));
}

module.exports = { completion };
