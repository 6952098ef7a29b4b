import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, constants, existsSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

import { runDevsetup, startDevsetup } from '../../support/run-devsetup.ts';
import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { until } from '../../support/until.ts';
import { diagnosed, openDoctorSite, type DoctorSite } from './support/healthy-site.ts';

const trash: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  await Promise.all(trash.splice(0).map((remove) => remove()));
});

const folder = async (files: Readonly<Record<string, string>> = {}): Promise<string> => {
  const made = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-place-')));
  trash.push(() => rm(made, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(path.join(made, name), text);
  return made;
};

const openSite = async (...args: Parameters<typeof openDoctorSite>): Promise<DoctorSite> => {
  const site = await openDoctorSite(...args);
  trash.push(() => site.remove());
  return site;
};

const doctorIn = async (cwd: string, env: Readonly<Record<string, string>> = {}) =>
  diagnosed(await runDevsetup(['doctor', '--json'], { cwd, env }));

describe('the doctor says clearly what is missing', () => {
  test('in an empty folder', async () => {
    const run = await doctorIn(await folder());
    expect([run.exitCode, run.codes]).toEqual([1, ['manage-py-missing']]);
    const waiting = run.report.checks.filter(({ status }) => status === 'could-not-check');
    expect(new Set(waiting.map(({ blockedBy }) => blockedBy))).toEqual(new Set(['manage-py-missing']));
  });

  test('in a folder that is no Django project, whatever the environment names', async () => {
    const cwd = await folder({ 'package.json': '{ "name": "shop", "private": true }' });
    const run = await doctorIn(cwd, { DATABASE_URL: 'postgres://nobody:nothing@127.0.0.1:1/none' });
    expect([run.exitCode, run.codes]).toEqual([1, ['manage-py-missing']]);
    const text = await runDevsetup(['doctor'], { cwd });
    expect(text.stdout).toMatch(/^ {2}error: No manage\.py/m);
    expect(text.stdout.match(/not checked until/g)).toHaveLength(1);
  });

  test('where there is no Python that starts', async () => {
    const site = await openSite({ dependencies: true });
    await writeProjectFile(site.project, 'devsetup.config.json', '{ "backend": { "python": "/nowhere/python3" } }');
    const run = await site.doctor();
    expect(run.codes).toContain('python-missing');
    expect(run.codes).not.toContain('step-failed');
    expect(run.exitCode).toBe(1);
  });

  test('with a configuration that is broken: it goes on without', async () => {
    const site = await openSite();
    await writeProjectFile(site.project, 'devsetup.config.json', '{ "databas": {} }');
    const run = await site.doctor();
    expect([run.exitCode, run.codes]).toEqual([1, ['config-invalid']]);
    expect(run.report.counts.passed).toBeGreaterThan(15);
  });

  test('where a package that the settings import is missing: the rest ends in that one line', async () => {
    const site = await openSite();
    await appendSettings(site.project, 'import nonsense');
    const text = await site.show(['doctor']);
    expect(text.exitCode).toBe(1);
    expect(text.stdout.match(/^ {2}error: /gm)).toHaveLength(1);
    expect(text.stdout).toMatch(/^– not checked until django-missing is fixed: \d+ checks$/m);
  });
});

test('without a network a healthy checkout is healthy, or warned about at the most', async () => {
  const site = await openSite();
  const closed = 'http://127.0.0.1:9';
  const run = await site.doctor([], {
    HTTP_PROXY: closed,
    HTTPS_PROXY: closed,
    http_proxy: closed,
    https_proxy: closed,
  });
  expect(run.report.counts.errors + run.report.counts.couldNotCheck).toBe(0);
  expect(run.exitCode).toBe(0);
});

describe('a mistake on the command line', () => {
  test.each([
    [['--only', 'nonsense'], 'UNKNOWN_CHECK'],
    [['--skip', 'nonsense'], 'UNKNOWN_CHECK'],
    [['--project', '/nonexistent'], 'PROJECT_MISSING'],
    [['--config', 'nowhere.json'], 'CONFIG_MISSING'],
    [['--explain', 'config-invald'], 'UNKNOWN_FINDING'],
    [['--report', 'nowhere/report.md'], 'REPORT_PATH'],
    [['--fixx'], 'USAGE'],
  ])('%j ends with 2 and one document', async (args, code) => {
    const run = await runDevsetup(['doctor', ...args, '--json'], { cwd: await folder() });
    expect(run.exitCode).toBe(2);
    expect(run.json).toMatchObject({ outcome: 'failed', exitCode: 2, error: { code } });
    expect(run.stderr).toContain('What to do:');
  });
});

test('Ctrl-C ends it with 130, Django with it, and one document', async () => {
  const site = await openSite();
  const waiting = path.join(site.project.root, 'waiting');
  await appendSettings(site.project, `import time; open(${JSON.stringify(waiting)}, "w").close(); time.sleep(86400)`);
  const interruption = new AbortController();
  const started = startDevsetup(['doctor', '--json'], {
    cwd: site.project.root,
    env: site.env,
    python: site.python,
    signal: interruption.signal,
  });
  await until('the settings wait', () => existsSync(waiting));
  interruption.abort();
  const run = await started.ended;
  expect(run.exitCode).toBe(130);
  expect(run.json).toMatchObject({ command: 'doctor', outcome: 'interrupted', exitCode: 130 });
});

describe('settings that read a .env that is a named pipe', () => {
  const openPipe = async (): Promise<{ readonly site: DoctorSite; readonly pipe: string }> => {
    const site = await openSite();
    const pipe = path.join(site.project.root, '.env');
    execFileSync('mkfifo', [pipe]);
    await appendSettings(site.project, `open(${JSON.stringify(pipe)}).read()`);
    return { site, pipe };
  };

  test('and that nothing writes to: the doctor ends with its name and what to start', async () => {
    const { site } = await openPipe();
    const run = await site.doctor();
    expect(run.exitCode).toBe(1);
    expect(run.codes).toEqual(['settings-failed']);
    const [finding] = run.report.checks.flatMap((check) => check.findings);
    expect(finding?.message).toContain("it is a named pipe, and nothing has written to it for 15 seconds: '.env'");
    expect(finding?.remedy?.text).toContain('Start or unlock the program that writes to the pipe');
  });

  test('SIGTERM ends a doctor that waits for it', async () => {
    const { site, pipe } = await openPipe();
    const { child, ended } = startDevsetup(['doctor', '--json'], {
      cwd: site.project.root,
      env: site.env,
      python: site.python,
    });
    // Opening it for writing without waiting works once a reader has it open.
    await until('the settings wait', () => {
      try {
        const descriptor = openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
        trash.push(() => Promise.resolve(closeSync(descriptor)));
        return true;
      } catch {
        return false;
      }
    });
    child.kill('SIGTERM');
    const run = await ended;
    expect([run.exitCode, run.json], run.stderr).toMatchObject([130, { command: 'doctor', outcome: 'interrupted' }]);
  });
});

test('a reader that goes away is no failure', async () => {
  const site = await openSite();
  const { child, ended } = startDevsetup(['doctor'], { cwd: site.project.root, env: site.env, python: site.python });
  child.stdout?.destroy();
  const run = await ended;
  expect([run.exitCode, run.stderr]).toEqual([0, '']);
});

/** Every file below a folder, with its content. */
const photograph = async (directory: string): Promise<Readonly<Record<string, string>>> => {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  const marks = entries.map(async (entry): Promise<[string, string]> => {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) return [file, await readlink(file)];
    if (!entry.isFile()) return [file, 'folder'];
    return [
      file,
      createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    ];
  });
  return Object.fromEntries(await Promise.all(marks));
};

test.each([
  ['of a healthy checkout', 'ready' as const],
  ['of one where everything is to be done', 'empty' as const],
])('a look changes nothing: neither the tree %s, nor state, log or database', async (_, start) => {
  const site = await openSite({ start });
  const home = await folder();
  await mkdir(path.join(home, 'tmp'));
  const look = () =>
    runDevsetup(['doctor', '--json'], {
      cwd: site.project.root,
      env: { ...site.env, PYTHONDONTWRITEBYTECODE: undefined },
      python: site.python,
      home,
    });
  const tables = () => site.sql('SELECT schemaname, tablename FROM pg_tables ORDER BY 1, 2');
  const state = async () => [await photograph(site.project.root), await photograph(home), await tables()];
  const before = await state();
  await look();
  expect(await state()).toEqual(before);
});
