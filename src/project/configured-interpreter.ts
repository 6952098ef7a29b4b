import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { usageError } from '../core/errors.ts';
import { findPrograms } from './find-program.ts';
import type { FindPythonOptions } from './find-python.ts';
import { isExecutable } from './files.ts';
import { inspectInterpreter, type InterpreterFacts } from './inspect-interpreter.ts';
import { listInterpreters, type Candidate } from './list-interpreters.ts';

type Options = FindPythonOptions & { readonly python: string };

const problem = ({ config, python }: Options, what: string): Error =>
  usageError({
    code: 'PYTHON_MISSING',
    message: `backend.python in ${config.file ?? 'the configuration'} names ${python}, ${what}`,
    hint: 'Correct "backend.python", or remove it: devsetup then chooses an interpreter that fits the project.',
  });

/**
 * What `backend.python` may mean: a path, or the programs of this name on PATH and, for `python3.12` and its like, in the folders of
 * version managers. Throws `PYTHON_MISSING` where there is none; starts none.
 */
export const configuredCandidates = async (
  options: Options,
): Promise<readonly [Candidate, ...(readonly Candidate[])]> => {
  const [first, ...others] = await candidatesFor(options);
  if (first === undefined) throw problem(options, 'which does not exist or cannot be executed.');
  return [first, ...others];
};

const candidatesFor = async ({ python, environment, systemFolders }: Options): Promise<readonly Candidate[]> => {
  if (path.isAbsolute(python)) return (await isExecutable(python)) ? [{ interpreter: python, minor: null }] : [];
  const onPath = (await findPrograms(python, environment)).map((interpreter) => ({ interpreter, minor: null }));
  const minor = /^python3\.(\d+)$/.exec(python)?.[1];
  if (minor === undefined) return onPath;
  const { others } = await listInterpreters(environment, systemFolders);
  return [...onPath, ...others.filter((each) => each.minor === Number(minor))];
};

/** The first of them that starts. Throws `PYTHON_MISSING`. */
export const startConfigured = async (
  options: Options,
  candidates: readonly Candidate[],
): Promise<InterpreterFacts> => {
  const { environment, backendDirectory: directory, runCommand } = options;
  const reasons: string[] = [];
  for (const { interpreter } of candidates) {
    const found = await inspectInterpreter(interpreter, { environment, directory, runCommand });
    if (found.kind === 'starts') return found.facts;
    reasons.push(`  ${interpreter}: ${found.reason}`);
  }
  throw problem(options, ['which does not start:', ...reasons].join('\n'));
};

/** A script, or a link to a version manager, that chooses an interpreter when it runs: its path does not tell whether it leads to an environment. */
export const isShim = async (interpreter: string): Promise<boolean> => {
  const real = await realpath(interpreter);
  if (!/^python/i.test(path.basename(real))) return true;
  const handle = await open(real, 'r');
  try {
    const { buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString('latin1') === '#!';
  } finally {
    await handle.close();
  }
};
