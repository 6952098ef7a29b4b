import { judgeVariables } from '../pipeline/judge-database.ts';
import { pipelineConfig } from '../pipeline/pipeline-config.ts';
import { resolvePipelineSettings, type PipelineSettings } from '../pipeline/pipeline-settings.ts';
import { refuseDatabase } from '../pipeline/refuse-database.ts';
import type { Workspace } from './open-workspace.ts';

/**
 * A checkout as the steps of a pipeline are to see it in one environment.
 *
 * @throws usage errors ENVIRONMENT_UNKNOWN, and DATABASE_REFUSED for an address that cannot be meant, before anything is started
 */
export const openPipeline = (
  workspace: Workspace,
  options: {
    readonly environment: string | undefined;
    /** How long to wait for another run; undefined: as configured. */
    readonly lockTimeoutSeconds: number | undefined;
  },
): { readonly workspace: Workspace; readonly settings: PipelineSettings } => {
  const settings = resolvePipelineSettings(options.environment, workspace.config);
  const faults = judgeVariables(workspace.environment.asRecord(), settings.databaseUrlVariable);
  if (faults.length > 0) throw refuseDatabase(faults, settings);
  const config = pipelineConfig(workspace.config, settings);
  const { lockTimeoutSeconds = config.migrations.lockTimeoutSeconds } = options;
  return {
    workspace: { ...workspace, config: { ...config, migrations: { ...config.migrations, lockTimeoutSeconds } } },
    settings,
  };
};
