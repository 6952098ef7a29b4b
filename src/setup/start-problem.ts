import path from 'node:path';

import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { asRecord, asTexts } from '../core/shape.ts';
import { isCompanionError } from '../django/companion-errors.ts';
import type { CompanionError, MissingEnvironment } from '../django/protocol.ts';
import { envRemedy } from '../project/env-remedy.ts';
import { SETTINGS_MODULE, settingsModuleRemedy } from '../project/settings-module-remedy.ts';
import type { Project } from '../project/types.ts';
import { explainFileVariables } from './explain-file-variables.ts';
import type { Workspace } from './open-workspace.ts';
import { ownInstallerHint } from './own-installer.ts';
import { startAdvice } from './start-advice.ts';

const SETTINGS_CODES: ReadonlySet<string> = new Set(['SETTINGS_FAILED', 'APPS_FAILED', 'MANAGE_PY_FAILED']);

/**
 * Why Django could not start. Settings raise for one missing variable at a time (in a third of the projects read, with an empty
 * environment), so the others are collected before the failure is reported.
 */
export const startProblem = async (
  failure: unknown,
  { project, environment, config }: Pick<Workspace, 'project' | 'environment' | 'config'>,
  collect: () => Promise<MissingEnvironment>,
): Promise<unknown> => {
  if (isDevsetupError(failure) && failure.code === 'PYTHON_MISSING') return withOwnInstaller(failure, project, config);
  if (!isDevsetupError(failure) || !isCompanionError(failure.cause)) return failure;
  const isOfSettings = SETTINGS_CODES.has(failure.code);
  if (!isOfSettings && failure.code !== 'DJANGO_MISSING') return failure;
  // Where the variables cannot be collected, the first failure is still the one to report.
  const missing = isOfSettings ? await collect().catch(() => undefined) : undefined;
  if (missing !== undefined && missing.variables.length > 0) {
    const names = missing.variables.map((variable) => variable.name);
    const advice =
      missing.remaining === null || names.includes(SETTINGS_MODULE)
        ? undefined
        : await startAdvice(missing.remaining, project);
    const { hints, rest } = explainFileVariables(names, {
      root: project.root,
      environment,
      opened: openedFiles(failure),
    });
    // No other variable can be found before it is set: nothing is loaded.
    const module = rest.includes(SETTINGS_MODULE) ? [await settingsModuleRemedy(project)] : [];
    const others = rest.filter((name) => name !== SETTINGS_MODULE);
    const remedy = [...module, ...(others.length === 0 ? [] : [await envRemedy(project, others, config.envFiles)])];
    const further = advice === undefined ? [] : [`\n${advice.hint}`];
    return environmentMissing(missing, project, [...hints, ...remedy, ...further].join(' '), failure);
  }
  const advice = await startAdvice(failure.cause, project);
  if (advice === undefined) return isOfSettings ? failure : withOwnInstaller(failure, project, config);
  const { code, message, output, data, exitCode, cause } = failure;
  return new DevsetupError({
    code,
    message: advice.message ?? message,
    hint: advice.hint,
    output,
    data,
    exitCode,
    cause,
  });
};

/** A package is missing: what installs it here. */
const withOwnInstaller = async (
  failure: DevsetupError,
  project: Project,
  config: Workspace['config'],
): Promise<DevsetupError> => {
  const hint = await ownInstallerHint(project, config);
  if (hint === undefined) return failure;
  const { code, message, exitCode, output, data, cause } = failure;
  return new DevsetupError({ code, message, hint, exitCode, output, data, cause });
};

/** Env files that the project had opened before it failed. */
const openedFiles = ({ cause }: DevsetupError): readonly string[] =>
  asTexts(asRecord(asRecord(cause)['data'])['envFiles']);

const environmentMissing = (
  missing: MissingEnvironment,
  project: Project,
  hint: string,
  cause: DevsetupError,
): DevsetupError => {
  const lines = missing.variables.map(({ name, place, setting }) => {
    const at = place === null ? [] : [`${path.relative(project.root, place.file)}:${place.line}`];
    const facts = [...at, ...(setting === undefined ? [] : [`without it ${setting} holds None`])];
    return facts.length === 0 ? `  ${name}` : `  ${name}  (${facts.join('; ')})`;
  });
  const isModule = missing.variables.some(({ name }) => name === SETTINGS_MODULE);
  const rest = missing.remaining === null || isModule ? [] : [describeRemaining(missing.remaining, project.root)];
  return new DevsetupError({
    code: 'ENVIRONMENT_MISSING',
    message: [`The settings need environment variables that are not set:`, ...lines, ...rest].join('\n'),
    hint,
    data: { variables: missing.variables.map(({ name }) => name) },
    cause,
  });
};

/** A message that may come from a value devsetup tried is empty here. */
const describeRemaining = ({ type, message, place }: CompanionError, root: string): string => {
  const where = place === null ? '' : ` (${path.relative(root, place.file)}:${place.line})`;
  const [text = ''] = message.split('\n');
  return text === ''
    ? `There may be more: the check ends with ${type ?? 'a failure'}${where}.`
    : `With these set, there is still: ${text}${where}`;
};

/** What to say of a Django that has started and is older than those devsetup is tested with; null: it is not. */
export const unsupportedDjango = (version: string): string | null => {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 4 || (major === 4 && minor >= 2)
    ? null
    : `Django ${version} is not supported: devsetup supports 4.2 and later. It may work.`;
};
