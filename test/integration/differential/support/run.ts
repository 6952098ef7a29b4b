import { execFile } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { escapeIdentifier } from 'pg';

import { adminUrl, createDatabase, query, type TestDatabase } from '../../../support/postgres.ts';
import { runDevsetup, type DevsetupRun } from '../../../support/run-devsetup.ts';
import { sampleOf } from '../../../support/thoroughness.ts';
import type { Venv } from '../../../support/venv.ts';
import type { DifferentialProject } from './project.ts';

/** One of the ways in which devsetup migrates. */
export interface Mode {
  readonly name: string;
  /** The command lines that run side by side. */
  readonly commands: readonly (readonly string[])[];
  readonly workers: number;
  readonly env?: Readonly<Record<string, string>>;
}

const STEPS = ['--only', 'shared-migrations,tenant-migrations'];
const PRODUCTION = ['migrate', '--environment', 'prod'];

const ALL: readonly Mode[] = [
  { name: 'warm', commands: [STEPS], workers: 1 },
  { name: 'in fresh processes', commands: [STEPS], workers: 1, env: { DIFFERENTIAL_FRESH: '1' } },
  { name: 'with two workers', commands: [STEPS], workers: 2 },
  { name: 'in a pipeline', commands: [PRODUCTION], workers: 1 },
  { name: 'in one shard', commands: [[...PRODUCTION, '--shard', '1/1']], workers: 2 },
  {
    name: 'in two shards',
    commands: ['1/2', '2/2'].map((shard) => [...PRODUCTION, '--shard', shard]),
    workers: 1,
  },
];

export const MODES = sampleOf(ALL, 6);

/** How one way of migrating ended: what it printed, and what it recorded. */
export interface Outcome {
  readonly exitCode: number;
  /** With the log of devsetup. */
  readonly output: string;
  /** By schema: how its migration ended, and what was said of it. */
  readonly tenants: ReadonlyMap<string, { readonly failed: boolean; readonly output: string }>;
  readonly records: readonly Recorded[];
  readonly hasLockLimit: boolean;
  readonly url: string;
}

/** A line of the recording: see tenancy/recording.py in project.ts. */
export interface Recorded {
  readonly kind: string;
  readonly schema: string;
  readonly app?: string;
  readonly session?: Readonly<Record<string, string | number>>;
  readonly value?: number;
  readonly [fact: string]: unknown;
}

/** In a pipeline, how long a statement waits for a lock. */
const LOCK_SECONDS = 3;
export const LOCK_LIMIT = `${LOCK_SECONDS}s`;

const execute = promisify(execFile);

/** A project, the state it starts from, and copies of that state. */
export interface Stage {
  readonly project: DifferentialProject;
  /** A process for each schema; `withoutSchema`: those that get one when their row is saved. */
  plain(schemas: readonly string[], withoutSchema?: readonly string[]): Promise<Outcome>;
  devsetup(mode: Mode, config?: Readonly<Record<string, unknown>>): Promise<Outcome>;
  remove(): Promise<void>;
}

interface Ended {
  readonly exitCode: number;
  readonly output: string;
}

/** What some rows need to be there. */
const BY_AN_ADMINISTRATOR = [
  'CREATE EXTENSION pg_trgm SCHEMA public',
  'CREATE SCHEMA common',
  'CREATE SCHEMA extensions',
] as const;

/** Sets the project up with what is there before the new migrations, with these tenants, and adds the new ones. */
export const openStage = async (project: DifferentialProject, python: Venv, prepare: string): Promise<Stage> => {
  const start = await createDatabase();
  const databases: TestDatabase[] = [start];
  await mkdir(homeOf(project));
  for (const statement of BY_AN_ADMINISTRATOR) await query(start.url, statement);
  const recording = path.join(project.root, 'recording.jsonl');
  const manage = async (
    url: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Ended> => {
    const options = {
      cwd: project.backend,
      env: { PATH: process.env['PATH'], HOME: project.root, DATABASE_URL: url, DIFFERENTIAL_RECORD: recording, ...env },
      maxBuffer: 64 * 1024 * 1024,
    };
    try {
      const { stdout, stderr } = await execute(python.python, ['manage.py', ...args], options);
      return { exitCode: 0, output: stdout + stderr };
    } catch (error) {
      const { code, stdout, stderr } = error as { code: unknown; stdout: string; stderr: string };
      return { exitCode: typeof code === 'number' ? code : -1, output: stdout + stderr };
    }
  };
  const copy = async (): Promise<string> => {
    const database = await createDatabase();
    databases.push(database);
    const quoted = escapeIdentifier(database.name);
    await query(adminUrl(), `DROP DATABASE ${quoted}`);
    await query(adminUrl(), `CREATE DATABASE ${quoted} TEMPLATE ${escapeIdentifier(start.name)}`);
    await rm(recording, { force: true });
    return database.url;
  };
  const recorded = async (): Promise<readonly Recorded[]> =>
    (await readFile(recording, 'utf8').catch(() => '')) // Nothing was recorded.
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Recorded);

  for (const args of [
    ['migrate_schemas', '--shared'],
    ['shell', '-c', prepare],
  ]) {
    const { exitCode, output } = await manage(start.url, args);
    if (exitCode !== 0) throw new Error(`the project cannot be prepared:\n${output}`);
  }
  await project.addNewMigrations();

  return {
    project,
    plain: async (schemas, withoutSchema = []) => {
      const url = await copy();
      const shared = await manage(url, ['migrate_schemas', '--shared', '--noinput']);
      const tenants = new Map<string, { failed: boolean; output: string }>();
      for (const schema of schemas) {
        const args = withoutSchema.includes(schema)
          ? ['shell', '-c', `from tenancy.models import Tenant; Tenant.objects.get(schema_name="${schema}").save()`]
          : ['migrate_schemas', '--schema', schema, '--noinput'];
        const { exitCode, output } = await manage(url, args);
        tenants.set(schema, { failed: exitCode !== 0, output });
      }
      const failed = shared.exitCode !== 0 || [...tenants.values()].some((tenant) => tenant.failed);
      const output = [shared, ...tenants.values()].map((ended) => ended.output).join('');
      return { exitCode: failed ? 1 : 0, output, tenants, records: await recorded(), hasLockLimit: false, url };
    },
    devsetup: async (mode, config = {}) => {
      const url = await copy();
      const common = {
        migrations: { concurrency: mode.workers },
        environments: { prod: { lockTimeoutSeconds: LOCK_SECONDS, lockRetries: 1 } },
      };
      await project.write('../devsetup.config.json', JSON.stringify({ ...common, ...config }));
      const env = { DATABASE_URL: url, DIFFERENTIAL_RECORD: recording, ...mode.env };
      await rm(log(project), { force: true });
      const runs = await Promise.all(
        mode.commands.map((args) =>
          runDevsetup([...args, '--json'], { cwd: project.root, env, python, home: homeOf(project) }),
        ),
      );
      const told = runs.flatMap(tenantsOf);
      return {
        exitCode: Math.max(...runs.map(({ exitCode }) => exitCode ?? -1)),
        output: runs.map(({ stdout, stderr }) => stdout + stderr).join('') + (await readFile(log(project), 'utf8')),
        tenants: new Map(
          told.map(({ schema, outcome, error }) => [schema, { failed: outcome === 'failed', output: error ?? '' }]),
        ),
        records: await recorded(),
        hasLockLimit: mode.commands[0]?.[0] === 'migrate',
        url,
      };
    },
    remove: async () => {
      await Promise.all(databases.map((database) => database.drop()));
      await project.remove();
    },
  };
};

const homeOf = (project: DifferentialProject): string => path.join(project.root, 'home');
const log = (project: DifferentialProject): string => path.join(homeOf(project), 'devsetup.log');

interface Told {
  readonly schema: string;
  readonly outcome: string;
  readonly error: string | null;
}

const tenantsOf = (run: DevsetupRun): readonly Told[] => {
  const step = run.json?.steps.find(({ id }) => id === 'tenant-migrations');
  return (step?.data['tenants'] ?? []) as readonly Told[];
};
