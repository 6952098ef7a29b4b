import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { findOnPath } from '../../support/find-on-path.ts';
import { needs } from '../../support/needs.ts';
import { startOnTerminal } from '../../support/on-terminal.ts';
import { runDevsetup } from '../../support/run-devsetup.ts';
import { SHELLS, type Shell } from './support.ts';

/** What is typed up to the Tab key, and what the command gets then. */
const COMPLETED: readonly (readonly [typed: string, got: string])[] = [
  ['devsetup doc', 'devsetup got doctor'],
  ['devsetup --dry', 'devsetup got --dry-run'],
  ['devsetup --ui li', 'devsetup got --ui live'],
  ['devsetup --only guest', 'devsetup got --only guest-tenant'],
  ['devsetup doctor --only database,django-st', 'devsetup got doctor --only database,django-start'],
  [
    'devsetup audit --skip migrate/order,image/mutable-tag-in-dep',
    'devsetup got audit --skip migrate/order,image/mutable-tag-in-deploy',
  ],
  ['django-devsetup db rese', 'django-devsetup got db reset'],
  [
    'npx --no-install devsetup doctor --explain app-in',
    'npx got --no-install devsetup doctor --explain app-in-no-list',
  ],
  ['npx devsetup completion fi', 'npx got devsetup completion fish'],
];

const START: Readonly<Record<Exclude<Shell, 'fish'>, readonly [string, ...string[]]>> = {
  bash: ['bash', '--norc', '--noprofile', '-i'],
  zsh: ['zsh', '-f', '-i'],
};

describe('completion', () => {
  let home: string;
  beforeAll(() => {
    home = mkdtempSync(path.join(os.tmpdir(), 'devsetup-completion-'));
  });
  afterAll(() => rmSync(home, { recursive: true }));

  const scriptFor = async (shell: Shell): Promise<string> => {
    const { stdout, stderr, exitCode } = await runDevsetup(['completion', shell], { cwd: home });
    expect(exitCode, stderr).toBe(0);
    const file = path.join(home, `completion.${shell}`);
    writeFileSync(file, stdout);
    return file;
  };

  for (const shell of SHELLS)
    describe(`in ${shell}`, needs(findOnPath(shell) !== undefined, `${shell} is not installed`), () => {
      it('completes commands, options and their values, also after npx', async () => {
        const file = await scriptFor(shell);
        const env = { PATH: process.env['PATH'], HOME: home, TERM: 'xterm' };
        if (shell === 'fish') {
          const questions = COMPLETED.map(([typed]) => `complete -C ${JSON.stringify(typed)}`);
          const script = [`. ${file}`, ...questions].join('; ');
          const { stdout, stderr } = await promisify(execFile)('fish', ['--no-config', '-c', script], { env });
          expect(stderr).toBe('');
          const answers = stdout.split('\n').map((line) => line.split('\t')[0] ?? '');
          for (const [, got] of COMPLETED) expect(answers).toContain(got.split(' ').at(-1));
          return;
        }
        const session = startOnTerminal(START[shell], { columns: 200, rows: 50, env });
        // One line at a time: what is typed before the shell reads keys by itself goes through the terminal's own editing.
        const run = async (line: string, shown: string): Promise<void> => {
          session.type(line);
          await session.waitFor(`${shown}\r\n`);
        };
        await run(`echo sta''rted\r`, 'started');
        await run(`. ${file}; echo comp''leting\r`, 'completing');
        for (const name of ['devsetup', 'django-devsetup', 'npx'])
          await run(`${name}() { echo ${name} got "$@"; }; echo def''ined\r`, 'defined');
        for (const [typed, got] of COMPLETED) {
          await run(`${typed}\t\r`, got);
        }
        session.type('exit\r');
        await session.ended;
      }, 60_000);
    });

  it('names the shells that it knows', async () => {
    const { stderr, exitCode } = await runDevsetup(['completion', 'fisch'], { cwd: home });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean fish?');
  });
});
