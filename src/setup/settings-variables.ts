import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import type { Workspace } from './open-workspace.ts';

const VARIABLE = 'DJANGO_SETTINGS_MODULE';

/** The settings of the environment, unless the process says which. */
export const settingsVariables = (
  { settings }: PipelineRun,
  { environment }: Pick<Workspace, 'environment'>,
): Readonly<Record<string, string>> =>
  settings.settingsModule === null || environment.origin(VARIABLE) === 'process'
    ? {}
    : { [VARIABLE]: settings.settingsModule };
