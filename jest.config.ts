import type { Config } from 'jest';

const config: Config = {
  testEnvironment: '<rootDir>/test/environment.js',
  extensionsToTreatAsEsm: ['.ts'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // What was synthesised, and bundled, has package files of its own.
  modulePathIgnorePatterns: ['<rootDir>/cdk.out/', '<rootDir>/dist/'],
  transform: {
    '\\.ts$': '<rootDir>/test/strip-types.js',
    '/node_modules/(?:aws-cdk-lib|cdk-nag|constructs)/.*\\.js$': '<rootDir>/test/load-natively.js',
  },
  transformIgnorePatterns: [],
  setupFiles: [
    '<rootDir>/test/block-the-network.ts',
    '<rootDir>/test/seed-the-properties.ts',
    '<rootDir>/test/shorten-stacks.ts',
  ],
  // Reached only by what hangs: nothing is judged by how long it takes, on a busy machine either.
  testTimeout: 240_000,
  // Jest leaves one core to the watcher that nobody has here.
  maxWorkers: 4,
  // With --coverage: every branch of what decides about time, money and permission, by the unit tests
  // alone. The files that are left out hold nothing but types.
  coverageProvider: 'v8',
  coverageReporters: ['text-summary'],
  collectCoverageFrom: [
    'src/{reconcile,lease,identity}/**/*.ts',
    '!src/lease/{lease-store,pause-store,reason}.ts',
    '!src/reconcile/{decision,pass-report}.ts',
  ],
  coverageThreshold: {
    global: {},
    './src/reconcile/': { branches: 100 },
    './src/lease/': { branches: 100 },
    './src/identity/': { branches: 100 },
  },
};

export default config;
