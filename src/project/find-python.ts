import { realpath } from 'node:fs/promises';
import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { usageError } from '../core/errors.ts';
import { runCommand, type RunCommand } from '../process/run-command.ts';
import { configuredCandidates, isShim, startConfigured } from './configured-interpreter.ts';
import { findBasePython } from './find-base-python.ts';
import { findFirstVenv, findVenv, VENV_NAMES, venvInterpreter, type FoundVenv } from './find-venv.ts';
import { filterAsync, isFile, isInside } from './files.ts';
import { venvOf, type InterpreterFacts } from './inspect-interpreter.ts';
import { managesEnvironment } from './python-tools.ts';
import { readPythonWishes } from './python-wishes.ts';
import type { PythonEnvironment, Requirements } from './types.ts';

export interface FindPythonOptions {
  readonly root: string;
  readonly config: Pick<Config, 'backend' | 'file'>;
  readonly environment: Environment;
  readonly backendDirectory: string;
  readonly requirements: Requirements | null;
  readonly runCommand?: RunCommand;
  readonly platform?: string;
  readonly imageVenvs?: readonly string[];
  /** Where interpreters lie that need not be on PATH. */
  readonly systemFolders?: readonly string[];
  /** Files that only containers have. */
  readonly containerMarks?: readonly string[];
}

const IMAGE_VENVS = ['/venv', '/opt/venv'];
const CONTAINER_MARKS = ['/.dockerenv', '/run/.containerenv'];

const platformOf = (options: FindPythonOptions): string => options.platform ?? 'linux';

const basePython = async (options: FindPythonOptions): Promise<InterpreterFacts> =>
  findBasePython({
    ...options,
    directory: options.backendDirectory,
    wishes: await readPythonWishes(options),
    runCommand: options.runCommand ?? runCommand,
  });

/** The interpreter that an environment is created with: the configured one, else the one that fits the project. */
interface Base {
  /** null: none is configured. */
  readonly configured: string | null;
  /** Starts it, once. */
  readonly facts: () => Promise<InterpreterFacts>;
}

const openBase = async (options: FindPythonOptions): Promise<Base> => {
  const { python } = options.config.backend;
  const candidates = python === null ? null : await configuredCandidates({ ...options, python });
  let known: Promise<InterpreterFacts> | undefined;
  return {
    configured: candidates === null ? null : candidates[0].interpreter,
    facts: () =>
      (known ??=
        python === null || candidates === null
          ? basePython(options)
          : startConfigured({ ...options, python }, candidates)),
  };
};

const existing = async (
  venv: FoundVenv,
  source: PythonEnvironment['source'],
  base: Base,
): Promise<PythonEnvironment> => {
  const { interpreter, directory, works } = venv;
  const origin = base.configured ?? venv.basePython ?? interpreter;
  return {
    interpreter,
    venv: directory,
    exists: works,
    source: works || source === 'configuration' ? source : 'to be created',
    basePython:
      works || (base.configured === null && venv.basePython !== null) ? origin : (await base.facts()).interpreter,
  };
};

/** The folders in which a project keeps its virtual environment, the tool's own place first. */
const projectVenvs = ({ root, backendDirectory, requirements }: FindPythonOptions): readonly string[] =>
  [requirements === null ? backendDirectory : requirements.directory, backendDirectory, root].flatMap((directory) =>
    VENV_NAMES.map((name) => path.join(directory, name)),
  );

/** The interpreter of an environment, which is used as it is. */
const ofEnvironment = (
  { interpreter, venv }: InterpreterFacts & { readonly venv: string },
  source: PythonEnvironment['source'],
  platform: string,
): PythonEnvironment => ({
  interpreter: isInside(venv, interpreter) ? interpreter : venvInterpreter(venv, platform),
  venv,
  exists: true,
  source,
  basePython: interpreter,
});

const isInEnvironment = (facts: InterpreterFacts): facts is InterpreterFacts & { readonly venv: string } =>
  facts.venv !== null;

/** `backend.withoutVenv`: an interpreter of an environment means that environment all the same. */
const withoutVenv = async (
  facts: InterpreterFacts,
  options: FindPythonOptions,
  source: PythonEnvironment['source'],
): Promise<PythonEnvironment> => {
  if (isInEnvironment(facts)) return ofEnvironment(facts, source, platformOf(options));
  const { shared } = facts;
  // Without links, so that the folders around it are those of its installation.
  const interpreter = await realpath(facts.interpreter);
  const { config } = options;
  if (shared !== null) {
    throw usageError({
      code: 'PYTHON_SHARED',
      message: `backend.withoutVenv in ${config.file ?? 'the configuration'} asks to install into ${interpreter}, which is refused: ${shared}.`,
      hint: 'Remove "withoutVenv": devsetup then creates a virtual environment with this interpreter. Or name an interpreter of this project alone in "backend.python".',
    });
  }
  return { interpreter, venv: null, exists: true, source, basePython: interpreter };
};

/** The Python of a container image that the project's packages were installed into when it was built. */
const isOfImage = async ({ shared, hasDjango }: InterpreterFacts, options: FindPythonOptions): Promise<boolean> =>
  shared === null && hasDjango && (await filterAsync(options.containerMarks ?? CONTAINER_MARKS, isFile)).length > 0;

/** No environment is there yet: where nothing is installed, and in an image that was built for the project, none is made. */
const toBeCreated = async (options: FindPythonOptions, base: Base): Promise<PythonEnvironment> => {
  const { requirements, backendDirectory } = options;
  const isConfigured = base.configured !== null;
  const source = isConfigured ? 'configuration' : 'PATH';
  const facts = await base.facts();
  if (isInEnvironment(facts)) return ofEnvironment(facts, source, platformOf(options));
  const isOwnedByTool = requirements !== null && managesEnvironment(requirements.tool);
  const usesItself =
    requirements === null
      ? isConfigured || facts.hasDjango
      : !isConfigured && !isOwnedByTool && (await isOfImage(facts, options));
  if (usesItself)
    return { interpreter: facts.interpreter, venv: null, exists: true, source, basePython: facts.interpreter };
  const directory = path.join(isOwnedByTool ? requirements.directory : backendDirectory, '.venv');
  return {
    interpreter: venvInterpreter(directory, platformOf(options)),
    venv: directory,
    exists: false,
    source: 'to be created',
    basePython: facts.interpreter,
  };
};

/**
 * Finds the interpreter that runs Django: that of `backend.venv`, VIRTUAL_ENV, a virtual environment of the project, one of the container
 * image, else a virtual environment that is to be created. `backend.python` is what it is created with; one that lies in a
 * virtual environment means that environment. Packages are installed outside of one only where `backend.withoutVenv` says so, or
 * where the image of a container already has Django. Throws `PYTHON_MISSING`, and `PYTHON_SHARED` where others use that interpreter too.
 */
export const findPython = async (options: FindPythonOptions): Promise<PythonEnvironment> => {
  const { config, environment } = options;
  const { venv } = config.backend;
  const platform = platformOf(options);
  const base = await openBase(options);
  const { configured } = base;
  if (config.backend.withoutVenv)
    return withoutVenv(await base.facts(), options, configured === null ? 'PATH' : 'configuration');
  if (venv !== null) {
    const found = await findVenv(venv, platform);
    if (found !== undefined) return existing(found, 'configuration', base);
    const { interpreter: basePython } = await base.facts();
    return { interpreter: venvInterpreter(venv, platform), venv, exists: false, source: 'configuration', basePython };
  }
  if (configured !== null) {
    const directory = await venvOf(configured);
    const found = directory === null ? undefined : await findVenv(directory, platform);
    if (found !== undefined) return { ...(await existing(found, 'configuration', base)), interpreter: configured };
    if ((await isShim(configured)) && (await base.facts()).venv !== null) return toBeCreated(options, base);
  }
  const active = configured === null ? (environment.get('VIRTUAL_ENV') ?? '') : '';
  const activated = path.isAbsolute(active) ? await findVenv(active, platform) : undefined;
  if (activated?.works === true) return existing(activated, 'VIRTUAL_ENV', base);
  const ofProject = await findFirstVenv(projectVenvs(options), platform);
  if (ofProject?.works === true) return existing(ofProject, '.venv', base);
  const ofImage = configured === null ? await findFirstVenv(options.imageVenvs ?? IMAGE_VENVS, platform) : undefined;
  if (ofImage?.works === true) return existing(ofImage, '/venv', base);
  return ofProject === undefined ? toBeCreated(options, base) : existing(ofProject, 'to be created', base);
};
