import type { Command } from 'commander';

import { listOption, nameOption, secondsArgument, withCommonOptions, type CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

export interface MigrateOptions extends CommonOptions {
  readonly environment?: string;
  readonly shard?: string;
  readonly dryRun?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly onlyTenants?: readonly string[];
  readonly onlyTenant?: readonly string[];
  readonly createMissingTables?: boolean;
  readonly failFast?: boolean;
  readonly lockTimeout?: number;
}

/** `devsetup migrate`: the job between tests and deployment. */
export const addMigrateCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('migrate')
    .description('bring a deployed database up to date: shared schema, super tenant, tenants; what a pipeline runs')
    .option('--environment <name>', 'dev, uat, prod or one of the configuration (default: as strict as prod)')
    .option('--shard <i/n>', 'only this part of the tenants; the first also does what all share')
    .option('--dry-run', 'show what would be done, change nothing')
    .addOption(listOption('--only <steps>', 'only these steps, separated by commas'))
    .addOption(listOption('--skip <steps>', 'all but these steps'))
    .addOption(listOption('--only-tenants <schemas>', 'migrate only these tenants'))
    .addOption(nameOption('--only-tenant <schema>', 'the same for one schema, whatever characters its name has'))
    .option('--create-missing-tables', 'create tables that do not exist although their migrations are recorded')
    .option('--fail-fast', 'start no further tenant after the first that failed')
    .option('--lock-timeout <seconds>', 'how long to wait for another devsetup that is migrating', secondsArgument);
  withCommonOptions(command).action((options: MigrateOptions) =>
    terminal.run(options, async () => {
      const { migrate } = await import('./migrate-run.ts');
      return migrate(options, terminal);
    }),
  );
};
