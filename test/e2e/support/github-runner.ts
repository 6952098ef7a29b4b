import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { parse } from 'yaml';

import { runProgram, type ProgramRun } from './run-program.ts';

interface Step {
  readonly name?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'working-directory'?: string;
}

interface Workflow {
  readonly env?: Readonly<Record<string, string>>;
  readonly jobs: Readonly<
    Record<string, { readonly env?: Readonly<Record<string, string>>; readonly steps: readonly Step[] }>
  >;
}

export interface RunnerOptions {
  /** The checkout: GITHUB_WORKSPACE. */
  readonly workspace: string;
  /** The workflow's file, in the workspace. */
  readonly workflow: string;
  readonly job: string;
  /** Expression → value, e.g. `secrets.DATABASE_URL`; one that is not here fails the test. */
  readonly values: Readonly<Record<string, string>>;
  /** What the machine has: PATH, HOME, … */
  readonly env: Readonly<Record<string, string>>;
  /** GITHUB_* files and RUNNER_TEMP; made. */
  readonly files: string;
}

export interface RanStep extends ProgramRun {
  readonly name: string;
}

export interface RanJob {
  /** Those with `run`, up to the first that failed. */
  readonly steps: readonly RanStep[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

/**
 * Runs the `run` steps of a job in order as GitHub's runner does: bash with -e and pipefail, the environment of workflow, job and step,
 * and the files through which a step hands on variables, folders for PATH and outputs. What `uses` an action is left out: its work
 * has to be done in `env`.
 */
export const runJob = async (options: RunnerOptions): Promise<RanJob> => {
  const { workspace, files } = options;
  const workflow = parse(await readFile(path.join(workspace, options.workflow), 'utf8')) as Workflow;
  const job = workflow.jobs[options.job];
  if (job === undefined) throw new Error(`${options.workflow} has no job ${options.job}`);
  await mkdir(path.join(files, 'temp'), { recursive: true });
  const place = (name: string): string => path.join(files, name);
  for (const name of ['env', 'path', 'output', 'summary']) await writeFile(place(name), '');
  const steps: RanStep[] = [];
  for (const step of job.steps) {
    if (step.run === undefined) continue;
    const handedOn = Object.fromEntries(pairs(await readFile(place('env'), 'utf8')));
    const added = (await readFile(place('path'), 'utf8')).split('\n').filter((line) => line !== '');
    const env = {
      ...options.env,
      CI: 'true',
      GITHUB_ACTIONS: 'true',
      GITHUB_WORKSPACE: workspace,
      GITHUB_ENV: place('env'),
      GITHUB_PATH: place('path'),
      GITHUB_OUTPUT: place('output'),
      GITHUB_STEP_SUMMARY: place('summary'),
      RUNNER_TEMP: place('temp'),
      ...evaluateAll({ ...workflow.env, ...job.env }, options.values),
      ...handedOn,
      ...evaluateAll(step.env ?? {}, options.values),
      PATH: [...added.toReversed(), options.env['PATH']].join(':'),
    };
    await writeFile(place('step.sh'), evaluate(step.run, options.values));
    const run = await runProgram('bash', ['--noprofile', '--norc', '-eo', 'pipefail', place('step.sh')], {
      cwd: path.join(workspace, step['working-directory'] ?? '.'),
      env,
    });
    steps.push({ name: step.name ?? '', ...run });
    if (run.exitCode !== 0) break;
  }
  return {
    steps,
    outputs: Object.fromEntries(pairs(await readFile(place('output'), 'utf8'))),
    summary: await readFile(place('summary'), 'utf8'),
  };
};

const evaluateAll = (
  env: Readonly<Record<string, string>>,
  values: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, evaluate(String(value), values)]));

const evaluate = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replaceAll(/\$\{\{\s*([^}]*?)\s*\}\}/g, (_, expression: string) => {
    const value = values[expression];
    if (value === undefined) throw new Error(`the test knows no value for ${expression}`);
    return value;
  });

/** `NAME=value` and `NAME<<END … END`. */
const pairs = (text: string): readonly (readonly [string, string])[] => {
  const lines = text.split('\n');
  const found: [string, string][] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const [, name = '', end] = /^([\w-]+)<<(.+)$/.exec(lines[at] ?? '') ?? [];
    if (end === undefined) {
      const [, plain, value = ''] = /^([\w-]+)=(.*)$/.exec(lines[at] ?? '') ?? [];
      if (plain !== undefined) found.push([plain, value]);
      continue;
    }
    const last = lines.indexOf(end, at);
    found.push([name, lines.slice(at + 1, last).join('\n')]);
    at = last;
  }
  return found;
};
