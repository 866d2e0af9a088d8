// How Jest finds and runs the tests: plain CommonJS, no transform, so that what runs is what is published.
'use strict';

module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/__test__/**/*.test.js'],
  modulePathIgnorePatterns: ['<rootDir>/target/', '<rootDir>/npm/', '<rootDir>/examples/data/'],
  transform: {},
  setupFilesAfterEnv: ['<rootDir>/__test__/support/one-day.js'],
  testTimeout: 60_000,
};
