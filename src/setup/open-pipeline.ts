import path from 'node:path';

import type { Environment } from '../config/environment.ts';
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
    /** It runs as a job of GitHub Actions, on a fresh checkout. */
    readonly isJob: boolean;
  },
): { readonly workspace: Workspace; readonly settings: PipelineSettings } => {
  const settings = resolvePipelineSettings(options.environment, workspace.config);
  const faults = judgeVariables(workspace.environment.asRecord(), settings.databaseUrlVariable);
  if (faults.length > 0) throw refuseDatabase(faults, settings);
  const config = pipelineConfig(workspace.config, settings);
  const { lockTimeoutSeconds = config.migrations.lockTimeoutSeconds } = options;
  const environment = options.isJob ? warnOfFile(workspace, settings.databaseUrlVariable) : workspace.environment;
  return {
    workspace: {
      ...workspace,
      environment,
      config: { ...config, migrations: { ...config.migrations, lockTimeoutSeconds } },
    },
    settings,
  };
};

/** A committed env file leads to a developer's database, or to none: in a job the address comes from a secret. */
const warnOfFile = ({ environment, root }: Workspace, variable: string): Environment => {
  const origin = environment.origin(variable);
  if (typeof origin !== 'object') return environment;
  const text = `${variable} comes from ${path.relative(root, origin.file)}, a file of the checkout, and not from a secret of the job`;
  return { ...environment, warnings: [...environment.warnings, text] };
};
