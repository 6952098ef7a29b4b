import { availableParallelism } from 'node:os';

import { defineConfig } from 'vitest/config';

/** No test fails because a machine is slow: this ends tests that hang. */
const HANGING = 900_000;

export default defineConfig({
  test: {
    // One more than there are cores (the default is one less): integration tests mostly wait for child processes.
    maxWorkers: availableParallelism() + 1,
    reporters: ['default', './test/support/skipped-tests.ts'],
    testTimeout: HANGING,
    hookTimeout: HANGING,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.ts'],
          // Pure code shares its modules: loading them again for each file costs more than the tests themselves.
          isolate: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          runner: './test/support/long-tests.ts',
          globalSetup: ['test/support/global-postgres.ts', 'test/support/global-homes.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: ['test/support/global-postgres.ts', 'test/support/global-homes.ts'],
        },
      },
      {
        extends: true,
        test: {
          name: 'containers',
          include: ['test/containers/**/*.test.ts'],
          globalSetup: ['test/containers/support/global-suite.ts'],
          // One at a time: they share the engine and its layers.
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'pipelines',
          include: ['test/pipelines/**/*.test.ts'],
          globalSetup: ['test/pipelines/support/global-rig.ts'],
          // One at a time: they share the server.
          fileParallelism: false,
        },
      },
    ],
  },
});
