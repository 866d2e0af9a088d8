// Makes up one secret of every kind, out of chance and at run time: no scanner should take this file for one with keys.
'use strict';

const { createRandom } = require('./random.js');

const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
const ALNUM = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz${DIGITS}`;
const WORD = `${ALNUM}_-`;
const BASE64 = `${ALNUM}+/`;

const PREFIXED = {
  'Anthropic API key': ['sk-', 'ant-', 'api03-', [WORD, 93], 'AA'],
  'Anthropic admin key': ['sk-', 'ant-', 'admin01-', [WORD, 93], 'AA'],
  'Anthropic OAuth token': ['sk-', 'ant-', 'oat01-', [WORD, 93], 'AA'],
  'OpenAI key': ['sk-', [ALNUM, 48]],
  'OpenAI project key': ['sk-', 'proj-', [WORD, 120]],
  'OpenAI service key': ['sk-', 'svcacct-', [WORD, 120]],
  'OpenAI admin key': ['sk-', 'admin-', [WORD, 120]],
  'OpenRouter key': ['sk-', 'or-', 'v1-', [HEX, 64]],
  'Google key': ['AI', 'za', [WORD, 35]],
  ...Object.fromEntries([...'pousr'].map((letter) => [`GitHub gh${letter} token`, [`gh${letter}`, '_', [ALNUM, 36]]])),
  'GitHub fine-grained token': ['github_', 'pat_', [ALNUM, 22], '_', [ALNUM, 59]],
  'GitLab token': ['gl', 'pat-', [WORD, 20]],
  ...Object.fromEntries(['AKIA', 'ASIA', 'ABIA', 'ACCA'].map((prefix) => [`AWS ${prefix} id`, [prefix, [UPPER, 16]]])),
  ...Object.fromEntries(
    [...'abeoprs'].map((letter) => [
      `Slack xox${letter} token`,
      [`xox${letter}`, '-', [DIGITS, 12], '-', [DIGITS, 13], '-', [ALNUM, 24]],
    ]),
  ),
  'Slack app token': ['xa', 'pp-', '1-A', [DIGITS, 10], '-', [HEX, 64]],
  'Hugging Face token': ['h', 'f_', [ALNUM, 34]],
  'Groq key': ['gs', 'k_', [ALNUM, 52]],
  'npm token': ['np', 'm_', [ALNUM, 36]],
  'PyPI token': ['py', 'pi-', 'AgEIcHlwaS5vcmc', [WORD, 150]],
  'Stripe live key': ['sk_', 'live_', [ALNUM, 40]],
  'Stripe test key': ['rk_', 'test_', [ALNUM, 40]],
  'SendGrid key': ['S', 'G.', [WORD, 22], '.', [WORD, 43]],
  'Azure client secret': [[ALNUM, 3], '8Q', '~', [WORD, 34]],
};

/** What stands around a secret and may stay: text before it, the secret's parts, text behind it. */
const IN_CONTEXT = {
  'Slack webhook': [
    'https://hooks.sl' + 'ack.com/services/',
    ['T', [UPPER, 9], '/B', [UPPER, 9], '/', [ALNUM, 24]],
    '',
  ],
  'URL password': ['postgres://admin:', [[ALNUM, 16]], '@db.example.com:5432/main'],
  'Bearer token': ['Bearer ', [[WORD, 40]], ''],
  'BEARER token': ['BEARER ', [[WORD, 40]], ''],
  'AWS secret': [['AK', 'IA', [UPPER, 16], ' '], ['aB3/', [BASE64, 36]], ''],
};

function assemble(parts, random) {
  const text = ([alphabet, length]) => Array.from({ length }, () => random.pick(alphabet)).join('');
  return parts.map((part) => (typeof part === 'string' ? part : text(part))).join('');
}

const base64url = (text) => Buffer.from(text).toString('base64url');

/** The middle third, which no cut at either end can excuse. */
function middle(text) {
  const third = Math.floor(text.length / 3);
  return text.slice(third, text.length - third);
}

/** A key as PEM writes it; each line of its body counts as a secret of its own. */
function pem(label, { newline, end }, random) {
  const mark = (word) => ['-----', word, ' ', label, '-----'].join('');
  const body = Array.from({ length: 4 }, () => assemble([[BASE64, 64]], random));
  return {
    kind: `${label}${newline === '\n' ? '' : ', escaped'}${end ? '' : ', without its end'}`,
    text: [mark('BEGIN'), ...body, ...(end ? [mark('END')] : [])].join(newline),
    needles: body.map(middle),
  };
}

function pems(random) {
  const labels = [
    ['RSA', 'PRIVATE', 'KEY'],
    ['OPENSSH', 'PRIVATE', 'KEY'],
    ['PRIVATE', 'KEY'],
    ['PGP', 'PRIVATE', 'KEY', 'BLOCK'],
  ].map((words) => words.join(' '));
  const forms = ['\n', '\\n'].flatMap((newline) => [true, false].map((end) => ({ newline, end })));
  return labels.flatMap((label) => forms.map((form) => pem(label, form, random)));
}

function pairs(random) {
  const jwt = [
    { alg: 'HS256', typ: 'JWT' },
    { sub: assemble([[ALNUM, 12]], random), iat: 1_700_000_000 },
  ];
  const token = [...jwt.map((part) => base64url(JSON.stringify(part))), assemble([[WORD, 43]], random)].join('.');
  const login = assemble([[HEX, 6], ':', [ALNUM, 16]], random);
  const basic = Buffer.from(login).toString('base64');
  return [
    { kind: 'JWT', text: token, needles: [middle(token)] },
    { kind: 'Basic credentials', text: `Basic ${basic}`, needles: [middle(basic)] },
  ];
}

/**
 * One secret of every kind: `{ kind, text, needles }`, `text` as it stands in a log, `needles` what must be found nowhere
 * afterwards (the middle of the secret: whoever finds the whole finds that too). The same for the same seed.
 */
function makeSecrets(seed) {
  const random = createRandom(seed);
  const prefixed = Object.entries(PREFIXED).map(([kind, parts]) => {
    const text = assemble(parts, random);
    return { kind, text, needles: [middle(text)] };
  });
  const inContext = Object.entries(IN_CONTEXT).map(([kind, [before, parts, after]]) => {
    const secret = assemble(parts, random);
    return { kind, text: `${assemble([before].flat(1), random)}${secret}${after}`, needles: [middle(secret)] };
  });
  return [...prefixed, ...inContext, ...pairs(random), ...pems(random)];
}

module.exports = { makeSecrets, middle };
