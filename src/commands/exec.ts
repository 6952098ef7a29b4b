import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import process from 'node:process';

import type { Command } from 'commander';

import { DevsetupError, ExitCode, messageOf, usageError } from '../core/errors.ts';
import { databaseOption, type CommonOptions, type DatabaseFlag } from './common-options.ts';
import type { Terminal } from './terminal.ts';
import { definedOf } from './up.ts';

interface ExecOptions extends Pick<CommonOptions, 'project' | 'config' | 'ui'> {
  readonly db?: DatabaseFlag;
  readonly container?: boolean;
  readonly devContainer?: string;
}

const HELP = `
The command has what Django has in a run: the virtual environment on its PATH, the variables of env files that the settings do not read by
themselves and, with --db embedded, the address of the embedded database. It runs in this folder, and its exit code is that of devsetup:

  npx devsetup exec -- python manage.py runserver
  npx devsetup exec --db embedded -- psql

With --container, on the host, it has all this in the dev container that npx devsetup up started:

  npx devsetup exec --container -- python manage.py shell`;

/** `devsetup exec -- COMMAND` */
export const addExecCommand = (program: Command, terminal: Terminal): void => {
  program
    .command('exec')
    .description("run a command with the project's environment: env files, virtual environment, database")
    .argument('[command...]', 'the command and its arguments')
    .option('--container', 'run it in the dev container of the checkout, in the same folder')
    .option('--dev-container <file>', 'the same, in that of this devcontainer.json, where there are several')
    .option('--project <dir>', 'the checkout it belongs to (default: the one around this folder)')
    .option('--config <file>', 'the configuration file')
    .addOption(databaseOption())
    .addHelpText('after', () => terminal.typed(HELP))
    .passThroughOptions()
    .action((words: readonly string[], options: ExecOptions) =>
      terminal.run(options, async () => ({ exitCode: await exec(words, options, terminal) })),
    );
};

const exec = async (words: readonly string[], options: ExecOptions, terminal: Terminal): Promise<number> => {
  const [program, ...args] = words;
  if (program === undefined)
    throw usageError({
      code: 'COMMAND_MISSING',
      message: 'devsetup exec needs a command.',
      hint: 'For example: `npx devsetup exec -- python manage.py shell`.',
    });
  if (options.container === true || options.devContainer !== undefined)
    return execInContainer(words, options, terminal);
  const { host } = terminal;
  const [{ openWorkspace }, { readLastRun }, { commandEnvironment }, { provideDatabase }] = await Promise.all([
    import('../setup/open-workspace.ts'),
    import('../state/last-run.ts'),
    import('../setup/command-environment.ts'),
    import('./provide-database.ts'),
  ]);
  const { provide: embedded } = provideDatabase(options, terminal, 'command');
  const workspace = await openWorkspace({ project: options.project, config: options.config, host, embedded });
  // It is typed many times a day: what the last run has said is not repeated.
  const told = readLastRun(workspace.state)?.warnings ?? [];
  for (const warning of workspace.environment.warnings)
    if (!told.includes(warning)) terminal.print(process.stderr, `Warning: ${warning}\n`);
  if (terminal.signal.aborted) return ExitCode.interrupted;
  return runForUser(program, args, commandEnvironment(workspace));
};

const execInContainer = async (words: readonly string[], options: ExecOptions, terminal: Terminal): Promise<number> => {
  const { host, signal } = terminal;
  const [{ execInside }, { findRoot }, { runCommand }] = await Promise.all([
    import('../container/exec-inside.ts'),
    import('../project/find-root.ts'),
    import('../process/run-command.ts'),
  ]);
  const { project, config, db, devContainer } = options;
  const env = definedOf(host.env);
  const { program, args, pass } = await execInside({
    root: await findRoot({ cwd: host.cwd, project }),
    cwd: host.cwd,
    devContainer,
    flags: Object.entries({ config, db }).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, value])),
    words,
    env,
    platform: host.platform,
    runCommand,
    signal,
  });
  return runForUser(program, args, env, pass);
};

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * What ends the command ends devsetup, with its exit code: the terminal sends Ctrl-C to both, and a signal for devsetup alone is passed on.
 *
 * @param pass if the program is only a client, and what it started continues after the client ends: passes a signal on to that
 */
export const runForUser = (
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  pass?: (signal: NodeJS.Signals) => Promise<unknown>,
): Promise<number> =>
  new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: 'inherit' });
    const passed: Promise<unknown>[] = [];
    for (const name of SIGNALS) {
      process.removeAllListeners(name);
      process.on(name, () => {
        if (name === 'SIGINT' && process.stdin.isTTY) return;
        if (pass === undefined) child.kill(name);
        else passed.push(pass(name));
      });
    }
    child.once('error', (error: NodeJS.ErrnoException) => reject(notStarted(program, error)));
    child.once('exit', (code, signal) => {
      const exitCode = code ?? 128 + constants.signals[signal ?? 'SIGTERM'];
      // The terminal has ended the client alone.
      if (signal !== null && pass !== undefined) passed.push(pass('SIGTERM'));
      void Promise.all(passed).then(() => resolve(exitCode));
    });
  });

const notStarted = (program: string, error: NodeJS.ErrnoException): DevsetupError =>
  new DevsetupError({
    code: 'COMMAND_NOT_STARTED',
    message:
      error.code === 'ENOENT'
        ? `${program} was not found, neither in the virtual environment nor on the PATH.`
        : `${program} could not be started: ${messageOf(error)}`,
    hint: 'Correct its name, or install it.',
    exitCode: 2,
  });
