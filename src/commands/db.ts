import process from 'node:process';

import type { Command } from 'commander';

import type { CommonOptions } from './common-options.ts';
import type { Terminal } from './terminal.ts';

const HELP = `
It is for development on this machine: it listens on 127.0.0.1 only, runs until \`npx devsetup db stop\` or the next restart of the machine, and
keeps its data, its port and its password in devsetup's state directory. For a project's own commands:

  eval "$(npx devsetup db env)"          bash, zsh
  npx devsetup db env | source           fish`;

type Options = Pick<CommonOptions, 'project' | 'config' | 'json' | 'yes'>;
type Action = (options: Options, terminal: Terminal) => Promise<{ readonly exitCode: number }>;

/** `devsetup db …` */
export const addDbCommand = (program: Command, terminal: Terminal): void => {
  const db = program
    .command('db')
    .description('a PostgreSQL of this checkout, without Docker: start, stop, status, url, env, psql, reset')
    // Arguments of psql are not devsetup's own.
    .enablePositionalOptions()
    .addHelpText('after', () => terminal.typed(HELP));
  const add = (name: string, description: string, load: () => Promise<Action>): Command =>
    db
      .command(name)
      .description(description)
      .option('--project <dir>', 'the checkout it belongs to (default: the one around this folder)')
      .action((options: Options) => terminal.run(options, async () => (await load())(options, terminal)));
  const withJson = (command: Command): Command => command.option('--json', 'print exactly one JSON document on stdout');

  /** What the settings say counts for these. */
  const withConfig = (command: Command): Command => command.option('--config <file>', 'the configuration file');

  withJson(
    withConfig(
      add('start', 'start it, with an empty database for the project', async () => (await actions()).startDatabase),
    ),
  );
  withJson(add('stop', 'stop it; its data is kept', async () => (await actions()).stopDatabase));
  withJson(add('status', 'whether it runs; exit code 1 if it does not', async () => (await actions()).tellDatabase));
  withConfig(
    add('url', "print the URL of the project's database, with its password", async () => (await actions()).printUrl),
  );
  withConfig(add('env', 'print shell commands that let a terminal use it', async () => (await actions()).printExports));
  db.command('psql')
    .description("open psql on the project's database; arguments are passed on: -- -c 'SELECT 1'")
    .argument('[arguments...]', 'what psql takes')
    .option('--project <dir>', 'the checkout it belongs to (default: the one around this folder)')
    .option('--config <file>', 'the configuration file')
    .passThroughOptions()
    .allowUnknownOption()
    .action((words: readonly string[], options: Options) =>
      terminal.run(options, async () => (await actions()).openPsql(words, options, terminal)),
    );
  withJson(
    add('reset', 'stop it and remove all its data; asks first', async () => (await actions()).resetDatabase),
  ).option('--yes', 'do not ask');
};

const actions = () => import('./db-actions.ts');

/** `devsetup db keep <state directory>`: not for people; see `keepServer`. */
export const keepDatabase = async (stateDirectory: string): Promise<never> => {
  const { keepServer } = await import('../server/keep-server.ts');
  process.exit(await keepServer(stateDirectory));
};
