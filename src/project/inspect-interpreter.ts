import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Environment } from '../config/environment.ts';
import { hasShape, isExactly, isListOf, isCount, isText } from '../core/shape.ts';
import { runCommand, type RunCommand } from '../process/run-command.ts';
import { filterAsync, isFile, listNames } from './files.ts';
import { condaEnvironment, whyShared } from './shared-interpreter.ts';

/** What an interpreter says about itself. */
export interface InterpreterFacts {
  /** The program to start: behind a shim of a version manager, what the shim starts in this folder. */
  readonly interpreter: string;
  /** Minor version of Python 3. */
  readonly minor: number;
  /** The folder of a virtual environment, or of a conda environment other than the base one, that it belongs to. */
  readonly venv: string | null;
  /** Why no packages may be installed into it, e.g. `pyenv shares it among projects`; null: they may. */
  readonly shared: string | null;
  /** It has the modules that `python -m venv` needs; Debian packages them separately. */
  readonly makesVenvs: boolean;
  readonly hasDjango: boolean;
}

export type Inspected =
  | { readonly kind: 'starts'; readonly facts: InterpreterFacts }
  /** `reason`: e.g. `exit code 127: pyenv: version 3.14 is not installed`. */
  | { readonly kind: 'fails'; readonly reason: string };

export interface InspectInterpreterOptions {
  readonly environment: Pick<Environment, 'asRecord'>;
  /** Shims choose by the folder they are started in. */
  readonly directory: string;
  readonly runCommand?: RunCommand | undefined;
}

const PROBE = [
  'import json, os, sys, sysconfig',
  'from importlib.util import find_spec',
  'paths = sysconfig.get_paths()',
  'has = lambda name: find_spec(name) is not None',
  'print("\\n" + json.dumps({"version": list(sys.version_info[:2]), "executable": sys.executable, "prefix": sys.prefix,',
  ' "base": sys.base_prefix, "managed": os.path.exists(os.path.join(paths["stdlib"], "EXTERNALLY-MANAGED")),',
  ' "writable": os.access(paths["purelib"], os.W_OK), "venvs": has("venv") and has("ensurepip"), "django": has("django")}))',
].join('\n');

const isBoolean = isExactly(true, false);

const isAnswer = hasShape({
  version: isListOf(isCount),
  executable: isText,
  prefix: isText,
  base: isText,
  managed: isBoolean,
  writable: isBoolean,
  venvs: isBoolean,
  django: isBoolean,
});

/** One that does not answer by then hangs. */
const SECONDS = 15;

/** Starts an interpreter once and asks it about itself: a file that can be executed need not be a Python that works. */
export const inspectInterpreter = async (
  interpreter: string,
  { environment, directory, runCommand: run = runCommand }: InspectInterpreterOptions,
): Promise<Inspected> => {
  const result = await run(
    { program: interpreter, args: ['-I', '-c', PROBE], directory, env: environment.asRecord() },
    { timeoutSeconds: SECONDS },
  );
  const firstLine = result.tail.trim().split('\n')[0]?.trim() ?? '';
  if (result.timedOut) return { kind: 'fails', reason: `no answer within ${SECONDS} seconds` };
  if (result.exitCode !== 0) {
    const how = result.exitCode === null ? 'it cannot be started' : `exit code ${result.exitCode}`;
    return { kind: 'fails', reason: firstLine === '' ? how : `${how}: ${firstLine}` };
  }
  const answer = parseAnswer(result.stdout);
  if (!isAnswer(answer)) return { kind: 'fails', reason: 'it does not answer as Python does' };
  const [major, minor] = answer.version;
  if (major !== 3 || minor === undefined) return { kind: 'fails', reason: `it is Python ${answer.version.join('.')}` };
  return { kind: 'starts', facts: await factsOf(interpreter, minor, answer, environment.asRecord()) };
};

interface Answer {
  readonly executable: string;
  readonly prefix: string;
  readonly base: string;
  readonly managed: boolean;
  readonly writable: boolean;
  readonly venvs: boolean;
  readonly django: boolean;
}

const parseAnswer = (stdout: string): unknown => {
  try {
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  } catch {
    // It is called python3 and answers something else.
    return undefined;
  }
};

const factsOf = async (
  asked: string,
  minor: number,
  answer: Answer,
  variables: Readonly<Record<string, string>>,
): Promise<InterpreterFacts> => {
  const { executable, prefix, base, managed, writable } = answer;
  // An interpreter that does not know its own path is started by the one that was asked.
  const told = path.isAbsolute(executable) && (await isFile(executable)) ? executable : asked;
  const real = await realOrSelf(told);
  // A link of a virtual environment is started by its own path.
  const isShim = real !== (await realOrSelf(asked));
  const venv = prefix === base ? await condaEnvironment(prefix) : prefix;
  return {
    interpreter: isShim ? told : asked,
    minor,
    venv,
    shared: venv === null ? await whyShared({ interpreter: real, prefix, managed, writable }, variables) : null,
    makesVenvs: answer.venvs,
    hasDjango: answer.django,
  };
};

const realOrSelf = async (file: string): Promise<string> => {
  try {
    return await realpath(file);
  } catch {
    // It is not there: it has no other name.
    return file;
  }
};

/** The virtual environment an interpreter's path lies in. */
export const venvOf = async (interpreter: string): Promise<string | null> => {
  const directory = path.dirname(path.dirname(interpreter));
  return (await isFile(path.join(directory, 'pyvenv.cfg'))) ? directory : null;
};

/** The minor version that the files of an installation tell, without a start; `real`: without links. null: they do not tell. */
export const layoutMinor = async (real: string): Promise<number | null> => {
  if ((await venvOf(real)) !== null || !/^python/i.test(path.basename(real))) return null;
  const named = /^python3\.(\d+)/.exec(path.basename(real))?.[1];
  if (named !== undefined) return Number(named);
  const library = path.join(path.dirname(path.dirname(real)), 'lib');
  const versions = (await listNames(library)).filter((name) => /^python3\.\d+$/.test(name));
  const [only] = await filterAsync(versions, async (name) => isFile(path.join(library, name, 'os.py')));
  const version = versions.length === 1 ? versions[0] : only;
  return version === undefined ? null : Number(version.slice('python3.'.length));
};
