import type { Config } from '../config/config.ts';
import type { PipelineSettings } from './pipeline-settings.ts';

/**
 * The configuration as the steps are to see it in a pipeline. No database is created. Nothing counts as development: not DEBUG, left on
 * by mistake, but the environment's settings decide what may be done.
 */
export const pipelineConfig = (config: Config, settings: PipelineSettings): Config => ({
  ...config,
  development: false,
  database: { ...config.database, urlVariable: settings.databaseUrlVariable, create: false },
  tenants: {
    ...config.tenants,
    super: { ...config.tenants.super, domain: settings.superTenantDomain ?? config.tenants.super.domain },
  },
  migrations: {
    ...config.migrations,
    fakeInitial: settings.fakeInitial,
    concurrency: settings.concurrency,
    failFast: settings.failFast,
  },
});
