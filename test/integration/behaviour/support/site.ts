import type { RunReport } from '../../../../src/core/report.ts';
import type { Failure, StepResult, StepStatus } from '../../../../src/core/step.ts';
import { createDatabase, query, type TestDatabase } from '../../../support/postgres.ts';
import { runDevsetup, type DevsetupRun, type RunDevsetupOptions } from '../../../support/run-devsetup.ts';
import { createSampleProject, type SampleProject, type Variation } from '../../../support/sample-project.ts';
import { configure } from '../../../support/variations.ts';
import { createReadyDatabase } from '../../../support/ready-database.ts';
import { DJANGO_52, ensureVenv, type Venv } from '../../../support/venv.ts';

type Env = NonNullable<RunDevsetupOptions['env']>;

export interface SiteOptions {
  readonly variations?: readonly Variation[];
  /** `ready`: set up with the sample as it is, before the variations; a number: with as many tenants. Default: an empty database. */
  readonly start?: 'empty' | 'ready' | number;
  /** Pinned packages; default: the newest Django. */
  readonly requirements?: readonly string[];
  /** Keeps the requirement file and the frontend, and gives devsetup no virtual environment. */
  readonly dependencies?: boolean;
  /** The folder of the checkout; default: a fresh temporary one. */
  readonly into?: string;
  readonly env?: Env;
  /** devsetup.config.json */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** A run with `--json`, by step. */
export interface Outcome extends DevsetupRun {
  readonly report: RunReport;
  step(id: string): StepResult;
  status(id: string): StepStatus;
  failure(id: string): Failure;
}

/** A copy of the sample with a database of its own. */
export interface Site {
  readonly project: SampleProject;
  readonly database: TestDatabase;
  readonly python: Venv;
  readonly env: Env;
  /** With `--json`. */
  run(args?: readonly string[], env?: Env): Promise<Outcome>;
  /** As a user sees it, without a terminal: stdout is the summary, stderr the progress. */
  show(args?: readonly string[], env?: Env): Promise<DevsetupRun>;
  sql(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  remove(): Promise<void>;
}

export const openSite = async (options: SiteOptions = {}): Promise<Site> => {
  const python = await ensureVenv(options.requirements ?? DJANGO_52);
  const [project, database] = await Promise.all([
    createSampleProject({
      dependencies: options.dependencies === true,
      ...(options.into === undefined ? {} : { into: options.into }),
      variations: [...(options.variations ?? []), ...(options.config === undefined ? [] : [configure(options.config)])],
    }),
    openDatabase(options.start ?? 'empty', python),
  ]);
  const env: Env = { DATABASE_URL: database.url, ...options.env };
  const show: Site['show'] = (args = [], more = {}) =>
    runDevsetup(args, {
      cwd: project.root,
      env: { ...env, ...more },
      ...(options.dependencies === true ? {} : { python }),
    });
  return {
    project,
    database,
    python,
    env,
    show,
    run: async (args = [], more = {}) => outcomeOf(await show([...args, '--json'], more)),
    sql: (text, values = []) => query(database.url, text, values),
    remove: async () => {
      await Promise.all([project.remove(), database.drop()]);
    },
  };
};

const openDatabase = (start: 'empty' | 'ready' | number, python: Venv): Promise<TestDatabase> =>
  start === 'empty' ? createDatabase() : createReadyDatabase(python, { tenants: start === 'ready' ? 0 : start });

/** Opens a site for what `use` does with it. */
export const withSite = async <T>(options: SiteOptions, use: (site: Site) => Promise<T>): Promise<T> => {
  const site = await openSite(options);
  try {
    return await use(site);
  } finally {
    await site.remove();
  }
};

export const outcomeOf = (run: DevsetupRun): Outcome => {
  const { json } = run;
  if (json?.steps === undefined) throw new Error(`devsetup printed no report:\n${run.stdout}${run.stderr}`);
  const step = (id: string): StepResult => {
    const found = json.steps.find((result) => result.id === id);
    if (found === undefined) throw new Error(`the report has no step ${id}`);
    return found;
  };
  return {
    ...run,
    report: json,
    step,
    status: (id) => step(id).status,
    failure: (id) => {
      const { failure, status, message } = step(id);
      if (failure === null) throw new Error(`${id} has not failed but is ${status}: ${message}`);
      return failure;
    },
  };
};

/** Status by step, of those that are neither left out nor of no concern to the project. */
export const statuses = (run: Outcome): Readonly<Record<string, StepStatus>> =>
  Object.fromEntries(
    run.report.steps
      .filter(({ status }) => status !== 'not-applicable' && status !== 'skipped')
      .map(({ id, status }) => [id, status]),
  );
