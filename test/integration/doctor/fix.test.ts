import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';

import type { DoctorReport } from '../../../src/core/doctor-report.ts';
import type { SiteOptions } from '../behaviour/support/site.ts';
import { appendSettings, writeProjectFile } from '../../support/sample-project.ts';
import { openDoctorSite, type DoctorSite } from './support/healthy-site.ts';
import { KEYS } from '../../support/on-terminal.ts';
import { doctorOnTerminal } from './support/on-terminal.ts';

const open: DoctorSite[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((site) => site.remove()));
});

const openSite = async (options: SiteOptions = {}): Promise<DoctorSite> => {
  const site = await openDoctorSite(options);
  open.push(site);
  return site;
};

/** A variable of the sample file is missing in `.env`, which has Windows line ends. */
const SAMPLE = 'DJANGO_DEBUG=1\n\n# Who writes.\nMAIL_FROM=library@localhost\n';
const withoutVariable = async (site: DoctorSite): Promise<string> => {
  await appendSettings(site.project, 'MAIL_FROM = os.environ.get("MAIL_FROM")');
  await writeProjectFile(site.project, '.env.example', SAMPLE);
  return writeProjectFile(site.project, '.env', 'DJANGO_DEBUG=1\r\n');
};

const withImport: NonNullable<SiteOptions['variations']>[number] = (project) => appendSettings(project, 'import os');

describe('--fix --yes', () => {
  test('brings an empty database to a healthy checkout as a run does: in order, with log and memory', async () => {
    const site = await openSite({ start: 'empty' });
    const run = await site.doctor(['--fix', '--yes']);
    expect(run.report.fixes.map(({ action, outcome }) => [action, outcome])).toEqual([
      ['run the step shared-migrations', 'done'],
      ['run the step super-tenant', 'done'],
      ['run the step guest-tenant', 'done'],
    ]);
    expect([run.exitCode, run.report.outcome, run.codes]).toEqual([0, 'healthy', []]);
    expect(await readFile(path.join(run.home, 'devsetup.log'), 'utf8')).toContain('[shared-migrations]');
    // stdout holds the document alone, and a program reads it.
    expect(run.stderr).toBe('');
    expect((await site.doctor(['--strict'])).exitCode).toBe(0);
  });

  test('shows what it does before it does it, and everything on stderr', async () => {
    const site = await openSite({ variations: [withImport] });
    const file = await withoutVariable(site);
    const run = await site.show(['doctor', '--fix', '--yes']);
    expect(run.stderr).toContain('Fix: edit .env');
    expect(run.stderr).toContain('+MAIL_FROM=library@localhost');
    expect(run.stderr.indexOf('+MAIL_FROM')).toBeLessThan(run.stderr.indexOf('✔ edit .env'));
    expect(run.stdout).toMatch(/Healthy: .* passed/);
    expect(run.stdout).not.toContain('+MAIL_FROM');
    expect(await readFile(file, 'utf8')).toMatch(/^DJANGO_DEBUG=1\r\n(.*\r\n)*MAIL_FROM=library@localhost\r\n$/);
    expect(run.exitCode).toBe(0);
  });

  test('runs no step where the database is not for development', async () => {
    const site = await openSite({ start: 'empty', config: { development: false } });
    const run = await site.doctor(['--fix', '--yes']);
    expect(run.report.fixes).toEqual([]);
    expect(run.codes).toContain('shared-migrations-needed');
    expect(run.report.checks.flatMap(({ findings }) => findings.map(({ fix }) => fix))).not.toContain(
      'run the step shared-migrations',
    );
    expect(run.exitCode).toBe(1);
    expect(await site.sql("SELECT 1 FROM pg_tables WHERE tablename = 'django_migrations'")).toEqual([]);
  });

  test('a step that fails is told, and not tried again', async () => {
    const site = await openSite({ start: 'empty' });
    await writeProjectFile(
      site.project,
      'backend/plans/migrations/0009_broken.py',
      'from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n' +
        '    dependencies = [("plans", "0004_plan_is_public")]\n' +
        '    operations = [migrations.RunSQL("SELECT nonsense FROM nowhere")]\n',
    );
    const run = await site.doctor(['--fix', '--yes']);
    const failed = run.report.fixes.filter(({ outcome }) => outcome === 'failed');
    expect(failed.map(({ action }) => action)).toContain('run the step shared-migrations');
    expect(failed[0]?.message).toMatch(/0009_broken|nowhere/);
    expect(run.report.fixes.filter(({ action }) => action.endsWith('shared-migrations'))).toHaveLength(1);
    expect(run.exitCode).toBe(1);
  });
});

describe('a person at a terminal', () => {
  test('is asked about each; what is declined is recorded and left', async () => {
    const site = await openSite({ variations: [withImport] });
    const file = await withoutVariable(site);
    const no = await doctorOnTerminal(site, ['--fix', '--json'], [`n${KEYS.enter}`]);
    const report = JSON.parse(no.stdout) as DoctorReport;
    expect(no.screen).toContain('+MAIL_FROM=library@localhost');
    expect(report.fixes).toMatchObject([{ codes: ['env-file-out-of-step'], outcome: 'declined', message: null }]);
    expect(await readFile(file, 'utf8')).toBe('DJANGO_DEBUG=1\r\n');
    expect(no.exitCode).toBe(0);

    const yes = await doctorOnTerminal(site, ['--fix'], [`y${KEYS.enter}`]);
    expect(yes.stdout).toMatch(/Healthy/);
    expect(await readFile(file, 'utf8')).toContain('MAIL_FROM=library@localhost');
  });
});
