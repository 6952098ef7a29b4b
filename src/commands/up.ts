import process from 'node:process';

import type { Command } from 'commander';

import { DevsetupError, type ExitCodeValue } from '../core/errors.ts';
import type { UpReport } from '../core/up-report.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

interface UpFlags extends Pick<CommonOptions, 'project' | 'json' | 'ui'> {
  readonly rebuild?: boolean;
  /** commander's name for `--no-cache`. */
  readonly cache: boolean;
}

/** `devsetup up` */
export const addUpCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('up')
    .description('start the dev container of this checkout, without an editor; ends with how to get in')
    .option('--rebuild', 'make the container anew; volumes, and so the database, are kept')
    .option('--no-cache', 'as --rebuild, and build its image from scratch')
    .option('--project <dir>', 'the checkout to work on (default: the one around this folder)')
    .option('--json', 'print exactly one JSON document on stdout')
    .action((flags: UpFlags) => terminal.run(flags, () => up(flags, terminal)));
};

const up = async (flags: UpFlags, terminal: Terminal): Promise<UpReport> => {
  const [{ bringUp }, { findRoot }, { runCommand }, { renderUp }, { renderJson }, { toPlainLine }] = await Promise.all([
    import('../container/bring-up.ts'),
    import('../project/find-root.ts'),
    import('../process/run-command.ts'),
    import('../ui/render-up.ts'),
    import('../ui/render-json.ts'),
    import('../ui/plain-text.ts'),
  ]);
  const { host, signal } = terminal;
  const root = await findRoot({ cwd: host.cwd, project: flags.project });
  const report = await bringUp(
    { root, rebuild: flags.rebuild === true, noCache: !flags.cache },
    {
      cwd: host.cwd,
      env: definedOf(host.env),
      platform: host.platform,
      version: host.version,
      runCommand,
      signal,
      monotonic: host.monotonic,
      onLine: (line) => terminal.print(process.stderr, `${toPlainLine(line)}\n`),
    },
  );
  const { stdout } = process;
  if (flags.json === true) stdout.write(renderJson(report));
  else terminal.print(stdout, terminal.typed(renderUp(report, terminal.color(stdout))));
  if (report.error !== null) terminal.tell(errorOf(report.error, report.exitCode as ExitCodeValue));
  return report;
};

const errorOf = ({ code, message, hint, output }: NonNullable<UpReport['error']>, exitCode: ExitCodeValue): Error =>
  new DevsetupError({ code, message, exitCode, output, ...(hint === null ? {} : { hint }) });

const definedOf = (env: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
