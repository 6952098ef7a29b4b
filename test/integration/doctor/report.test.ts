import { chmod, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { openDoctorSite, type DoctorSite } from './support/healthy-site.ts';

let site: DoctorSite;
let file: string;
beforeAll(async () => {
  site = await openDoctorSite({ start: 'empty' });
  file = path.join(site.project.root, 'report.md');
});
afterAll(() => site?.remove());

test('--report writes one file for an issue, for its owner only', async () => {
  await site.show(['--only', 'shared-migrations']);
  const run = await site.show(['doctor', '--report', file]);
  const text = await readFile(file, 'utf8');
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(run.stderr).toContain(file);
  expect(text).toMatch(/^# devsetup doctor report\n/);
  expect(text).toMatch(/^- Python: 3\.\d+\.\d+/m);
  expect(text).toMatch(/^- Django: 5\.2/m);
  expect(text).toMatch(/^- Tenants: django-tenants 4\./m);
  expect(text).toMatch(/^- PostgreSQL: \d+/m);
  expect(text).toContain('### error: super-tenant-needed');
  expect(text).toMatch(/^\| setup \| shared-migrations \| passed \|/m);
  expect(text).toMatch(/^- shared-migrations: changed · /m);
  expect(text).toMatch(/\[shared-migrations\] finished|\[shared-migrations\]/);
  expect(text).not.toContain(run.home);
  expect(text).toContain('~/devsetup.log');
});

test('a report of ours is replaced, another file only with --yes', async () => {
  await writeFile(file, '# devsetup doctor report\nold\n');
  await chmod(file, 0o644);
  expect((await site.show(['doctor', '--only', 'toolchain', '--report', file])).exitCode).toBe(0);
  expect(await readFile(file, 'utf8')).not.toContain('\nold\n');
  expect((await stat(file)).mode & 0o777).toBe(0o600);

  const notes = path.join(site.project.root, 'notes.md');
  await writeFile(notes, '# Notes\n');
  const refused = await site.show(['doctor', '--only', 'toolchain', '--report', notes]);
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toContain('--yes');
  expect(await readFile(notes, 'utf8')).toBe('# Notes\n');
  expect((await site.show(['doctor', '--only', 'toolchain', '--report', notes, '--yes'])).exitCode).toBe(0);
  expect(await readFile(notes, 'utf8')).toContain('# devsetup doctor report');
});

test('it is not written through a link, nor into a folder that is not there', async () => {
  const link = path.join(site.project.root, 'link.md');
  await symlink(path.join(site.project.root, 'elsewhere.md'), link);
  const through = await site.show(['doctor', '--report', link, '--yes']);
  const nowhere = await site.show(['doctor', '--report', 'no/such/folder.md']);
  expect([through.exitCode, nowhere.exitCode]).toEqual([2, 2]);
  await expect(stat(path.join(site.project.root, 'elsewhere.md'))).rejects.toThrow('ENOENT');
});
