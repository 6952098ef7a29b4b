import { describe, expect, test } from 'vitest';

import { describeFailure } from '../../../src/container/describe-failure.ts';
import { readOutcome, shownLine } from '../../../src/container/read-outcome.ts';
import type { DevContainerOutcome } from '../../../src/core/up-report.ts';

const shown = (text: string): readonly string[] => text.split('\n').flatMap((line) => shownLine(line) ?? []);

const HOOK = `[2026-01-01T07:28:10.853Z] Running the onCreateCommand from devcontainer.json...
[2026-01-01T07:28:10.983Z] created
[2026-01-01T07:28:11.001Z] Running the postCreateCommand from devcontainer.json...

[2026-01-01T07:28:11.104Z] one
    at failing (/workspaces/app/setup.js:3:1)
[2026-01-01T07:28:11.104Z] two
[2026-01-01T07:28:11.108Z] postCreateCommand from devcontainer.json failed with exit code 3. Skipping any further user-provided commands.
Error: Command failed: /bin/sh -c ./setup.sh
    at Q (/x/node_modules/@devcontainers/cli/dist/spec-node/devContainersSpecCLI.js:233:157)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
    at async Promise.allSettled (index 0)
{"outcome":"error","message":"Command failed: /bin/sh -c ./setup.sh","description":"postCreateCommand from devcontainer.json failed.","containerId":"5458"}`;

const outcomeOf = (stdout: string): DevContainerOutcome | null => {
  const said = readOutcome(stdout);
  return said.kind === 'known' ? said.outcome : null;
};

describe('a lifecycle command that fails', () => {
  const failure = describeFailure({ outcome: outcomeOf(HOOK), lines: shown(HOOK), enter: 'docker exec 5458 bash' });

  test('is named, with its own last lines and nobody else’s', () => {
    expect(failure.code).toBe('LIFECYCLE_COMMAND_FAILED');
    expect(failure.message).toBe('The postCreateCommand failed: ./setup.sh');
    expect(failure.output).toEqual(['one', '    at failing (/workspaces/app/setup.js:3:1)', 'two']);
  });

  test('leaves a container, and a way in', () => {
    expect(failure.hint).toContain('docker exec 5458 bash');
    expect(failure.hint).toContain('npx devsetup doctor');
  });

  test('on the host leaves none', () => {
    const outcome = {
      outcome: 'error',
      description: 'initializeCommand from devcontainer.json failed.',
      message: 'Command failed: /bin/sh -c false',
    };
    const { message, hint } = describeFailure({ outcome, lines: [], enter: null });
    expect(message).toBe('The initializeCommand failed: false');
    expect(hint).not.toContain('container runs');
  });
});

test.each([
  ['docker build -f /tmp/x/Dockerfile -t vsc-r --target stage /work', 'docker build failed'],
  ['docker-compose --project-name app_devcontainer -f a.yml -f b.yml build', 'docker-compose build failed'],
  ['docker pull registry.example/no:1', 'docker pull failed'],
])('a failed %s is told in short', (command, reason) => {
  const lines = ['@devcontainers/cli 0.89.0. Node.js v20', `Start: Run: ${command}`, 'no space left on device'];
  const outcome = { outcome: 'error', message: `Command failed: ${command}`, description: 'An error occurred.' };
  const failure = describeFailure({ outcome, lines, enter: null });
  expect(failure.message).toBe(`The dev container could not be started: ${reason}.`);
  expect(failure.output).toEqual(['no space left on device']);
});

test('a program that ended without a word is told as well', () => {
  expect(readOutcome('')).toEqual({ kind: 'absent' });
  expect(readOutcome('{"outcome":"succ')).toEqual({ kind: 'absent' });
  const failure = describeFailure({ outcome: null, lines: ['Segmentation fault'], enter: null });
  expect(failure).toMatchObject({ code: 'CONTAINER_FAILED', output: ['Segmentation fault'] });
});
