import { expect } from 'vitest';

import { query } from '../postgres.ts';
import { runDevsetup, type DevsetupRun, type RunDevsetupOptions } from '../run-devsetup.ts';
import { DJANGO_42, DJANGO_52, DJANGO_61, ensureVenv } from '../venv.ts';
import type { DatabaseValues } from './database-text.ts';
import { completeLayout, type Layout } from './layout.ts';
import { newDatabase } from './new-database.ts';
import { writeLayout, type LayoutProject } from './write-layout.ts';

/** One line of the table: a project, and whether it is set up without configuration or refused with words that help. */
export interface LayoutRow {
  readonly name: string;
  /** The dimensions that matter; the others are mixed in. */
  readonly layout: Partial<Layout>;
  /** Configuration of both runs, only where one has to be cut short. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Over the environment that the layout gives; of a row that is refused, until it is mended. */
  readonly env?: Readonly<Record<string, string>>;
  readonly refused?: Refusal;
  /** Tenants afterwards; default: public and guest. */
  readonly tenants?: readonly string[];
}

export interface Refusal {
  readonly code: string;
  /** What message, hint and output must name. */
  readonly names: readonly (string | RegExp)[];
  readonly mend: {
    /** What the user adds to the configuration. */
    readonly config?: Readonly<Record<string, unknown>>;
    /** What the user adds to the environment. */
    readonly env?: Readonly<Record<string, string>>;
    /** What the user adds to the checkout. */
    readonly files?: Readonly<Record<string, string>>;
    /** Sets the variables that the settings ask for. */
    readonly variables?: true;
  };
}

const EXTRAS = ['python-dotenv==1.2.4', 'dj-database-url==3.1.2', 'django-configurations==2.5.1'];
export const VENVS: Readonly<Record<Layout['generation'], readonly string[]>> = {
  'django 4.2': [...DJANGO_42, ...EXTRAS],
  'django 5.2': [...DJANGO_52, ...EXTRAS],
  'django 6.1': [...DJANGO_61, ...EXTRAS],
};

const SUPERUSER = {
  DJANGO_SUPERUSER_USERNAME: 'chief',
  DJANGO_SUPERUSER_PASSWORD: 'a-long-enough-word',
  DJANGO_SUPERUSER_EMAIL: 'chief@example.org',
};

/** Everything is as it should be. */
const SETTLED = ['unchanged', 'not-applicable', 'skipped'];

/** Runs one row to its end and removes what it made. */
export const tryLayout = async (row: LayoutRow): Promise<void> => {
  const layout = completeLayout(row.name, row.layout);
  const { values, drop } = newDatabase();
  const project = await writeLayout(layout, values);
  try {
    const given = { ...SUPERUSER, ...project.env };
    const options = {
      cwd: project.root,
      python: await ensureVenv(VENVS[layout.generation]),
      env: row.refused === undefined ? { ...given, ...row.env } : given,
    };
    await configure(project, row.config);
    if (row.refused !== undefined)
      expectRefusal(await run({ ...options, env: { ...options.env, ...row.env } }), row.refused, layout);
    const mend = row.refused?.mend ?? {};
    await configure(project, { ...row.config, ...mend.config });
    for (const [file, text] of Object.entries(mend.files ?? {})) await project.write(file, text);
    const env = { ...options.env, ...(mend.variables === true ? project.variables : {}), ...mend.env };
    const mended = { ...options, env };
    await expectPlan(project, mended, layout);
    await expectSettled(row, layout, mended);
    if (layout.names !== 'sqlite') await expectRows(row, layout, values);
  } finally {
    await project.remove();
    await drop();
  }
};

const configure = async (project: LayoutProject, config: LayoutRow['config']): Promise<void> => {
  if (config !== undefined && Object.keys(config).length > 0)
    await project.write('devsetup.config.json', JSON.stringify(config));
};

const run = (options: RunDevsetupOptions): Promise<DevsetupRun> =>
  runDevsetup(['--json', '--skip', 'backend-dependencies'], options);

const expectRefusal = (refused: DevsetupRun, { code, names }: Refusal, layout: Layout): void => {
  const document = refused.json as unknown as { readonly error?: { readonly code: string } } | undefined;
  const failure = document?.error ?? refused.json?.steps.find((step) => step.failure !== null)?.failure;
  expect(failure, explain(refused, layout)).toMatchObject({ code });
  expect([1, 2], explain(refused, layout)).toContain(refused.exitCode);
  expect(refused.pasteFaults()).toEqual([]);
  for (const name of names) {
    // What is on the terminal, as far as it is the failure and not the list of steps.
    const words = JSON.stringify(failure);
    if (name instanceof RegExp) expect(words, explain(refused, layout)).toMatch(name);
    else expect(words, explain(refused, layout)).toContain(name);
  }
};

const expectPlan = async (project: LayoutProject, options: RunDevsetupOptions, layout: Layout): Promise<void> => {
  const plan = await runDevsetup(['--json', '--dry-run', '--only', 'backend-dependencies'], options);
  const step = plan.json?.steps.find(({ id }) => id === 'backend-dependencies');
  const status = project.installs === null ? 'not-applicable' : 'would-change';
  expect(step?.status, explain(plan, layout)).toBe(status);
  if (project.installs !== null) expect(step?.actions.at(-1), explain(plan, layout)).toMatch(project.installs);
};

const expectSettled = async (row: LayoutRow, layout: Layout, options: RunDevsetupOptions): Promise<void> => {
  const first = await run(options);
  expect(first.exitCode, explain(first, layout)).toBe(0);
  expect(first.json?.outcome, explain(first, layout)).toBe('done');
  const second = await run(options);
  expect(second.exitCode, explain(second, layout)).toBe(0);
  const unsettled = second.json?.steps.filter(({ status }) => !SETTLED.includes(status));
  expect(unsettled, explain(second, layout)).toEqual([]);
  expect(second.json?.djangoStarts, row.name).toBe(1);
};

const expectRows = async (row: LayoutRow, layout: Layout, values: DatabaseValues): Promise<void> => {
  const users = layout.user === 'default' ? 'auth_user' : 'accounts_user';
  const hasTenants = layout.tenants !== 'none';
  const schema = hasTenants && layout.usersIn === 'tenant' ? 'guest' : 'public';
  const people = await query(values.url, `SELECT email, is_superuser FROM ${schema}.${users}`);
  expect(people, row.name).toEqual([{ email: 'chief@example.org', is_superuser: true }]);
  if (!hasTenants) return;
  const tenants = await query(values.url, 'SELECT schema_name FROM customers_client ORDER BY id');
  expect(
    tenants.map((tenant) => tenant['schema_name']),
    row.name,
  ).toEqual(row.tenants ?? ['public', 'guest']);
};

/** Shown where an assertion fails. */
const explain = (result: DevsetupRun, layout: Layout): string =>
  `${JSON.stringify(layout)}\nexit ${result.exitCode}\n${result.stderr}\n${result.stdout.slice(0, 6000)}`;
