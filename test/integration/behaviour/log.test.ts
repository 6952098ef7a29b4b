import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { expect, test } from 'vitest';

import { needsRoot } from '../../support/needs.ts';
import { withSite } from './support/site.ts';

const ONLY = ['--only', 'database'];
const PASSWORD = /:([^:@/]+)@/;

test('every run is appended under a header, mode 0600, and holds no password', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    await site.run(ONLY);
    const run = await site.run([...ONLY, '--verbose']);
    const file = path.join(run.home, 'devsetup.log');
    expect(run.report.logFile).toBe(file);
    const text = await readFile(file, 'utf8');
    expect(text.match(/^=.*devsetup.*$/gm)?.length).toBeGreaterThanOrEqual(2);
    expect(text).toContain('devsetup --only database --json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const password = PASSWORD.exec(site.database.url)?.[1] ?? '';
    expect(password).not.toBe('');
    for (const output of [text, run.stdout, run.stderr]) expect(output).not.toContain(password);
  });
});

const elsewhere = async (
  prepare: (file: string, directory: string) => Promise<void>,
  check: (file: string, directory: string) => Promise<void>,
  reason: string,
): Promise<void> =>
  withSite({ start: 'ready' }, async (site) => {
    const directory = path.join(site.project.root, 'logs');
    const file = path.join(directory, 'setup.log');
    await mkdir(directory);
    await prepare(file, directory);
    const run = await site.run(ONLY, { DEVSETUP_LOG_FILE: file });
    expect(run.exitCode).toBe(0);
    expect(run.report.logFile).toContain(run.stateDirectory);
    const notice = run.report.warnings.join('\n');
    expect(notice).toContain(`${file} ${reason}`);
    expect(notice).toContain(run.report.logFile);
    expect(await readFile(run.report.logFile ?? '', 'utf8')).toContain('database');
    await check(file, directory);

    const shown = await site.show(ONLY, { DEVSETUP_LOG_FILE: file });
    expect(shown.exitCode).toBe(0);
    expect(shown.stdout).toContain(reason);
  });

test('a symbolic link in its place is not followed', () =>
  elsewhere(
    async (file, directory) => {
      await writeFile(path.join(directory, 'precious'), 'as it was');
      await symlink('precious', file);
    },
    async (_, directory) => {
      expect(await readFile(path.join(directory, 'precious'), 'utf8')).toBe('as it was');
    },
    'is a symbolic link',
  ));

test('a directory in its place', () =>
  elsewhere(
    (file) => mkdir(file),
    async (file) => {
      expect((await stat(file)).isDirectory()).toBe(true);
    },
    'is a directory',
  ));

test('a file of another user', needsRoot, () =>
  elsewhere(
    async (file) => {
      await writeFile(file, 'theirs');
      await chmod(file, 0o666);
      await chown(file, 65_534, 65_534);
    },
    async (file) => {
      expect(await readFile(file, 'utf8')).toBe('theirs');
    },
    'belongs to another user',
  ),
);

test('neither place is available: the setup continues without a log and says so', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    const blocked = path.join(site.project.root, 'a-file');
    await writeFile(blocked, '');
    const env = { DEVSETUP_STATE_DIR: blocked, DEVSETUP_LOG_FILE: path.join(blocked, 'setup.log') };
    const run = await site.run([], env);
    expect(run.exitCode).toBe(0);
    expect(run.report.logFile).toBeNull();
    expect(run.report.warnings.join('\n')).toContain('no log is kept');
  });
});

test('a state directory that cannot be written: everything is done, and what is forgotten is said', async () => {
  await withSite({ config: { steps: [{ id: 'seed', command: ['true'] }] } }, async (site) => {
    const blocked = path.join(site.project.root, 'a-file');
    await writeFile(blocked, 'not a directory');
    const env = { DEVSETUP_STATE_DIR: path.join(blocked, 'state') };
    const run = await site.run([], env);
    expect(run.exitCode).toBe(0);
    expect(run.status('guest-tenant')).toBe('changed');
    expect(run.status('seed')).toBe('changed');
    const warnings = run.report.warnings.join('\n');
    expect(warnings).toContain(blocked);
    expect(warnings).toContain('cannot be written');
    expect(run.report.logFile).not.toBeNull();
    expect(existsSync(path.join(blocked, 'state'))).toBe(false);

    const again = await site.run([], env);
    expect(again.exitCode).toBe(0);
    expect(again.status('guest-tenant')).toBe('unchanged');
    expect(again.status('seed')).toBe('changed');
  });
});

test('the outcome of the last run is kept as JSON', async () => {
  await withSite({ start: 'ready' }, async (site) => {
    const run = await site.run(ONLY);
    const { readdir } = await import('node:fs/promises');
    const base = path.join(run.stateDirectory, 'devsetup');
    const [name = ''] = await readdir(base);
    const kept = JSON.parse(await readFile(path.join(base, name, 'last-run.json'), 'utf8')) as unknown;
    expect(kept).toEqual(run.report);
  });
});
