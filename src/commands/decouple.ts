import path from 'node:path';
import process from 'node:process';

import { Argument, Option, type Command } from 'commander';

import { usageError } from '../core/errors.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { visibleText } from '../core/visible-text.ts';
import type { MigrateWith } from '../decouple/decoupling.ts';
import { withCommonOptions, type CommonOptions } from './common-options.ts';
import { repeatCommand } from './typed-commands.ts';
import type { Terminal } from './terminal.ts';

export interface DecoupleOptions extends CommonOptions {
  readonly with: MigrateWith;
  readonly secret?: string;
  readonly dryRun?: boolean;
}

/** `devsetup decouple` */
export const addDecoupleCommand = (program: Command, terminal: Terminal): void => {
  const command = program
    .command('decouple')
    .description(
      'move the migrations of deployment workflows into a job of their own, in place: shows the difference, asks, writes all or nothing',
    )
    .addArgument(new Argument('[files...]', 'workflow files (default: all of the checkout)'))
    .addOption(
      new Option('--with <what>', 'what the new job runs: devsetup migrate, or the plain commands of manage.py')
        .choices(['devsetup', 'manage'])
        .default('devsetup'),
    )
    .option(
      '--secret <name>',
      "the secret that holds the database's address (or its password), if no workflow names it",
    )
    .option('--dry-run', 'show the difference and write nothing');
  withCommonOptions(command).action((files: readonly string[], options: DecoupleOptions) =>
    terminal.run(options, (host) => decouple(files, options, terminal, host)),
  );
};

const decouple = async (
  files: readonly string[],
  options: DecoupleOptions,
  terminal: Terminal,
  { cwd, version }: Terminal['host'],
): Promise<{ readonly exitCode: number }> => {
  const { secret } = options;
  if (secret !== undefined && !/^[A-Za-z_]\w*$/.test(secret)) {
    throw usageError({
      code: 'SECRET_NAME_INVALID',
      message: '--secret takes the name of a secret, and this value is not one.',
      hint: 'Letters, digits and underscores: `npx devsetup decouple --secret DATABASE_URL`.',
    });
  }
  const [{ runDecouple }, { renderDecoupleReport }, { renderJson }, { createRedactor }] = await Promise.all([
    import('./decouple-run.ts'),
    import('../ui/render-decouple.ts'),
    import('../ui/render-json.ts'),
    import('../core/redact.ts'),
  ]);
  const { redact } = createRedactor();
  const report = await runDecouple({
    cwd,
    files,
    version,
    project: options.project,
    configFile: options.config === undefined ? undefined : path.resolve(cwd, options.config),
    with: options.with,
    secret: secret ?? null,
    isDryRun: options.dryRun === true,
    isAllowed: options.yes === true,
    isQuiet: options.json === true,
    command: repeatCommand(process.argv),
    redact,
    terminal,
  });
  const { stdout } = process;
  if (options.json === true) {
    stdout.write(renderJson(report));
    return report;
  }
  const text = { columns: stdout.isTTY ? stdout.columns : undefined, color: terminal.color(stdout), redact };
  const shown = redactDeep(report, (each) => terminal.typed(visibleText(each)));
  terminal.print(stdout, terminal.typed(renderDecoupleReport(shown, text)));
  return report;
};
