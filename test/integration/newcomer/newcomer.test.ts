import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { neutralize, serialize, SIZE, structureOf } from '../../../scripts/demo-recording.mjs';
import { screenOf, type Run } from '../../../scripts/terminal-screen.mjs';
import { cleanEnvironment } from '../../e2e/support/run-program.ts';
import { startOnTerminal, type Session } from '../../support/on-terminal.ts';
import { openPackageRegistry, type PackageRegistry } from '../../support/package-registry.ts';

const RECORDING = path.resolve(import.meta.dirname, '../../../scripts/demo-recording.json');
/** With a code that changes nothing that is seen: a dollar sign alone is also what devsetup shows before a command. */
const PROMPT = '\u001B[m$ ';

const shells: Session[] = [];

let work: string;
let registry: PackageRegistry;
beforeAll(async () => {
  work = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-newcomer-')));
  registry = await openPackageRegistry(work);
});
afterEach(() => {
  for (const shell of shells.splice(0)) shell.close();
});
afterAll(async () => {
  await registry.close();
  await rm(work, { recursive: true, force: true });
});

/** A shell in a folder, as a terminal opens it. The prompt is given by `env`: a Python that is a shell script would take it away. */
const openShell = async (cwd: string, columns = SIZE.columns): Promise<Session> => {
  const own = {
    ...registry.env,
    TERM: 'xterm-256color',
    DEVSETUP_STATE_DIR: path.join(work, 'state'),
    DEVSETUP_LOG_FILE: path.join(work, 'devsetup.log'),
  };
  const { CI: _, ...env } = cleanEnvironment(own);
  const shell = startOnTerminal(['env', `PS1=${PROMPT}`, 'sh', '-i'], { columns, rows: SIZE.rows, cwd, env });
  shells.push(shell);
  await shell.waitFor(PROMPT);
  return shell;
};

/** Waits for a text, which has to come before the next prompt. */
const expectShown = async (shell: Session, text: string): Promise<void> => {
  expect(await shell.waitFor(text, PROMPT), shell.shown()).toBe(text);
};

describe('in an empty folder, with nothing installed', () => {
  test('npx django-devsetup demo shows what the README shows', async () => {
    const home = path.join(work, 'home');
    await mkdir(home);
    const shell = await openShell(home);
    shell.type('npx django-devsetup demo\r');
    await expectShown(shell, 'Ok to proceed? (y) ');
    shell.type('y\r');
    await shell.waitFor(PROMPT);
    shell.type('exit\r');
    const { styled } = await screenOf((await shell.ended).raw, { ...SIZE, joined: true });
    const session = neutralize(styled.slice(0, -1), home);
    if (process.env['DEVSETUP_RECORD'] === 'demo') await writeFile(RECORDING, serialize(session));
    const recorded = JSON.parse(await readFile(RECORDING, 'utf8')) as (readonly Run[])[];
    expect(structureOf(session)).toEqual(structureOf(recorded));
  });
});
