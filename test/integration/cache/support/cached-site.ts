import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

import { readCachedRun, writeCachedRun } from '../../../../src/cache/cached-run.ts';
import { digestEnvironment } from '../../../../src/cache/digest-environment.ts';
import { digestCheckout, digestObserved } from '../../../../src/cache/fingerprint.ts';
import { readPassword } from '../../../../src/cache/find-password.ts';
import { keyOf, readCache, type CacheAnswer, type CacheOptions } from '../../../../src/cache/read-cache.ts';
import type { RunEvent, RunView } from '../../../../src/core/events.ts';
import { digestDatabase } from '../../../../src/postgres/digest-database.ts';
import { childEnvironment } from '../../../../src/setup/child-environment.ts';
import type { Host } from '../../../../src/setup/host.ts';
import { openWorkspace } from '../../../../src/setup/open-workspace.ts';
import { planCache } from '../../../../src/setup/plan-cache.ts';
import { runSetup } from '../../../../src/setup/run-setup.ts';
import { NO_OPTIONS, type SetupOptions } from '../../../../src/steps/context.ts';
import { createReadyDatabase } from '../../../support/ready-database.ts';
import { adminUrl, query, type TestDatabase } from '../../../support/postgres.ts';
import { appendSettings, createSampleProject, type SampleProject } from '../../../support/sample-project.ts';
import { DJANGO_52, ensureVenv } from '../../../support/venv.ts';
import { greedySettings, writeOutside } from './greedy-settings.ts';

const execute = promisify(execFile);

type Env = Readonly<Record<string, string>>;

/** A sample set up once, in this process, with settings that read in every way there is. Its last run is cached. */
export interface CachedSite {
  readonly project: SampleProject;
  /** Everything the settings read that is not in the checkout. */
  readonly outside: string;
  /** `site-packages` of its own virtual environment. */
  readonly site: string;
  readonly venv: string;
  readonly database: TestDatabase;
  /** Of this checkout. */
  readonly stateDirectory: string;
  readonly env: Env;
  sql(text: string): Promise<unknown>;
  /** A run as the command makes it, with the notices of `--verbose`. `during` is called once Django has answered. */
  run(
    during?: () => void,
  ): Promise<{ readonly djangoStarts: number; readonly outcome: string; readonly notices: readonly string[] }>;
  /** What the next run would take from the cache. */
  ask(change?: {
    readonly env?: Env;
    readonly options?: Partial<SetupOptions>;
    readonly host?: Partial<Host>;
  }): Promise<CacheAnswer>;
  /** Takes everything as it is now for what the last run found: as good as a run, for a thousandth of its time. */
  rebase(): Promise<void>;
  remove(): Promise<void>;
}

/** With a login of this site alone: the cache compares its roles, and a row changes them while other tests use the server. */
const withOwnLogin = async (database: TestDatabase): Promise<TestDatabase> => {
  const [user, password] = [`cached_${randomBytes(4).toString('hex')}`, 'horse'];
  await query(database.url, `CREATE ROLE ${user} SUPERUSER LOGIN PASSWORD '${password}'`);
  await query(database.url, `ALTER TABLE guest.fees_fee OWNER TO ${user}`);
  const url = new URL(database.url);
  Object.assign(url, { username: user, password });
  const drop = async (): Promise<void> => {
    await database.drop();
    await query(adminUrl(), `DROP ROLE ${user}`);
  };
  return { ...database, url: url.href, user, password, drop };
};

export const openCachedSite = async (): Promise<CachedSite> => {
  const shared = await ensureVenv(DJANGO_52);
  const [project, database] = await Promise.all([
    createSampleProject(),
    createReadyDatabase(shared).then(withOwnLogin),
  ]);
  const home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'devsetup-cached-')));
  const outside = path.join(home, 'outside');
  const venv = path.join(home, 'venv');
  await execute(shared.python, ['-m', 'venv', '--without-pip', '--symlinks', venv]);
  const { stdout } = await execute(path.join(venv, 'bin/python'), [
    '-c',
    'import sysconfig; print(sysconfig.get_path("purelib"))',
  ]);
  const site = stdout.trim();
  await writeOutside(outside, site, path.join(shared.directory, path.relative(venv, site)), shared.python);
  await appendSettings(project, greedySettings(outside));
  await symlink(path.join(outside, 'linked'), path.join(project.backend, 'linked'));
  await mkdir(path.join(project.root, 'node_modules/left-pad'), { recursive: true });
  await writeFile(path.join(project.root, 'unrelated.txt'), 'one');

  const env: Env = {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    DEVSETUP_STATE_DIR: path.join(home, 'state'),
    DEVSETUP_LOG_FILE: path.join(home, 'devsetup.log'),
    VIRTUAL_ENV: venv,
    DATABASE_URL: database.url,
    DJANGO_SUPERUSER_USERNAME: 'admin',
    DJANGO_SUPERUSER_PASSWORD: 'correct horse battery',
    DJANGO_SUPERUSER_EMAIL: 'admin@example.com',
    LOOKED_UP: 'one',
    AS_BYTES: 'one',
    AS_BYTES_TOO: 'one',
    OF_POSIX: 'one',
    OF_DATA: 'one',
    NOBODY_ASKS: 'one',
  };
  const hostWith = (more: Env = {}, changed: Partial<Host> = {}): Host => ({
    cwd: project.root,
    env: { ...env, ...more },
    home,
    platform: process.platform,
    cores: 2,
    nodeAbi: process.versions.modules,
    machine: ['this machine'],
    ownPackage: '/nowhere',
    version: '0.0.0',
    pid: process.pid,
    commandLine: 'devsetup',
    monotonic: () => performance.now(),
    now: () => new Date(),
    ...changed,
  });
  const { signal } = new AbortController();
  const plan: (change?: Parameters<CachedSite['ask']>[0]) => Promise<CacheOptions> = async (change = {}) => {
    const host = hostWith(change.env, change.host);
    const workspace = await openWorkspace({ host });
    const children = childEnvironment(workspace.environment.asRecord(), workspace.project.backend.python);
    const options = planCache({
      workspace,
      host,
      options: { ...NO_OPTIONS, ...change.options },
      env: children,
      signal,
    });
    if (options === undefined) throw new Error('nothing is cached with these flags');
    return options;
  };

  const run: CachedSite['run'] = async (during) => {
    const notices: string[] = [];
    const event = (each: RunEvent): void => {
      if (each.type === 'notice') notices.push(each.text);
      if (each.type === 'step-finished' && each.result.id === 'shared-migrations') during?.();
    };
    const view: RunView = { event, finish: async () => undefined };
    const host = hostWith();
    const report = await runSetup(
      { options: NO_OPTIONS, selection: { only: [], skip: [], from: undefined }, mode: 'apply' },
      { workspace: await openWorkspace({ host }), host, signal, createView: async () => view },
    );
    if (report.exitCode !== 0) throw new Error(JSON.stringify(report.steps, null, 2));
    return { djangoStarts: report.djangoStarts, outcome: report.outcome, notices };
  };

  const rebase = async (): Promise<void> => {
    const options = await plan();
    const cached = readCachedRun(options.store);
    if (cached === undefined) throw new Error('nothing is cached');
    const { observed, target, tables, variables, salt } = cached;
    const password = readPassword(cached.password, options.env) ?? '';
    writeCachedRun(options.store, {
      ...cached,
      key: keyOf(options),
      checkoutDigest: digestCheckout(options.checkout, observed.written) ?? '',
      observedDigest: digestObserved(observed, options.checkout) ?? '',
      environmentDigest: digestEnvironment(options.env, variables, salt),
      databaseDigest: (await digestDatabase({ ...target, password }, tables)).digest,
    });
  };

  let first = await run();
  // Where clocks are coarse, a file that was written right before the start may have been written after it.
  for (let more = 3; more > 0 && first.notices.some((text) => text.includes('changed during the run')); more -= 1)
    first = await run();
  const stateDirectory = (await plan()).store.directory;
  if (first.notices.some((text) => text.includes('not cached'))) throw new Error(first.notices.join('\n'));
  return {
    project,
    outside,
    site,
    venv,
    database,
    stateDirectory,
    env,
    sql: (text) => query(database.url, text),
    run,
    ask: async (change) => readCache(await plan(change)),
    rebase,
    remove: async () => {
      await Promise.all([project.remove(), database.drop(), rm(home, { recursive: true, force: true })]);
    },
  };
};
