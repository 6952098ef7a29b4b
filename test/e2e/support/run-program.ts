import { spawn } from 'node:child_process';

export interface ProgramRun {
  /** null: a signal ended it. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProgramOptions {
  readonly cwd: string;
  /** The complete environment; default: this process's own. */
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a program to its end, with stdin closed. */
export const runProgram = (program: string, args: readonly string[], options: ProgramOptions): Promise<ProgramRun> =>
  new Promise((resolve, reject) => {
    const { cwd, env = process.env } = options;
    const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8');
      child[name].on('data', (chunk: string) => (output[name] += chunk));
    }
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, ...output }));
  });

/** As `runProgram`; throws with its output unless it ends with 0. */
export const runToSuccess = async (
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramRun> => {
  const run = await runProgram(program, args, options);
  if (run.exitCode === 0) return run;
  const command = [program, ...args].join(' ');
  throw new Error(`${command} ended with ${String(run.exitCode)}:\n${run.stdout}\n${run.stderr}`);
};

/** What a developer's shell has, without what npm and vitest add: an npm started by a test must not take them for its own. */
export const cleanEnvironment = (own: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv => {
  const foreign =
    /^(npm_(lifecycle|package|command|execpath|config_(local_prefix|yes|loglevel)|node_execpath)|VITEST|INIT_CWD|NODE_ENV$)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return { ...Object.fromEntries(kept), ...own };
};
