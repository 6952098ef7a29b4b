import { existsSync, readdirSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Applied, Progress, Step } from '../core/step.ts';
import { planBackendInstall, type InstallCommand } from '../dependencies/install-backend.ts';
import { installProblem } from '../dependencies/install-problem.ts';
import type { Circumstances } from '../dependencies/known-problem.ts';
import { lockQuestion, outdatedLock, unusedLock } from '../dependencies/lock-warnings.ts';
import { manifestArguments } from '../dependencies/manifest-arguments.ts';
import { readSourceFiles } from '../dependencies/source-files.ts';
import { findVenvFault } from '../project/find-venv-fault.ts';
import { otherPythonOf } from '../project/other-python.ts';
import { findPythonProblems, isAllowedByProject, readPythonLayout } from '../project/python-problems.ts';
import type { PythonEnvironment, Requirements } from '../project/types.ts';
import { findLosses, forgetInstalled, inputHash, readInstalled, writeInstalled } from './backend-stamp.ts';
import type { SetupContext } from './context.ts';
import { forgetting } from './forgetting.ts';

/** The virtual environment exists and holds what the lock or requirement files ask for. */
export const backendDependencies: Step<SetupContext> = {
  id: 'backend-dependencies',
  title: 'Backend dependencies',
  dependsOn: [],

  inspect: async (context) => {
    const { requirements, python } = context.project.backend;
    if (requirements === null) {
      const reason =
        context.config.backend.installer === 'none' ? 'backend.installer is none' : 'no requirement file found';
      return { kind: 'not-applicable', reason };
    }
    const actions = (await plan(context, requirements)).map(describeCommand);
    const reason = await reasonToInstall(context, requirements, python);
    if (reason !== undefined) return { kind: 'needed', reason, actions };
    return {
      kind: 'satisfied',
      evidence: `${relativeFiles(context, requirements)} as installed by ${requirements.tool}`,
    };
  },

  apply: (context, progress) =>
    forgetting(
      context,
      context.exclusively('backend-dependencies', progress, (waited) => install(context, progress, waited)),
    ),
};

const install = async (context: SetupContext, progress: Progress, waited: boolean): Promise<Applied> => {
  const { requirements, python } = context.project.backend;
  if (requirements === null) return { summary: 'nothing to install', changed: false };
  if (waited && (await reasonToInstall(context, requirements, python)) === undefined) return DONE_MEANWHILE;
  // Before what follows from them: no such version, no wheel, a syntax error.
  for (const { message } of await findPythonProblems(context.project, context.config)) progress.warn(message);
  const unused = unusedLock(requirements, existsSync);
  if (unused !== undefined) progress.warn(unused);
  await removeOrphans(context, python);
  forgetInstalled(context.state, python);
  for (const command of await plan(context, requirements)) {
    progress.update(describeCommand(command));
    const timeoutSeconds = context.config.timeouts.dependenciesSeconds;
    if (command.creates !== undefined) context.state.write(CREATING, command.creates);
    const result = await context.runProgram(command, progress, { timeoutSeconds });
    if (command.creates !== undefined && result.exitCode === 0) {
      await keepOutOfGit(command.creates);
      context.state.remove(CREATING);
    }
    if (result.exitCode !== 0)
      throw installProblem(command, result, await circumstances(context, requirements, command));
    const question = lockQuestion(command);
    const { tail } = question === null ? result : await context.runProgram(question, progress, { timeoutSeconds });
    const outdated =
      command.tool === requirements.tool
        ? outdatedLock({ ...requirements, typed: await typedTool(context, command) }, tail)
        : undefined;
    if (outdated !== undefined) progress.warn(outdated);
  }
  if (isDjangoMissing(python)) throw nothingInstalled(context, requirements);
  context.markDone('backend-dependencies');
  await writeInstalled(context.state, { requirements, python, config: context.config.backend });
  return { summary: `installed ${relativeFiles(context, requirements)} with ${requirements.tool}` };
};

/** What the advice about a failure needs to know of the checkout and of this machine. */
const circumstances = async (
  context: SetupContext,
  { files, inputs }: Requirements,
  command: InstallCommand,
): Promise<Circumstances> => {
  const { project, environment } = context;
  const { root, backend } = project;
  const { venv } = backend.python;
  const ofVenv = venv === null ? [] : [path.join(venv, 'pip.conf')];
  return {
    files: await readSourceFiles({ root, inputs: [...files, ...inputs, ...ofVenv], environment }),
    python: (await readPythonLayout(root, backend.python))?.version ?? null,
    pythonAdvice: await otherPythonOf(project, environment),
    typed: await typedTool(context, command),
  };
};

/** pip is a module of the interpreter; another tool may be the one that devsetup has brought. */
const typedTool = async (context: SetupContext, { tool, program, args }: InstallCommand): Promise<string | null> => {
  if (tool === 'pip') return args[0] === '-m' ? `${shellWord(program)} -m pip` : null;
  return tool === undefined || (await context.findProgram(tool)) !== null ? null : shellWord(program);
};

/** As uv, virtualenv and the venv of Python 3.13 do; the .gitignore of a checkout may know other names for it, or none. */
const keepOutOfGit = async (venv: string): Promise<void> => {
  try {
    await writeFile(path.join(venv, '.gitignore'), '*\n', { flag: 'wx' });
  } catch {
    // It is there already; where nothing can be written, the installation that follows says so.
  }
};

/** To an installer, a distribution whose `dist-info` exists is installed, even if its other files are gone. */
const removeOrphans = async (context: SetupContext, python: PythonEnvironment): Promise<void> => {
  const record = readInstalled(context.state, python);
  const losses = record === undefined ? [] : await findLosses(python, record);
  for (const { orphan } of losses) if (orphan !== null) rmSync(orphan, { recursive: true, force: true });
};

const DONE_MEANWHILE: Applied = { summary: 'another devsetup has installed it meanwhile', changed: false };

const reasonToInstall = async (
  context: SetupContext,
  requirements: Requirements,
  python: PythonEnvironment,
): Promise<string | undefined> => {
  const forced = context.options.force && !context.isDone('backend-dependencies') && existsSync(python.interpreter);
  return forced ? '--force' : whyNotInstalled(context, requirements, python);
};

/** What tells that the environment does not hold what these files ask for; undefined: nothing does. */
export const whyNotInstalled = async (
  context: Checkout,
  requirements: Requirements,
  python: PythonEnvironment,
): Promise<string | undefined> => {
  if (!existsSync(python.interpreter)) {
    if (python.venv === null) return 'Python is missing';
    return existsSync(path.join(python.venv, 'pyvenv.cfg'))
      ? `the virtual environment ${python.venv} has lost its interpreter`
      : `there is no virtual environment ${python.venv}`;
  }
  if (await isOfOtherPython(python)) return `the interpreter of ${python.venv} is not the one it was made for`;
  const record = readInstalled(context.state, python);
  if (record === undefined) return 'not installed by devsetup yet';
  if (record.inputs !== (await inputHash({ requirements, python, config: context.config.backend })))
    return `${relativeFiles(context, requirements)}, a file that ${requirements.tool} reads with it, or the interpreter has changed`;
  if (isDjangoMissing(python)) return 'Django is not in the virtual environment';
  const losses = await findLosses(python, record);
  return losses.length === 0
    ? undefined
    : `no longer in the virtual environment: ${losses.map(({ text }) => text).join(', ')}`;
};

type Checkout = Pick<SetupContext, 'project' | 'state' | 'config'>;

const plan = async (context: SetupContext, requirements: Requirements): Promise<readonly InstallCommand[]> => {
  const { python } = context.project.backend;
  const { installer, groups, extras } = context.config.backend;
  return planBackendInstall({
    requirements,
    interpreter: python.interpreter,
    venv: python.venv,
    venvExists:
      existsSync(python.interpreter) &&
      context.state.read(CREATING) !== python.venv &&
      !(await isOfOtherPython(python)),
    basePython: python.basePython,
    // What the configuration names is used, whatever follows.
    baseFits: context.config.backend.python !== null || (await isAllowedByProject(context.project)),
    groups,
    extras,
    declared: await manifestArguments(requirements.files, { groups, extras }),
    uv: installer === 'pip' ? null : await context.findProgram('uv'),
    tool: await context.findProgram(requirements.tool),
    toolsDirectory: path.join(context.stateDirectory, 'tools'),
  });
};

/** The virtual environment whose creation has begun; one that was cut short has an interpreter and no pip. */
const CREATING = 'creating-environment';

/** Since its interpreter was replaced, none of its packages is found: it is made anew. */
const isOfOtherPython = async (python: PythonEnvironment): Promise<boolean> =>
  (await findVenvFault({ ...python, exists: true }))?.kind === 'other-version';

/**
 * Markers can make an installation succeed with nothing installed. Only asked of a virtual environment: where the packages of
 * another interpreter lie, the start of Django tells.
 */
const isDjangoMissing = (python: PythonEnvironment): boolean => {
  if (python.venv === null) return false;
  const library = path.join(python.venv, 'lib');
  if (!existsSync(library)) return false;
  return !readdirSync(library).some((name) => existsSync(path.join(library, name, 'site-packages', 'django')));
};

const nothingInstalled = (context: SetupContext, requirements: Requirements): DevsetupError =>
  new DevsetupError({
    code: 'DJANGO_NOT_INSTALLED',
    message: `The installation succeeded, but Django is not among what ${relativeFiles(context, requirements)} brought.`,
    hint: 'Is it the right file, and do its markers fit this Python? "backend": { "requirements": [...] } chooses another.',
  });

const relativeFiles = (context: Checkout, requirements: Requirements): string =>
  requirements.files.map((file) => path.relative(context.project.root, file)).join(', ');

const describeCommand = (command: InstallCommand): string => [command.program, ...command.args].join(' ');
