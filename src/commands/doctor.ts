import path from 'node:path';
import process from 'node:process';

import type { Command } from 'commander';

import { redactDeep } from '../core/redact-deep.ts';
import { visibleText } from '../core/visible-text.ts';
import type { Diagnosis, Machine } from '../checks/context.ts';
import { renderSupportFile } from '../ui/render-support-file.ts';
import {
  databaseOption,
  listOption,
  withCommonOptions,
  type CommonOptions,
  type DatabaseFlag,
} from './common-options.ts';
import { maskCrash } from './mask-crash.ts';
import { fileFrom, pagesFrom } from './doctor-places.ts';
import { verifySupportFile, writeSupportFile } from './support-file.ts';
import type { Terminal } from './terminal.ts';

interface DoctorOptions extends CommonOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly strict?: boolean;
  readonly fix?: boolean;
  readonly report?: string;
  readonly list?: boolean;
  readonly explain?: string;
  readonly db?: DatabaseFlag;
  readonly allowRemote?: boolean;
}

/** `devsetup doctor` */
export const addDoctorCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('doctor')
    .description('report what is wrong, why, and the command that fixes it; changes nothing without --fix')
    .addOption(listOption('--only <checks>', 'only these checks or groups, separated by commas'))
    .addOption(listOption('--skip <checks>', 'all but these checks, groups or findings'))
    .option('--strict', 'warnings count as failure')
    .option('--fix', 'mend what is safe to mend: says what it will do, asks, then looks again')
    .option('--report <file>', 'also write one Markdown file to attach to an issue, secrets masked')
    .option('--list', 'list the checks, look at nothing')
    .option('--explain <finding>', 'print the page of a finding')
    .addOption(databaseOption())
    .option('--allow-remote', 'also examine a database that is not on this machine; --fix does not change it');
  withCommonOptions(command).action((options: DoctorOptions) =>
    terminal.run(options, (host) => doctor(options, terminal, host)),
  );
};

type Exit = { readonly exitCode: number };

const doctor = async (options: DoctorOptions, terminal: Terminal, host: Terminal['host']): Promise<Exit> => {
  if (options.explain !== undefined) {
    const { explainFinding } = await import('./doctor-explain.ts');
    return explainFinding(options.explain, options, terminal);
  }
  const [{ openDiagnosis }, { provideDatabase }] = await Promise.all([
    import('../doctor/open-diagnosis.ts'),
    import('./provide-database.ts'),
  ]);
  const { project, config } = options;
  const { provide: embedded } = provideDatabase(options, terminal, 'doctor');
  const open = (): Promise<Diagnosis> =>
    openDiagnosis({ project, config, host, embedded, allowRemote: options.allowRemote === true });
  return options.list === true ? list(options, terminal, await open()) : look(options, terminal, open);
};

const list = async (options: DoctorOptions, terminal: Terminal, { config, problems }: Diagnosis): Promise<Exit> => {
  // A list that lacks the project's own checks and steps without a word would mislead.
  const broken = problems.find(({ code }) => code.startsWith('CONFIG_'));
  if (broken !== undefined) throw broken;
  const [{ listChecks }, { checkListOf }, { renderCheckList }, { renderJson }] = await Promise.all([
    import('../doctor/list-checks.ts'),
    import('../core/check-list.ts'),
    import('../ui/render-check-list.ts'),
    import('../ui/render-json.ts'),
  ]);
  const found = checkListOf(terminal.host.version, listChecks(config));
  const { stdout } = process;
  stdout.write(options.json === true ? renderJson(found) : renderCheckList(found, terminal.color(stdout)));
  return found;
};

const look = async (options: DoctorOptions, terminal: Terminal, open: () => Promise<Diagnosis>): Promise<Exit> => {
  const { host } = terminal;
  const [
    { runDoctor },
    { renderDoctor },
    { renderJson },
    { createRedactor },
    { createFixing },
    { createDoctorProgress },
  ] = await Promise.all([
    import('../doctor/run-doctor.ts'),
    import('../ui/render-doctor.ts'),
    import('../ui/render-json.ts'),
    import('../core/redact.ts'),
    import('./doctor-fixing.ts'),
    import('../ui/doctor-progress.ts'),
  ]);
  const reportFile = options.report === undefined ? undefined : path.resolve(host.cwd, options.report);
  if (reportFile !== undefined) await verifySupportFile(reportFile, { overwrite: options.yes === true });
  const diagnosis = await open();
  const redactor = createRedactor(diagnosis.environment.secrets());
  const progress = createDoctorProgress({ ui: terminal.ui(options), stream: process.stderr });
  const { report, support } = await runDoctor(
    {
      only: options.only ?? [],
      skip: options.skip ?? [],
      strict: options.strict === true,
      support: reportFile !== undefined,
    },
    {
      diagnosis,
      host,
      machine: machineOf(host),
      signal: terminal.signal,
      devsetup: DEVSETUP,
      redactor,
      progress,
      ...(options.fix === true ? { fix: createFixing(options, terminal, open) } : {}),
    },
  )
    .catch((error: unknown) => {
      throw maskCrash(error, (text) => redactor.redact(text));
    })
    .finally(progress.done);
  if (reportFile !== undefined && support !== null) {
    const redact = (text: string): string => redactor.redact(text);
    await writeSupportFile(reportFile, renderSupportFile(report, support, { redact, home: host.home }));
  }
  const { stdout } = process;
  if (options.json === true) stdout.write(renderJson(report));
  else {
    const shown = (each: string): string => terminal.typed(visibleText(each));
    const text = {
      columns: stdout.isTTY ? stdout.columns : undefined,
      color: terminal.color(stdout),
      verbose: options.verbose === true,
      docsPath: pagesFrom(host.cwd, { stream: stdout, color: terminal.color(stdout) }),
      filePath: (file: string) => fileFrom(host.cwd, report.project, file),
      devsetup: DEVSETUP,
    };
    terminal.print(stdout, terminal.typed(renderDoctor(redactDeep(report, shown), text)));
  }
  if (reportFile !== undefined) {
    terminal.print(
      process.stderr,
      `The report is ${reportFile}: secrets are masked, but read it before you pass it on.\n`,
    );
  }
  return report;
};

/** How the user types it: also where the package is installed in the checkout only. */
const DEVSETUP = 'npx devsetup';

const machineOf = (host: Terminal['host']): Machine => ({
  cwd: host.cwd,
  env: host.env,
  home: host.home,
  platform: host.platform,
  nodeVersion: process.version,
  uid: process.getuid?.(),
  version: host.version,
  now: host.now,
});
