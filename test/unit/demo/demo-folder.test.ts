import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterEach, beforeEach, expect, test } from 'vitest';

import { ensureDemoFolder, writeDemoEnvFile } from '../../../src/demo/demo-folder.ts';
import { SAMPLE } from '../../support/sample-project.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'devsetup-demo-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

test('an empty folder gets the sample, with the .gitignore that a package cannot carry', async () => {
  expect((await ensureDemoFolder(directory, SAMPLE)).isNew).toBe(true);
  const names = await readdir(directory);
  expect(names).toContain('.gitignore');
  expect(names).not.toContain('gitignore');
  expect(await readdir(path.join(directory, 'backend'))).toContain('manage.py');
});

test('a demo made earlier is left as it is, with its password', async () => {
  const { superuserPassword } = await ensureDemoFolder(directory, SAMPLE);
  const settings = path.join(directory, 'backend/config/settings.py');
  await writeFile(settings, 'mine');
  expect(await ensureDemoFolder(directory, SAMPLE)).toEqual({ isNew: false, superuserPassword });
  expect(await readFile(settings, 'utf8')).toBe('mine');
});

test('a folder that holds something else is refused and not touched', async () => {
  await writeFile(path.join(directory, 'thesis.txt'), 'years of work');
  await expect(ensureDemoFolder(directory, SAMPLE)).rejects.toMatchObject({
    code: 'DEMO_FOLDER_NOT_EMPTY',
    exitCode: 2,
  });
  expect(await readdir(directory)).toEqual(['thesis.txt']);
});

test('a copy that was cut short is completed', async () => {
  await writeFile(path.join(directory, '.devsetup-demo.json'), '{"superuserPassword":"x","copied":false}');
  expect((await ensureDemoFolder(directory, SAMPLE)).isNew).toBe(true);
  expect(await readdir(directory)).toContain('backend');
});

test('only the owner can read where the database is', async () => {
  await writeDemoEnvFile(directory, { DATABASE_URL: 'postgresql://a:b@127.0.0.1/c' });
  expect((await stat(path.join(directory, '.env'))).mode & 0o777).toBe(0o600);
});
