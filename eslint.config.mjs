// Lint rules for everything hand-written in JavaScript and TypeScript.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const node = {
  AbortController: 'readonly',
  Buffer: 'readonly',
  URL: 'readonly',
  URLSearchParams: 'readonly',
  clearInterval: 'readonly',
  clearTimeout: 'readonly',
  console: 'readonly',
  performance: 'readonly',
  process: 'readonly',
  setImmediate: 'readonly',
  setInterval: 'readonly',
  setTimeout: 'readonly',
  structuredClone: 'readonly',
};

const browser = {
  AbortController: 'readonly',
  BroadcastChannel: 'readonly',
  HTMLElement: 'readonly',
  customElements: 'readonly',
  EventSource: 'readonly',
  ResizeObserver: 'readonly',
  URLSearchParams: 'readonly',
  clearTimeout: 'readonly',
  document: 'readonly',
  fetch: 'readonly',
  getComputedStyle: 'readonly',
  history: 'readonly',
  location: 'readonly',
  matchMedia: 'readonly',
  navigator: 'readonly',
  PerformanceObserver: 'readonly',
  performance: 'readonly',
  requestAnimationFrame: 'readonly',
  setInterval: 'readonly',
  setTimeout: 'readonly',
  window: 'readonly',
};

/** What lit-html offers to get round its escaping, and what the platform does. */
const UNESCAPED = [
  { group: ['lit-html/directives/unsafe-*', 'lit-html/static*'], message: 'Records are text, never markup.' },
];
const UNESCAPED_PROPERTIES = ['innerHTML', 'outerHTML', 'insertAdjacentHTML', 'write', 'srcdoc'];

const commonjs = {
  __dirname: 'readonly',
  __filename: 'readonly',
  exports: 'writable',
  module: 'writable',
  require: 'readonly',
};

const jest = {
  afterAll: 'readonly',
  afterEach: 'readonly',
  beforeAll: 'readonly',
  beforeEach: 'readonly',
  describe: 'readonly',
  expect: 'readonly',
  jest: 'readonly',
  test: 'readonly',
};

const rules = {
  'consistent-return': 'error',
  curly: ['error', 'multi-line'],
  'dot-notation': 'error',
  eqeqeq: 'error',
  'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 40, skipBlankLines: true, skipComments: true }],
  'no-constant-condition': 'error',
  'no-control-regex': 'error',
  'no-dupe-keys': 'error',
  'no-empty': 'error',
  'no-fallthrough': 'error',
  'no-implicit-globals': 'error',
  'no-redeclare': 'error',
  'no-shadow': 'error',
  'no-undef': 'error',
  'no-unreachable': 'error',
  'no-unused-vars': ['error', { argsIgnorePattern: '^_' }],
  'no-use-before-define': ['error', { functions: false, variables: false }],
  'no-useless-escape': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-const': 'error',
};

export default defineConfig([
  globalIgnores([
    'binding.js',
    'binding.d.ts',
    'target/',
    'node_modules/',
    'npm/',
    'coverage/',
    'page/built/',
    'examples/data/',
  ]),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { ...node, ...commonjs } },
    rules,
  },
  {
    files: ['**/*.mjs'],
    ignores: ['page/**'],
    languageOptions: { sourceType: 'module', globals: node },
    rules,
  },
  {
    files: ['page/**/*.mjs'],
    languageOptions: { sourceType: 'module', globals: browser },
    rules: {
      ...rules,
      'no-eval': 'error',
      'no-restricted-imports': ['error', { patterns: UNESCAPED }],
      'no-restricted-properties': ['error', ...UNESCAPED_PROPERTIES.map((property) => ({ property }))],
    },
  },
  {
    files: ['__test__/**/*.js', '__test__/**/*.cjs', '__test__/**/*.mjs'],
    languageOptions: { globals: jest },
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  {
    files: [
      '__test__/page-{browser,report,views}.test.js',
      '__test__/support/browser.js',
      '__test__/support/browser-page.js',
      'scripts/pictures.mjs',
    ],
    languageOptions: { globals: browser },
  },
  { files: ['**/*.ts', '**/*.mts'], extends: [tseslint.configs.strict] },
]);
