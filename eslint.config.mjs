// Lint rules for everything hand-written in JavaScript and TypeScript.
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const node = {
  Buffer: 'readonly',
  URL: 'readonly',
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
  globalIgnores(['binding.js', 'binding.d.ts', 'target/', 'node_modules/', 'npm/', 'coverage/', 'examples/data/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: { ...node, ...commonjs } },
    rules,
  },
  { files: ['**/*.mjs'], languageOptions: { sourceType: 'module', globals: node }, rules },
  {
    files: ['__test__/**/*.js', '__test__/**/*.cjs', '__test__/**/*.mjs'],
    languageOptions: { globals: jest },
    rules: { 'max-lines': 'off', 'max-lines-per-function': 'off' },
  },
  { files: ['**/*.ts', '**/*.mts'], extends: [tseslint.configs.strict] },
]);
