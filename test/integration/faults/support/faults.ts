import { execFileSync } from 'node:child_process';

import { afterEach, expect } from 'vitest';

import { writeProjectFile, type Variation } from '../../../support/sample-project.ts';
import { query } from '../../../support/postgres.ts';
import type { DevsetupRun } from '../../../support/run-devsetup.ts';
import type { StepResult } from '../../../../src/core/step.ts';

/** Removes what a test made, the newest first, whether it passed or not. */
export const cleanUpAfterEach = (): (<T extends { drop(): Promise<void> } | { remove(): Promise<void> }>(
  made: T,
) => T) => {
  const undo: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  });
  return (made) => {
    undo.push(() => ('drop' in made ? made.drop() : made.remove()));
    return made;
  };
};

export const stepOf = (run: DevsetupRun, id: string): StepResult => {
  const step = run.json?.steps.find((candidate) => candidate.id === id);
  if (step === undefined) throw new Error(`no step ${id} in: ${run.stdout}\n${run.stderr}`);
  return step;
};

/** What the step failed with, as a user reads it: code, message and hint. */
export const failureOf = (run: DevsetupRun, id: string): { code: string; message: string; hint: string } => {
  const { failure, status } = stepOf(run, id);
  if (failure === null) throw new Error(`${id} is ${status}: ${run.stdout}\n${run.stderr}`);
  expect(run.pasteFaults()).toEqual([]);
  return { code: failure.code, message: failure.message, hint: failure.hint ?? '' };
};

/** Command lines of all processes that name this folder: what devsetup started for a checkout below it. */
export const processesOf = (directory: string): readonly string[] =>
  execFileSync('ps', ['-axww', '-o', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(directory));

/** Tenant schemas in which this migration is applied. */
export const schemasWith = async (url: string, migration: string): Promise<readonly string[]> => {
  const schemas = await query(
    url,
    `SELECT table_schema AS name FROM information_schema.tables WHERE table_name = 'django_migrations' ORDER BY 1`,
  );
  const found: string[] = [];
  for (const { name } of schemas) {
    const rows = await query(url, `SELECT 1 FROM "${String(name)}".django_migrations WHERE name = $1`, [migration]);
    if (rows.length > 0) found.push(String(name));
  }
  return found;
};

/** A migration after `previous` that runs this Python code (with `apps` and `schema_editor`). */
export const migrationRunning =
  (app: string, previous: string, code: string): Variation =>
  async (project) => {
    const body = code.trim().replace(/^(?=.)/gm, '    ');
    const text = `from django.db import migrations


def work(apps, schema_editor):
${body}


class Migration(migrations.Migration):
    dependencies = [("${app}", "${previous}")]
    operations = [migrations.RunPython(work, migrations.RunPython.noop)]
`;
    await writeProjectFile(project, `backend/${app}/migrations/9999_interrupted.py`, text);
  };

/** The same in the shared app `plans` and in the tenant app `notices`. */
export const sharedMigrationRunning = (code: string): Variation =>
  migrationRunning('plans', '0004_plan_is_public', code);
export const tenantMigrationRunning = (code: string): Variation =>
  migrationRunning('notices', '0005_notices_on_the_board', code);
export const INTERRUPTED_MIGRATION = '9999_interrupted';

/** Python: reports by a file of the project that it runs, and continues when there is a file `go` or the project is gone. */
export const WAIT_FOR_GO = `
import pathlib, time
here = pathlib.Path(__file__).resolve().parents[3]
(here / ("running-" + schema_editor.connection.schema_name)).write_text("")
while here.exists() and not (here / "go").exists():
    time.sleep(0.1)
`;
