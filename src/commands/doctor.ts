import process from 'node:process';

import type { Command } from 'commander';

import type { Machine } from '../checks/context.ts';
import type { DoctorReport } from '../core/doctor-report.ts';
import type { Diagnosis } from '../doctor/open-diagnosis.ts';
import { listOption, withCommonOptions, type CommonOptions } from './common-options.ts';
import { doctorPlaces } from './doctor-places.ts';
import type { Terminal } from './terminal.ts';

interface DoctorOptions extends CommonOptions {
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly strict?: boolean;
  readonly fix?: boolean;
}

/** `devsetup doctor` */
export const addDoctorCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('doctor')
    .description('tell what is wrong, why, and the command that mends it; changes nothing without --fix')
    .addOption(listOption('--only <checks>', 'only these checks or groups, separated by commas'))
    .addOption(listOption('--skip <checks>', 'all but these checks, groups or findings'))
    .option('--strict', 'warnings count as failure')
    .option('--fix', 'mend what is safe to mend: says what it will do, asks, then looks again');
  withCommonOptions(command).action((options: DoctorOptions) =>
    terminal.run(options, (host) => doctor(options, terminal, host)),
  );
};

const doctor = async (options: DoctorOptions, terminal: Terminal, host: Terminal['host']): Promise<DoctorReport> => {
  const [{ openDiagnosis }, { runDoctor }, { renderDoctor }, { renderJson }, { createRedactor }, { createFixing }] =
    await Promise.all([
      import('../doctor/open-diagnosis.ts'),
      import('../doctor/run-doctor.ts'),
      import('../ui/render-doctor.ts'),
      import('../ui/render-json.ts'),
      import('../core/redact.ts'),
      import('./doctor-fixing.ts'),
    ]);
  const open = (): Promise<Diagnosis> => openDiagnosis({ project: options.project, config: options.config, host });
  const diagnosis = await open();
  const report = await runDoctor(
    { only: options.only ?? [], skip: options.skip ?? [], strict: options.strict === true },
    {
      diagnosis,
      host,
      machine: machineOf(host),
      signal: terminal.signal,
      devsetup: DEVSETUP,
      redactor: createRedactor(diagnosis.environment.secrets()),
      ...(options.fix === true ? { fix: createFixing(options, terminal, open) } : {}),
    },
  );
  const text =
    options.json === true
      ? renderJson(report)
      : renderDoctor(report, {
          columns: process.stdout.isTTY ? process.stdout.columns : undefined,
          color: terminal.color(process.stdout),
          verbose: options.verbose === true,
          ...doctorPlaces(host.cwd, report.project),
          devsetup: DEVSETUP,
        });
  process.stdout.write(text);
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
