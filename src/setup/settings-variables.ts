import { SETTINGS_MODULE } from '../project/settings-module-remedy.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import type { Workspace } from './open-workspace.ts';

/** The settings of the environment, unless the process says which. */
export const settingsVariables = (
  { settings }: PipelineRun,
  { environment }: Pick<Workspace, 'environment'>,
): Readonly<Record<string, string>> =>
  settings.settingsModule === null || environment.origin(SETTINGS_MODULE) === 'process'
    ? {}
    : { [SETTINGS_MODULE]: settings.settingsModule };
