import process from 'node:process';

import { Option, type Command } from 'commander';

import { ExitCode, isDevsetupError } from '../core/errors.ts';
import type { RunReport } from '../core/report.ts';
import { INSTALLING_STEPS } from '../core/step.ts';
import { textBlock } from '../ui/text-block.ts';
import type { Terminal } from './terminal.ts';
import {
  databaseOption,
  listOption,
  nameOption,
  secondsArgument,
  withCommonOptions,
  type CommonOptions,
  type DatabaseFlag,
} from './common-options.ts';

interface RunOptions extends CommonOptions {
  readonly next?: boolean;
  readonly dryRun?: boolean;
  readonly ifNeeded?: boolean;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly from?: string;
  readonly force?: boolean;
  readonly allowRemote?: boolean;
  readonly updateSuperuser?: boolean;
  readonly createMissingTables?: boolean;
  readonly onlyTenants?: readonly string[];
  readonly onlyTenant?: readonly string[];
  readonly failFast?: boolean;
  readonly lockTimeout?: number;
  readonly db?: DatabaseFlag;
}

/** `devsetup`, the command that is meant when none is named. */
export const addRunCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('run', { isDefault: true })
    .description('bring this checkout to a working, migrated database; what is in place is left alone')
    .option('--dry-run', 'show what would be done, change nothing')
    .option('--if-needed', 'check first; if there is nothing to do, print one line')
    .addOption(listOption('--only <steps>', 'only these steps, separated by commas'))
    .addOption(listOption('--skip <steps>', 'all but these steps'))
    .option('--from <step>', 'this step and those after it')
    .option('--force', 'check and install again even where nothing has changed')
    .addOption(listOption('--only-tenants <schemas>', 'migrate only these tenants'))
    .addOption(nameOption('--only-tenant <schema>', 'the same for one schema, whatever characters its name has'))
    .option('--fail-fast', 'start no further tenant after the first that failed')
    .option('--lock-timeout <seconds>', 'how long to wait for another devsetup that is migrating', secondsArgument)
    .addOption(databaseOption())
    // For a program that runs devsetup as a part of something else and says by itself what comes next: the demo.
    .addOption(new Option('--no-next').hideHelp())
    .option('--allow-remote', 'work on a database that is not on this machine')
    .option('--update-superuser', 'set password and rights of a superuser that exists')
    .option('--create-missing-tables', 'create tables that do not exist although their migrations are recorded');
  withCommonOptions(command).action((options: RunOptions) =>
    terminal.run(options, (host) => run(options, terminal, host)),
  );
};

const run = async (options: RunOptions, terminal: Terminal, host: Terminal['host']): Promise<RunReport> => {
  const [{ openWorkspace }, { runSetup }, { provideDatabase }] = await Promise.all([
    import('../setup/open-workspace.ts'),
    import('../setup/run-setup.ts'),
    import('./provide-database.ts'),
  ]);
  const database = provideDatabase(options, terminal, options.dryRun === true ? 'look' : 'run');
  const { only = [] } = options;
  // As in a prebuild. No server is started for steps that use none.
  const installs = only.length > 0 && only.every((id) => INSTALLING_STEPS.has(id));
  const embedded = installs ? undefined : database.provide;
  const place = { project: options.project, config: options.config, host, embedded };
  const opened = await openWorkspace(place).catch(async (error: unknown) => {
    if (isDevsetupError(error) && options.dryRun !== true) {
      const { recordFailedStart } = await import('../setup/record-failed-start.ts');
      await recordFailedStart(error, place);
    }
    throw error;
  });
  const { lockTimeout } = options;
  const workspace =
    lockTimeout === undefined
      ? opened
      : {
          ...opened,
          config: { ...opened.config, migrations: { ...opened.config.migrations, lockTimeoutSeconds: lockTimeout } },
        };
  const mode = options.dryRun === true ? 'dry-run' : options.ifNeeded === true ? 'if-needed' : 'apply';
  // What can be asked is asked instead of the summary of a failure.
  const mayOffer = mode === 'apply' && (options.yes === true || (options.json !== true && terminal.canAsk()));
  const isOffer = (report: RunReport): boolean => mayOffer && offersEmbedded(report);
  const report = await runSetup(
    {
      mode,
      selection: { only: options.only ?? [], skip: options.skip ?? [], from: options.from },
      options: {
        force: options.force === true,
        verbose: options.verbose === true,
        allowRemote: options.allowRemote === true,
        updateSuperuser: options.updateSuperuser === true,
        createMissingTables: options.createMissingTables === true,
        failFast: options.failFast === true,
        startServices: mode !== 'dry-run' && (options.yes === true || workspace.config.database.start === 'compose'),
        onlyTenants: [...(options.onlyTenants ?? []), ...(options.onlyTenant ?? [])],
      },
    },
    {
      workspace,
      host,
      signal: terminal.signal,
      createView: terminal.viewFor({ ...options, holdsBack: isOffer }, workspace),
    },
  );
  await database.settle(report, workspace);
  if (!isOffer(report)) return report;
  if (options.yes !== true && !(await acceptsEmbedded(report, terminal))) {
    terminal.print(process.stdout, terminal.summaryFor(options, workspace)(report));
    return terminal.signal.aborted ? { ...report, exitCode: ExitCode.interrupted } : report;
  }
  return run({ ...options, db: 'embedded' }, terminal, host);
};

/** Nothing in the checkout would start a database where the settings say, or compose would, in a network that this machine is not part of. */
const offersEmbedded = ({ steps }: RunReport): boolean =>
  steps.some(({ failure, data }) => failure !== null && data['offer'] === 'embedded');

const acceptsEmbedded = async ({ steps }: RunReport, terminal: Terminal): Promise<boolean> => {
  const { askYesNo } = await import('../ui/prompts.ts');
  const failure = steps.find(({ data }) => data['offer'] === 'embedded')?.failure;
  const lines = textBlock(failure?.message ?? '', { columns: process.stderr.columns });
  terminal.print(process.stderr, `\n${lines.join('\n')}\n`);
  const question = 'Let devsetup run a PostgreSQL for this checkout, without Docker? [y/N] ';
  return askYesNo(question, terminal.signal);
};
