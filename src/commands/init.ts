import path from 'node:path';
import process from 'node:process';

import { Option, type Command } from 'commander';

import type { InitReport } from '../core/init-report.ts';
import { usageError } from '../core/errors.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { visibleText } from '../core/visible-text.ts';
import { OPTION_FLAGS, type InitOptions } from '../scaffold/init-options.ts';
import type { OptionValues } from '../scaffold/template/template.ts';
import { NO_FRONTEND, WORKFLOW_FLAGS } from '../scaffold/workflows/workflow-options.ts';
import { packageFile } from '../version.ts';
import { withCommonOptions, type CommonOptions } from './common-options.ts';
import { repeatCommand } from './typed-commands.ts';
import type { Terminal } from './terminal.ts';

type OptionFlag = keyof typeof OPTION_FLAGS | keyof typeof WORKFLOW_FLAGS;
type InitFlags = CommonOptions &
  Partial<Record<Exclude<OptionFlag, 'frontend'>, string>> & {
    /** false: --no-frontend */
    readonly frontend?: string | false;
    readonly workflows?: boolean;
    readonly package?: string;
    readonly database?: 'embedded' | 'compose';
    readonly devContainer?: string;
    readonly install: boolean;
    readonly dryRun?: boolean;
    readonly force?: boolean;
    readonly secondPipeline?: boolean;
  };

/** `devsetup init` */
export const addInitCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('init')
    .description(
      'give the repository a dev container that opens with a migrated database, or the workflows that deploy it: shows the plan, asks, writes',
    )
    .option('--workflows', 'write workflows that build, test, migrate and deploy, instead of a dev container')
    .option('--dry-run', 'show the plan and write nothing')
    .option('--force', 'replace files that devsetup did not write');
  command
    .addOption(
      new Option(
        '--database <which>',
        'for a dev container that has no database: a PostgreSQL that devsetup runs in it, or a service of compose',
      ).choices(['embedded', 'compose']),
    )
    .option('--dev-container <file>', 'which devcontainer.json to set up, where there are several (default: all)');
  for (const [flag, [, value, description]] of Object.entries(OPTION_FLAGS)) {
    command.addOption(new Option(`--${dashed(flag)} ${value}`, description));
  }
  command.option('--no-frontend', 'with --workflows: there is none to build and deploy');
  for (const [flag, [, value, description]] of Object.entries(WORKFLOW_FLAGS)) {
    const option = new Option(`--${dashed(flag)} ${value}`, `with --workflows: ${description}`);
    command.addOption(flag === 'secret' ? option.argParser(joined) : option);
  }
  command
    .option('--second-pipeline', 'with --workflows: write it next to workflows that deploy already')
    .option('--package <spec>', 'the devsetup to install: a version, an address, or a packed file')
    .option('--no-install', 'write package.json and leave installing to you');
  withCommonOptions(command);
  const yes = command.options.find(({ long }) => long === '--yes');
  if (yes !== undefined)
    yes.description = 'ask nothing; files that devsetup did not write stay, unless --force is given';
  command.action((flags: InitFlags) => terminal.run(flags, (host) => init(flags, terminal, host)));
};

/** The values of a flag that is given more than once. */
const joined = (value: string, earlier: string | undefined): string =>
  earlier === undefined ? value : `${earlier},${value}`;

const dashed = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

const init = async (flags: InitFlags, terminal: Terminal, host: Terminal['host']): Promise<InitReport> => {
  verifyFlags(flags);
  const [run, { createInitServices }, { renderInitReport }, { renderJson }] = await Promise.all([
    flags.workflows === true
      ? import('../scaffold/workflows/run-workflow-init.ts').then(({ runWorkflowInit }) => runWorkflowInit)
      : import('../scaffold/run-init.ts').then(({ runInit }) => runInit),
    import('./init-services.ts'),
    import('../ui/render-init.ts'),
    import('../ui/render-json.ts'),
  ]);
  const services = createInitServices(flags, terminal);
  const report = await run(
    optionsOf(flags),
    {
      cwd: host.cwd,
      project: flags.project,
      config: flags.config,
      version: host.version,
      command: repeatCommand(process.argv),
      templates: packageFile('templates'),
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
  if (flags.json === true) stdout.write(renderJson(report));
  else {
    const shown = redactDeep(report, (each) => terminal.typed(visibleText(each)));
    terminal.print(stdout, terminal.typed(renderInitReport(shown, text)));
  }
  return report;
};

const OPTIONS = Object.entries({ ...OPTION_FLAGS, ...WORKFLOW_FLAGS });
const OF_DEV_CONTAINER: readonly string[] = [
  'appService',
  'databaseService',
  'databaseName',
  'database',
  'devContainer',
];

/** A flag of the other thing that `init` writes would be passed over in silence. */
const verifyFlags = (flags: InitFlags): void => {
  const isOther = (flag: string): boolean =>
    flags.workflows === true ? OF_DEV_CONTAINER.includes(flag) : Object.hasOwn(WORKFLOW_FLAGS, flag);
  const given = [...OPTIONS.map(([flag]) => flag), 'database', 'devContainer'].find(
    (flag) => isOther(flag) && Object.hasOwn(flags, flag),
  );
  const ofWorkflows = [
    ...(flags.frontend === false ? ['--no-frontend'] : []),
    ...(flags.secondPipeline === true ? ['--second-pipeline'] : []),
  ];
  const [without] = flags.workflows === true ? [] : ofWorkflows;
  if (given === undefined && without === undefined) return;
  const name = without ?? `--${dashed(given ?? '')}`;
  throw usageError({
    code: 'INIT_OPTION_INVALID',
    message:
      flags.workflows === true ? `${name} is for the dev container.` : `${name} is for the workflows: --workflows.`,
    hint:
      flags.workflows === true
        ? 'Leave it out, or leave out --workflows.'
        : `Type npx devsetup init --workflows ${name} …, or leave it out.`,
  });
};

const optionsOf = (flags: InitFlags): InitOptions => ({
  asked: Object.fromEntries(
    OPTIONS.flatMap(([flag, [option]]) => {
      const value = flags[flag as OptionFlag];
      if (value === undefined) return [];
      if (value === false) return [[option, NO_FRONTEND]];
      return [[option, /(?:Folder|Dockerfile|Context)$/.test(option) ? asFolder(value) : value]];
    }),
  ) satisfies OptionValues,
  package: flags.package,
  install: flags.install,
  dryRun: flags.dryRun === true,
  database: flags.database,
  devContainer: flags.devContainer,
  force: flags.force === true,
  second: flags.secondPipeline === true,
});

/** `./backend/` is `backend`. */
const asFolder = (value: string): string => path.posix.normalize(value.replaceAll('\\', '/')).replace(/(.)\/$/, '$1');
