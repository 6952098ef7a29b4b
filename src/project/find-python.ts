import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import { usageError } from '../core/errors.ts';
import type { RunCommand } from '../process/run-command.ts';
import { findBasePython, type BasePython } from './find-base-python.ts';
import { findProgram } from './find-program.ts';
import { findFirstVenv, findVenv, VENV_NAMES, venvInterpreter, type FoundVenv } from './find-venv.ts';
import { isExecutable, isInside } from './files.ts';
import { venvOf } from './inspect-interpreter.ts';
import { managesEnvironment } from './python-tools.ts';
import { readWantedPython } from './python-version.ts';
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
}

const IMAGE_VENVS = ['/venv', '/opt/venv'];

const platformOf = (options: FindPythonOptions): string => options.platform ?? 'linux';

const basePython = async (options: FindPythonOptions): Promise<BasePython> => {
  const { root, backendDirectory, requirements } = options;
  const directories = [...new Set([requirements?.directory ?? backendDirectory, backendDirectory, root])];
  const wanted = await readWantedPython(directories);
  return findBasePython({ ...options, directory: backendDirectory, wanted });
};

const existing = async (
  options: FindPythonOptions,
  venv: FoundVenv,
  source: PythonEnvironment['source'],
): Promise<PythonEnvironment> => ({
  interpreter: venv.interpreter,
  venv: venv.directory,
  exists: venv.works,
  source: venv.works || source === 'configuration' ? source : 'to be created',
  basePython: venv.basePython ?? (venv.works ? venv.interpreter : (await basePython(options)).interpreter),
});

const toBeCreated = async (
  options: FindPythonOptions,
  directory: string,
  source: PythonEnvironment['source'] = 'to be created',
): Promise<PythonEnvironment> => ({
  interpreter: venvInterpreter(directory, platformOf(options)),
  venv: directory,
  exists: false,
  source,
  basePython: (await basePython(options)).interpreter,
});

/** `backend.python`, and `backend.venv` made with it where both are given. */
const configuredPython = async (options: FindPythonOptions, python: string): Promise<PythonEnvironment> => {
  const { config, environment } = options;
  const interpreter = path.isAbsolute(python) ? python : await findProgram(python, environment);
  if (interpreter === undefined || !(await isExecutable(interpreter))) {
    throw usageError({
      code: 'PYTHON_MISSING',
      message: `backend.python in ${config.file ?? 'the configuration'} names ${python}, which does not exist or cannot be executed.`,
      hint: 'Correct "backend.python", or leave it out and set "backend.venv" to have an environment created.',
    });
  }
  const venv = config.backend.venv;
  if (venv === null) {
    return {
      interpreter,
      venv: await venvOf(interpreter),
      exists: true,
      source: 'configuration',
      basePython: interpreter,
    };
  }
  const found = await findVenv(venv, platformOf(options));
  return {
    interpreter: found?.interpreter ?? venvInterpreter(venv, platformOf(options)),
    venv,
    exists: found?.works ?? false,
    source: 'configuration',
    basePython: interpreter,
  };
};

/** The folders in which a project keeps its virtual environment, the tool's own place first. */
const projectVenvs = ({ root, backendDirectory, requirements }: FindPythonOptions): readonly string[] =>
  [requirements === null ? backendDirectory : requirements.directory, backendDirectory, root].flatMap((directory) =>
    VENV_NAMES.map((name) => path.join(directory, name)),
  );

/** Nothing is there yet: uv, poetry, pipenv and pdm get `.venv` in their own folder; otherwise it depends on the interpreter on PATH. */
const fromPath = async (options: FindPythonOptions): Promise<PythonEnvironment> => {
  const { requirements, backendDirectory } = options;
  const base = await basePython(options);
  const { interpreter, facts } = base;
  if (facts.venv !== null) {
    const isItsOwn = isInside(facts.venv, interpreter);
    const own = isItsOwn ? interpreter : venvInterpreter(facts.venv, platformOf(options));
    return { interpreter: own, venv: facts.venv, exists: true, source: 'PATH', basePython: interpreter };
  }
  const isOwnedByTool = requirements !== null && managesEnvironment(requirements.tool);
  if (!isOwnedByTool && facts.takesPackages) {
    return { interpreter, venv: null, exists: true, source: 'PATH', basePython: interpreter };
  }
  const directory = path.join(isOwnedByTool ? requirements.directory : backendDirectory, '.venv');
  return {
    interpreter: venvInterpreter(directory, platformOf(options)),
    venv: directory,
    exists: false,
    source: 'to be created',
    basePython: interpreter,
  };
};

/**
 * Finds the interpreter that runs Django: configuration, VIRTUAL_ENV, a virtual environment of the project, one of the container
 * image, the python3 on PATH. A system Python that takes packages (as in the official images) is used as it is; beside one
 * that does not, `.venv` is to be created. poetry and pipenv are to be run with POETRY_VIRTUALENVS_IN_PROJECT=true and
 * PIPENV_VENV_IN_PROJECT=1, so that theirs is `.venv` too. Throws `PYTHON_MISSING`.
 */
export const findPython = async (options: FindPythonOptions): Promise<PythonEnvironment> => {
  const { config, environment } = options;
  const platform = platformOf(options);
  if (config.backend.python !== null) return configuredPython(options, config.backend.python);
  if (config.backend.venv !== null) {
    const configured = await findVenv(config.backend.venv, platform);
    return configured === undefined
      ? toBeCreated(options, config.backend.venv, 'configuration')
      : existing(options, configured, 'configuration');
  }
  const active = environment.get('VIRTUAL_ENV') ?? '';
  const activated = path.isAbsolute(active) ? await findVenv(active, platform) : undefined;
  if (activated?.works === true) return existing(options, activated, 'VIRTUAL_ENV');
  const ofProject = await findFirstVenv(projectVenvs(options), platform);
  if (ofProject?.works === true) return existing(options, ofProject, '.venv');
  const ofImage = await findFirstVenv(options.imageVenvs ?? IMAGE_VENVS, platform);
  if (ofImage?.works === true) return existing(options, ofImage, '/venv');
  return ofProject === undefined ? fromPath(options) : existing(options, ofProject, 'to be created');
};
