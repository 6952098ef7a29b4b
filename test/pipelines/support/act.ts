import path from 'node:path';
import { writeFile } from 'node:fs/promises';
import process from 'node:process';

import { cleanEnvironment, runProgram } from '../../e2e/support/run-program.ts';

const ACTIONS = path.resolve(import.meta.dirname, '../actions');
/** What the generated workflows use, by commit. */
const USED = /\buses: (actions\/(checkout|setup-python|setup-node)@[0-9a-f]{40})/g;

export interface ActOptions {
  readonly folder: string;
  /** A file of `.github/workflows`. */
  readonly workflow: string;
  readonly texts: readonly string[];
  readonly secrets: Readonly<Record<string, string>>;
  readonly variables: Readonly<Record<string, string>>;
  readonly environment: Readonly<Record<string, string>>;
}

export interface ActRun {
  readonly exitCode: number | null;
  /** All that jobs and runner have printed; nothing is masked in it. */
  readonly log: string;
  /** Job → result, in the order in which they ended; jobs of a called workflow under their own name. */
  readonly jobs: ReadonlyMap<string, string>;
}

/** One line of act's log. */
interface Line {
  readonly jobID?: string;
  readonly jobResult?: string;
  readonly msg?: string;
}

/** A push, run by act on this machine itself. */
export const runPush = async (options: ActOptions): Promise<ActRun> => {
  const { folder, workflow, texts, secrets, variables, environment } = options;
  const outside = path.dirname(folder);
  const fileOf = async (name: string, values: Readonly<Record<string, string>>): Promise<string> => {
    const file = path.join(outside, `${path.basename(folder)}.${name}`);
    const lines = Object.entries(values).map(([key, value]) => `${key}=${JSON.stringify(value)}\n`);
    await writeFile(file, lines.join(''), { mode: 0o600 });
    return file;
  };
  const used = new Map(
    texts.flatMap((text) => [...text.matchAll(USED)].map(([, name = '', action = '']) => [name, action])),
  );
  const args = [
    'push',
    '--workflows',
    `.github/workflows/${workflow}`,
    '--platform',
    'ubuntu-24.04=-self-hosted',
    '--json',
    ...[...used].flatMap(([name, action]) => ['--local-repository', `${name}=${path.join(ACTIONS, action)}`]),
    '--secret-file',
    await fileOf('secrets', secrets),
    '--var-file',
    await fileOf('variables', variables),
    '--no-cache-server',
    '--action-offline-mode',
    '--insecure-secrets',
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
  ];
  const { exitCode, stdout, stderr } = await runProgram('act', args, {
    cwd: folder,
    env: cleanEnvironment({ ...environment, PATH: process.env['PATH'] ?? '' }),
  });
  const lines = `${stdout}\n${stderr}`.split('\n').map(readLine);
  const ended = lines.flatMap(({ jobID, jobResult }) =>
    jobID === undefined || jobResult === undefined ? [] : [[jobID, jobResult] as const],
  );
  return { exitCode, log: lines.map(({ msg = '' }) => msg).join('\n'), jobs: new Map(ended) };
};

const readLine = (line: string): Line => {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return { msg: line };
  }
};
