import { copyFile, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { createDatabase, query, type TestDatabase } from '../support/postgres.ts';
import { createSampleProject, editProjectFile, type SampleProject } from '../support/sample-project.ts';
import { runJob, type RanJob } from './support/github-runner.ts';
import { installPackage, type InstalledPackage } from './support/installed-package.ts';
import { cleanEnvironment, runToSuccess } from './support/run-program.ts';

const PIPELINE = '.github/workflows/deployment.yml';
/** How the job reaches its service; the test's server is another. */
const SERVICE = 'postgresql://postgres:postgres@localhost:5432/app';

let installed: InstalledPackage;
let machine: string;

/** What setup-python and setup-node put on PATH. */
beforeAll(async () => {
  installed = await installPackage();
  machine = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-machine-')));
  await mkdir(path.join(machine, 'bin'));
  const { stdout } = await runToSuccess('python3', ['-c', 'import sys; print(sys.executable)'], { cwd: machine });
  await symlink(stdout.trim(), path.join(machine, 'bin/python'));
});
afterAll(async () => {
  await installed?.remove();
  await rm(machine, { recursive: true, force: true });
});

/** The sample as somebody would have pushed it, with the pipeline in it. */
const openCheckout = async (): Promise<SampleProject> => {
  const project = await createSampleProject({ dependencies: true });
  await copyFile(installed.tarball, path.join(project.root, 'devsetup.tgz'));
  const args = [installed.cli, 'init', '--workflows', '--yes', '--package', './devsetup.tgz'];
  await runToSuccess(process.execPath, args, { cwd: project.root, env: cleanEnvironment() });
  return project;
};

const serve = async (project: SampleProject, database: TestDatabase): Promise<void> =>
  editProjectFile(project, PIPELINE, SERVICE, database.url);

const run = (project: SampleProject, job: string, databaseUrl = ''): Promise<RanJob> =>
  runJob({
    workspace: project.root,
    workflow: PIPELINE,
    job,
    values: { 'inputs.environment': 'uat', 'github.token': 'the-token', 'secrets.DATABASE_URL': databaseUrl },
    env: {
      ...(cleanEnvironment() as Record<string, string>),
      PATH: `${path.join(machine, 'bin')}:${process.env['PATH'] ?? ''}`,
      HOME: machine,
      DEVSETUP_STATE_DIR: path.join(machine, 'state'),
      DEVSETUP_LOG_FILE: path.join(machine, 'devsetup.log'),
      GITHUB_REPOSITORY: 'acme/shop',
      GITHUB_WORKFLOW_REF: 'acme/shop/.github/workflows/12-uat-deployment.yml@refs/heads/uat',
      GITHUB_RUN_ID: '500',
      GITHUB_SHA: 'a'.repeat(40),
    },
    files: path.join(machine, path.basename(project.root)),
  });

const told = ({ steps }: RanJob): string =>
  steps.map(({ name, stdout, stderr, exitCode }) => `## ${name}: ${exitCode}\n${stdout}\n${stderr}`).join('\n');
const codes = ({ steps }: RanJob): readonly (readonly [string, number | null])[] =>
  steps.map(({ name, exitCode }) => [name, exitCode]);

describe('the generated jobs, run as the runner runs them', () => {
  let project: SampleProject;
  let database: TestDatabase;
  beforeAll(async () => {
    [project, database] = await Promise.all([openCheckout(), createDatabase()]);
    await serve(project, database);
  });
  afterAll(async () => {
    await project?.remove();
    await database?.drop();
  });

  it('test-backend migrates an empty database, checks the models and runs the tests', async () => {
    const empty = await createDatabase();
    try {
      await editProjectFile(project, PIPELINE, database.url, empty.url);
      const job = await run(project, 'test-backend');
      expect(codes(job), told(job)).toEqual([
        ['Install devsetup', 0],
        ["Install the backend's dependencies", 0],
        ['Migrations run on an empty database', 0],
        ['Every change of a model has its migration', 0],
        ['Test', 0],
      ]);
      const schemas = await query(empty.url, 'SELECT schema_name FROM customers_library');
      expect(schemas).toEqual([{ schema_name: 'public' }]);
    } finally {
      await empty.drop();
    }
  });

  it('migrate brings the database of the environment up to date, and the second time finds nothing to do', async () => {
    const first = await run(project, 'migrate', database.url);
    expect(codes(first), told(first)).toEqual([
      ['Install devsetup', 0],
      ["Install the backend's dependencies", 0],
      ['Migrate', 0],
    ]);
    expect(first.outputs).toMatchObject({ changed: 'true' });
    expect(first.summary).not.toBe('');
    const second = await run(project, 'migrate', database.url);
    expect(second.outputs).toMatchObject({ changed: 'false' });
    expect(told(first) + first.summary).not.toContain(database.password);
  });

  it('migrate stops at a secret that is not set, and names it', async () => {
    const job = await run(project, 'migrate', '');
    const last = job.steps.at(-1);
    expect([last?.name, last?.exitCode], told(job)).toEqual(['Migrate', 2]);
    expect(told(job)).toContain('DATABASE_URL');
  });

  it('migrate fails where a migration does, so that nothing is deployed', async () => {
    const file = 'backend/plans/migrations/0005_broken.py';
    await writeFile(
      path.join(project.root, file),
      "from django.db import migrations\n\n\nclass Migration(migrations.Migration):\n    dependencies = [('plans', '0004_plan_is_public')]\n    operations = [migrations.RunSQL('SELECT 1 / 0')]\n",
    );
    const job = await run(project, 'migrate', database.url);
    const last = job.steps.at(-1);
    expect([last?.name, last?.exitCode], told(job)).toEqual(['Migrate', 1]);
    expect(told(job)).toContain('plans.0005_broken');
    await rm(path.join(project.root, file));
  });

  it('test-backend fails where a model has changed without a migration', async () => {
    const models = path.join(project.root, 'backend/plans/models.py');
    const before = await readFile(models, 'utf8');
    await writeFile(models, before.replace(/max_length=\d+/, 'max_length=99'));
    const empty = await createDatabase();
    try {
      const url = await readFile(path.join(project.root, PIPELINE), 'utf8');
      const [, current = ''] = /DATABASE_URL: '(postgresql:[^']+)'/.exec(url) ?? [];
      await editProjectFile(project, PIPELINE, current, empty.url);
      const job = await run(project, 'test-backend');
      expect(job.steps.at(-1)?.name, told(job)).toBe('Every change of a model has its migration');
    } finally {
      await empty.drop();
    }
  });
});
