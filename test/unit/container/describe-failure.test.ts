import { expect, describe, test } from 'vitest';

import { describeFailure } from '../../../src/container/describe-failure.ts';
import { followLog, type LogLine } from '../../../src/container/follow-log.ts';
import { readOutcome } from '../../../src/container/read-outcome.ts';
import { findUnhealthy } from '../../../src/container/unhealthy.ts';
import type { DevContainerOutcome } from '../../../src/core/up-report.ts';
import type { Command } from '../../../src/process/run-command.ts';

/** What the dev container program 0.89 prints with `--log-format json`, shortened. */
const raw = (text: string): string => JSON.stringify({ type: 'raw', level: 3, text, channel: 'postCreate' });
const text = (line: string): string =>
  JSON.stringify({ type: 'text', level: 3, text: `\u001B[1m\u001B[31m${line}\u001B[39m\u001B[22m\r\n` });
const start = (command: string): string => JSON.stringify({ type: 'start', level: 3, text: `Run: ${command}` });
const heading = (hook: string): string =>
  raw(`\u001B[1mRunning the ${hook} from devcontainer.json...\u001B[0m\r\n\r\n`);
const failed = (hook: string): string =>
  text(`${hook} from devcontainer.json failed with exit code 3. Skipping any further user-provided commands.`);
const STACK = `    at Q (/x/node_modules/@devcontainers/cli/dist/spec-node/devContainersSpecCLI.js:233:157)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)`;

const linesOf = (...printed: readonly string[]): readonly LogLine[] => {
  const lines: LogLine[] = [];
  const follower = followLog('/srv/app', { onStage: () => undefined, onLine: (line) => lines.push(line) });
  // In pieces, as a pipe may give them.
  for (const piece of printed.join('\n').match(/.{1,700}/gs) ?? []) follower.add(piece);
  follower.end();
  return lines;
};
const outcomeOf = (hook: string, command: string): DevContainerOutcome => ({
  outcome: 'error',
  message: `Command failed: /bin/sh -c ${command}`,
  description: `${hook} from devcontainer.json failed.`,
  containerId: '5458',
});
const ENTER = 'docker exec 5458 bash';

describe('a lifecycle command that fails', () => {
  const failure = describeFailure({
    outcome: outcomeOf('postCreateCommand', './setup.sh'),
    lines: linesOf(
      heading('onCreateCommand'),
      raw('created\n'),
      heading('postCreateCommand'),
      raw('one\r\n    at failing (/workspaces/app/setup.js:3:1)\r\n'),
      raw('two\n'),
      failed('postCreateCommand'),
      `Error: Command failed: /bin/sh -c ./setup.sh\n${STACK}`,
    ),
    enter: ENTER,
  });

  test('is named, with its own last lines and no others', () => {
    expect(failure.code).toBe('LIFECYCLE_COMMAND_FAILED');
    expect(failure.message).toBe('The postCreateCommand failed: ./setup.sh');
    expect(failure.output).toEqual(['one', '    at failing (/workspaces/app/setup.js:3:1)', 'two']);
  });

  test('leaves a container, and a way in', () => {
    expect(failure.hint).toContain(ENTER);
    expect(failure.hint).toContain('npx devsetup doctor');
  });

  test.each(['/bin/sh: 1: npm: not found', 'bash: line 1: npx: command not found', 'zsh:1: command not found: node'])(
    'in an image without Node says how to add it: %s',
    (printed) => {
      const lines = linesOf(heading('updateContentCommand'), raw(`${printed}\n`), failed('updateContentCommand'));
      const { hint } = describeFailure({ outcome: outcomeOf('updateContentCommand', 'npm ci'), lines, enter: ENTER });
      expect(hint).toMatch(/^The image has no Node\.js.*features\/node:1.*npx devsetup up --rebuild\.$/);
    },
  );

  test('on the host leaves none', () => {
    const outcome = outcomeOf('initializeCommand', 'false');
    const { message, hint } = describeFailure({ outcome, lines: [], enter: null });
    expect(message).toBe('The initializeCommand failed: false');
    expect(hint).not.toContain('container runs');
  });

  test('is the one of several side by side that failed, with the lines of that one', () => {
    const lines = linesOf(
      heading('postCreateCommand'),
      raw('\u001B[1mRunning early of postCreateCommand from devcontainer.json...\u001B[0m\r\nfine\r\n'),
      raw('\r\n\u001B[1mone\ntwo\n\u001B[0m\r\n\r\n'),
      failed('a of postCreateCommand'),
      raw('\u001B[1mRunning late of postCreateCommand from devcontainer.json...\u001B[0m\r\nthree\n\r\n'),
    );
    const failure = describeFailure({ outcome: outcomeOf('a of postCreateCommand', 'exit 3'), lines, enter: ENTER });
    expect(failure.message).toBe('The postCreateCommand "a" failed: exit 3');
    expect(failure.output).toEqual(['one', 'two']);
  });
});

describe('a step of devsetup that fails in a hook', () => {
  const step = {
    id: 'backend-dependencies',
    title: 'Backend dependencies',
    code: 'X',
    message: 'pip could not install backend/requirements.txt.',
    hint: 'Correct the version.',
  };
  const summary = [
    'Failed after 3.1s',
    '',
    'Backend dependencies: failed after 3.0s',
    '  pip could not install backend/requirements.txt.',
    '  Last lines of its output:',
    '  | ERROR: No matching distribution found for djang',
    '  What to do: Correct the version.',
    '',
    'Not attempted',
    ...Array.from({ length: 30 }, (_, index) => `  Step ${index}: waits for backend-dependencies, which failed`),
  ].join('\n');
  const lines = linesOf(heading('postCreateCommand'), raw(summary), failed('postCreateCommand'));
  const outcome = outcomeOf('postCreateCommand', 'npx --no-install devsetup');

  test('is named with its cause, the lines of its own command and its own remedy', () => {
    const failure = describeFailure({ outcome, lines, enter: ENTER, step });
    expect(failure.message).toBe(`The postCreateCommand failed: Backend dependencies: ${step.message}`);
    expect(failure.output).toEqual(['ERROR: No matching distribution found for djang']);
    expect(failure.hint).toMatch(/^Correct the version\. .*npx devsetup up/);
  });

  test('of an earlier run is not the cause', () => {
    const other = linesOf(heading('postCreateCommand'), raw('no space left\n'), failed('postCreateCommand'));
    const failure = describeFailure({ outcome, lines: other, enter: ENTER, step });
    expect(failure.message).toBe('The postCreateCommand failed: npx --no-install devsetup');
    expect(failure.output).toEqual(['no space left']);
  });
});

test.each([
  ['docker build -f /tmp/x/Dockerfile -t vsc-r --target stage /work', 'docker build failed'],
  ['docker-compose --project-name app_devcontainer -f a.yml -f b.yml build', 'docker-compose build failed'],
  ['docker pull registry.example/no:1', 'docker pull failed'],
])('the message of a failed %s is short, with the lines of its stage', (command, reason) => {
  const lines = linesOf(
    '{"type":"text","level":3,"text":"@devcontainers/cli 0.89.0. Node.js v20"}',
    start('docker run --name other x'),
    raw('other\n'),
    start(command),
    raw('no space left on device\n'),
    `Error: Command failed: ${command}\n${STACK}`,
  );
  const outcome = { outcome: 'error', message: `Command failed: ${command}`, description: 'An error occurred.' };
  const failure = describeFailure({ outcome, lines, enter: null });
  expect(failure.message).toBe(`The dev container could not be started: ${reason}.`);
  expect(failure.output).toEqual(['no space left on device']);
});

test.each([
  ['2', 'dependency failed to start: container app-db-1 is unhealthy', 'app-db-1'],
  ['1.29', 'ERROR: for app  Container "866e172f2a5c" is unhealthy.', '866e172f2a5c'],
])('a container that never gets healthy is named with its log, in the words of compose %s', async (_, line, asked) => {
  const answers = { inspect: '/app-db-1\nfirst\nno response\n', logs: 'FATAL:  out of disk\n' };
  const place = {
    directory: '/',
    env: {},
    signal: new AbortController().signal,
    runCommand: async ({ args }: Command) => {
      expect(args.at(-1)).toBe(asked);
      const tail = args[0] === 'inspect' ? answers.inspect : answers.logs;
      return { exitCode: 0, missing: false, timedOut: false, aborted: false, tail, stdout: tail };
    },
  };
  const unhealthy = await findUnhealthy(['other', line], place);
  const failure = describeFailure({ outcome: null, lines: linesOf(line), enter: null, unhealthy });
  expect(failure.message).toContain('it waits for the container app-db-1, which is not healthy');
  expect(failure.output).toEqual(['health check: no response', 'FATAL:  out of disk']);
});

test('a port that another program uses leads to another port', () => {
  const lines = linesOf(
    start('docker compose -f a.yml up -d'),
    raw('Bind for 127.0.0.1:8000: port is already allocated'),
  );
  const failure = describeFailure({ outcome: null, lines, enter: null });
  expect(failure.hint).toContain('npx devsetup up --rebuild');
});

test('a program that ended without a word is reported as well', () => {
  expect(readOutcome('')).toEqual({ kind: 'absent' });
  expect(readOutcome('{"outcome":"succ')).toEqual({ kind: 'absent' });
  const failure = describeFailure({ outcome: null, lines: linesOf('Segmentation fault'), enter: null });
  expect(failure).toMatchObject({ code: 'CONTAINER_FAILED', output: ['Segmentation fault'] });
});
