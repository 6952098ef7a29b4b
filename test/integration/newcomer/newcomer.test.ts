import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';

import { neutralize, serialize, SIZE, structureOf } from '../../../scripts/demo-recording.mjs';
import { screenOf, type Run } from '../../../scripts/terminal-screen.mjs';
import { findFreePort } from '../../../src/postgres/free-port.ts';
import { cleanEnvironment, runToSuccess } from '../../e2e/support/run-program.ts';
import { startOnTerminal, type Session } from '../../support/on-terminal.ts';
import { openPackageRegistry, type PackageRegistry } from '../../support/package-registry.ts';
import { createSampleProject, editProjectFile } from '../../support/sample-project.ts';
import { plainDjango } from '../../support/variations.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../support/venv.ts';

const RECORDING = path.resolve(import.meta.dirname, '../../../scripts/demo-recording.json');
/** With a code that changes nothing that is seen: a dollar sign alone is also what devsetup shows before a command. */
const PROMPT = '\u001B[m$ ';

const NPX_QUESTION = 'Ok to proceed? (y) ';
const QUESTION = 'Let devsetup run a PostgreSQL for this checkout, without Docker? [y/N]';
/** Ctrl-U */
const CLEAR_LINE = '\u0015';

const shells: Session[] = [];

let work: string;
let registry: PackageRegistry;
beforeAll(async () => {
  work = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-newcomer-')));
  registry = await openPackageRegistry(work);
});
afterEach(async () => {
  for (const shell of shells.splice(0)) shell.close();
  await registry.forget();
});
afterAll(async () => {
  await registry.close();
  await rm(work, { recursive: true, force: true });
});

interface ShellOptions {
  readonly columns?: number;
  /** Spares the installation of the packages. */
  readonly python?: Venv;
}

/** A shell in a folder, as a terminal opens it. The prompt is given by `env`: a Python that is a shell script would take it away. */
const openShell = async (cwd: string, { columns = SIZE.columns, python }: ShellOptions = {}): Promise<Session> => {
  const own = {
    ...registry.env,
    ...(python === undefined ? {} : { VIRTUAL_ENV: python.directory }),
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
    await expectShown(shell, NPX_QUESTION);
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

/** Django without tenants, whose settings name a port of this machine where nothing listens. */
const cloneProject = async (): Promise<string> => {
  const origin = path.join(work, 'origin');
  const project = await createSampleProject({ into: origin, variations: [plainDjango] });
  const port = await findFreePort();
  await editProjectFile(project, 'backend/config/environment.py', '"5432"', `"${port}"`);
  const git = (...args: readonly string[]): Promise<unknown> => runToSuccess('git', args, { cwd: work });
  await git('init', '--quiet', origin);
  await git('-C', origin, 'add', '.');
  await git('-C', origin, '-c', 'user.name=n', '-c', 'user.email=n@example.com', 'commit', '--quiet', '-m', 'Start');
  await git('clone', '--quiet', origin, path.join(work, 'clone'));
  return path.join(work, 'clone');
};

interface Answer {
  readonly text: string;
  readonly exitCode: number;
  /** The questions that were asked, in their order. */
  readonly asked: readonly string[];
}

/** Types a command, and each answer at its text. Whether npx asks again depends on how it is configured. */
const ask = async (
  shell: Session,
  command: string,
  ...answers: readonly (readonly [string, string])[]
): Promise<Answer> => {
  const left = [...answers];
  const asked: string[] = [];
  const from = shell.shown().length;
  shell.type(`${command}\r`);
  for (;;) {
    const [next] = left;
    const found = await shell.waitFor(...(next === undefined ? [] : [next[0]]), NPX_QUESTION, PROMPT);
    if (found === PROMPT) break;
    asked.push(found);
    shell.type(next !== undefined && found === next[0] ? next[1] : 'y\r');
    if (found === next?.[0]) left.shift();
  }
  const { lines } = await screenOf(shell.shown().slice(from), { columns: 400, rows: SIZE.rows });
  shell.type('echo code=$?\r');
  await shell.waitFor('code=$?', 'code=');
  await shell.waitFor(PROMPT);
  const exitCode = Number(/.*code=(\d+)/s.exec(shell.shown())?.[1]);
  return { text: lines.slice(0, -1).join('\n'), exitCode, asked };
};

describe('in a fresh clone of a small project', () => {
  test('npx django-devsetup offers the embedded PostgreSQL and remembers it; a new terminal finds a healthy project, and the site answers', async () => {
    const [clone, python] = await Promise.all([cloneProject(), ensureVenv(DJANGO_52)]);
    const first = await openShell(clone, { python });

    const refused = await ask(first, 'npx django-devsetup', [NPX_QUESTION, 'n\r']);
    expect(refused).toMatchObject({ exitCode: 1, asked: [NPX_QUESTION] });

    const unattended = await ask(first, 'npx --yes django-devsetup </dev/null 2>&1 | cat');
    expect(unattended.text).toContain('`npx django-devsetup --db embedded`');
    expect(unattended.asked).toEqual([]);

    const accepted = await ask(
      first,
      'npx django-devsetup',
      [QUESTION, 'banana\r'],
      ['Type y for yes, or n for no.', `${CLEAR_LINE}y\r`],
    );
    expect(accepted.asked.slice(-2), accepted.text).toEqual([QUESTION, 'Type y for yes, or n for no.']);
    expect(accepted.exitCode, accepted.text).toBe(0);

    try {
      const second = await openShell(clone, { python, columns: 40 });
      const doctor = await ask(second, 'npx django-devsetup doctor');
      expect(doctor.exitCode, doctor.text).toBe(0);
      const again = await ask(second, 'npx django-devsetup');
      expect(again.text).toContain('Nothing to do: everything is in place');

      const [, next = ''] = /^(?:Next: |Next\n  )(.*)$/m.exec(again.text) ?? [];
      const port = await findFreePort();
      second.type(`${next} ${port}\r`);
      await expectShown(second, 'Quit the server with CONTROL-C.');
      expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(200);
      second.type('\u0003');
      await second.waitFor(PROMPT);
    } finally {
      const last = await openShell(clone, { python });
      expect(await ask(last, 'npx django-devsetup db reset --yes')).toMatchObject({ exitCode: 0 });
    }
  });
});
