import path from 'node:path';
import process from 'node:process';

import { Option, type Command } from 'commander';

import type { InitReport } from '../core/init-report.ts';
import { OPTION_FLAGS, type InitOptions } from '../scaffold/init-options.ts';
import type { OptionValues } from '../scaffold/template/template.ts';
import { packageDirectory } from '../version.ts';
import { withCommonOptions, type CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

type InitFlags = CommonOptions &
  Partial<Record<keyof typeof OPTION_FLAGS, string>> & {
    readonly package?: string;
    readonly install: boolean;
    readonly dryRun?: boolean;
    readonly force?: boolean;
  };

/** `devsetup init` */
export const addInitCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('init')
    .description(
      'give the repository a dev container that opens with a migrated database: shows the plan, asks, writes',
    )
    .option('--dry-run', 'show the plan and write nothing')
    .option('--force', 'replace files that devsetup did not write');
  for (const [flag, [, value, description]] of Object.entries(OPTION_FLAGS)) {
    command.addOption(new Option(`--${dashed(flag)} ${value}`, description));
  }
  command
    .option('--package <spec>', 'the devsetup to install: a version, an address, or a packed file')
    .option('--no-install', 'write package.json and leave installing to you');
  withCommonOptions(command);
  const yes = command.options.find(({ long }) => long === '--yes');
  if (yes !== undefined)
    yes.description = 'ask nothing; files that devsetup did not write stay, unless --force is given';
  command.action((flags: InitFlags) => terminal.run(flags, (host) => init(flags, terminal, host)));
};

const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const init = async (flags: InitFlags, terminal: Terminal, host: Terminal['host']): Promise<InitReport> => {
  const [{ runInit }, { createInitServices }, { renderInitReport }, { renderJson }] = await Promise.all([
    import('../scaffold/run-init.ts'),
    import('./init-services.ts'),
    import('../ui/render-init.ts'),
    import('../ui/render-json.ts'),
  ]);
  const services = createInitServices(flags, terminal);
  const report = await runInit(
    optionsOf(flags),
    {
      cwd: host.cwd,
      project: flags.project,
      config: flags.config,
      version: host.version,
      templates: path.join(packageDirectory(), 'templates'),
    },
    services,
  );
  const { stdout } = process;
  const text = {
    columns: stdout.isTTY ? stdout.columns : undefined,
    color: terminal.color(stdout),
    verbose: flags.verbose === true,
    redact: services.redact,
  };
  stdout.write(flags.json === true ? renderJson(report) : renderInitReport(report, text));
  return report;
};

const optionsOf = (flags: InitFlags): InitOptions => ({
  asked: Object.fromEntries(
    Object.entries(OPTION_FLAGS).flatMap(([flag, [option]]) => {
      const value = flags[flag as keyof typeof OPTION_FLAGS];
      return value === undefined ? [] : [[option, option.endsWith('Folder') ? asFolder(value) : value]];
    }),
  ) satisfies OptionValues,
  package: flags.package,
  install: flags.install,
  dryRun: flags.dryRun === true,
  force: flags.force === true,
});

/** `./backend/` is `backend`. */
const asFolder = (value: string): string => path.posix.normalize(value.replaceAll('\\', '/')).replace(/(.)\/$/, '$1');
