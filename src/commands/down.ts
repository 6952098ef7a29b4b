import process from 'node:process';

import type { Command } from 'commander';

import type { ExitCodeValue } from '../core/errors.ts';
import type { DownReport } from '../core/down-report.ts';
import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';
import { definedOf, errorOf } from './up.ts';

interface DownFlags extends Pick<CommonOptions, 'project' | 'json' | 'yes'> {
  readonly devContainer?: string;
  readonly remove?: boolean;
  readonly deleteVolumes?: boolean;
}

/** `devsetup down` */
export const addDownCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('down')
    .description('stop the dev container of this checkout, with its database; no data is lost')
    .option(
      '--remove',
      'remove the containers, too; what was changed in them is lost, volumes and so the database stay',
    )
    .option('--delete-volumes', 'as --remove, and delete the volumes: the database in them is LOST')
    .option('--dev-container <file>', 'only that of this devcontainer.json (default: all that the checkout has)')
    .option('--yes', 'delete the volumes without a question')
    .option('--project <dir>', 'the checkout to work on (default: the one around this folder)')
    .option('--json', 'print exactly one JSON document on stdout')
    .action((flags: DownFlags) => terminal.run(flags, () => down(flags, terminal)));
};

const down = async (flags: DownFlags, terminal: Terminal): Promise<DownReport> => {
  const [{ takeDown }, { findRoot }, { runCommand }, { renderDown }, { renderJson }, { askYesNo }] = await Promise.all([
    import('../container/take-down.ts'),
    import('../project/find-root.ts'),
    import('../process/run-command.ts'),
    import('../ui/render-down.ts'),
    import('../ui/render-json.ts'),
    import('../ui/prompts.ts'),
  ]);
  const { host, signal } = terminal;
  const root = await findRoot({ cwd: host.cwd, project: flags.project });
  const ask = (volumes: readonly string[]): Promise<boolean> =>
    askYesNo(`Delete ${volumes.join(', ')}, and the database with them? [y/N] `, signal);
  const announce = (volumes: readonly string[]): Promise<boolean> => {
    terminal.print(process.stderr, `Deletes, with the data in them: ${volumes.join(', ')}\n`);
    return Promise.resolve(true);
  };
  const report = await takeDown(
    {
      root,
      devContainer: flags.devContainer,
      remove: flags.remove === true,
      deleteVolumes: flags.deleteVolumes === true,
    },
    {
      env: definedOf(host.env),
      platform: host.platform,
      version: host.version,
      runCommand,
      signal,
      confirm: flags.yes === true ? announce : terminal.canAsk() ? ask : null,
    },
  );
  const { stdout } = process;
  if (flags.json === true) stdout.write(renderJson(report));
  else terminal.print(stdout, terminal.typed(renderDown(report, flags)));
  if (report.error !== null) terminal.tell(errorOf(report.error, report.exitCode as ExitCodeValue));
  return report;
};
