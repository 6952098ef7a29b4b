import path from 'node:path';

import { DevsetupError, ExitCode, isDevsetupError, usageError } from '../core/errors.ts';
import { UP_SCHEMA_VERSION, type UpReport } from '../core/up-report.ts';
import { findDevContainer } from '../devcontainer/dev-container.ts';
import { findReferenceCli, type ReferenceCli } from '../devcontainer/reference-cli.ts';
import type { RunCommand } from '../process/run-command.ts';
import { askSetup } from './ask-setup.ts';
import { describeFailure } from './describe-failure.ts';
import { enterCommand } from './enter-command.ts';
import { readOutcome, shownLine } from './read-outcome.ts';
import { verifyEngine } from './verify-engine.ts';

export interface UpOptions {
  readonly root: string;
  /** The container is made anew; volumes stay. */
  readonly rebuild: boolean;
  /** The image is built without what earlier builds left. */
  readonly noCache: boolean;
}

export interface UpServices {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly platform: string;
  readonly version: string;
  readonly runCommand: RunCommand;
  readonly signal: AbortSignal;
  readonly monotonic: () => number;
  /** What the program and the hooks in the container print. */
  readonly onLine: (line: string) => void;
}

/** `devcontainer up` for this checkout. Never throws for what stands in its way: the report says it. */
export const bringUp = async (options: UpOptions, services: UpServices): Promise<UpReport> => {
  const began = services.monotonic();
  let found: Pick<UpReport, 'devcontainer' | 'enter' | 'setup'> = { devcontainer: null, enter: null, setup: null };
  let error: DevsetupError | null = null;
  try {
    await start(options, services, (more) => (found = { ...found, ...more }));
  } catch (failure) {
    if (!isDevsetupError(failure)) throw failure;
    error = failure;
  }
  const { aborted } = services.signal;
  return {
    schemaVersion: UP_SCHEMA_VERSION,
    command: 'up',
    version: services.version,
    project: options.root,
    outcome: aborted ? 'interrupted' : error === null ? 'success' : 'failed',
    exitCode: aborted ? ExitCode.interrupted : (error?.exitCode ?? ExitCode.done),
    milliseconds: Math.round(services.monotonic() - began),
    ...found,
    error:
      error === null
        ? null
        : { code: error.code, message: error.message, hint: error.hint ?? null, output: error.output },
  };
};

type Tell = (found: Partial<Pick<UpReport, 'devcontainer' | 'enter' | 'setup'>>) => void;

const start = async ({ root, rebuild, noCache }: UpOptions, services: UpServices, tell: Tell): Promise<void> => {
  const { runCommand, env, signal } = services;
  const container = await findDevContainer(root);
  if (container === undefined) throw noDevContainer(root);
  const cli = findReferenceCli();
  if (cli === null) throw noReferenceCli();
  const needsCompose = container.composeFiles.length > 0;
  await verifyEngine({ ...services, directory: root, needsCompose });
  if (signal.aborted) throw interrupted();

  const config = isUsualPlace(root, container.file) ? null : container.file;
  const place = ['--workspace-folder', root, ...(config === null ? [] : ['--config', config])];
  const anew = rebuild || noCache ? ['--remove-existing-container'] : [];
  const args = [...cli.args, 'up', ...place, ...anew, ...(noCache ? ['--build-no-cache'] : [])];
  const lines: string[] = [];
  const take = collectLines((line) => {
    const shown = shownLine(line);
    if (shown === null) return;
    lines.push(shown);
    services.onLine(shown);
  });
  const run = await runCommand({ program: cli.program, args, directory: root, env }, { signal, onOutput: take.add });
  take.end();
  const said = readOutcome(run.stdout);
  const outcome = said.kind === 'known' ? said.outcome : null;
  const { properties } = container;
  const enter = await enterCommand({ root, cwd: services.cwd, config, properties }, outcome);
  tell({ devcontainer: outcome, enter });
  if (run.aborted) throw interrupted();
  if (said.kind === 'unreadable') throw unreadableOutcome(said.line);
  if (run.exitCode !== 0 || outcome?.outcome !== 'success') throw describeFailure({ outcome, lines, enter });
  await verifySetup(cli, place, { ...services, directory: root, enter, tell });
};

interface SetupPlaces extends Pick<UpServices, 'runCommand' | 'env' | 'signal' | 'onLine'> {
  readonly directory: string;
  readonly enter: string | null;
  readonly tell: Tell;
}

/** A hook that failed is not run again for that container, and a further `up` succeeds without it: whether all is well is asked inside. */
const verifySetup = async (cli: ReferenceCli, place: readonly string[], places: SetupPlaces): Promise<void> => {
  const answer = await askSetup(cli, place, places);
  if (answer.kind === 'unreadable') places.onLine(SETUP_UNREADABLE);
  if (answer.kind !== 'known') return;
  const { outcome, step, logFile } = answer.status;
  places.tell({ setup: { outcome, step, logFile } });
  if (outcome !== 'failed' && outcome !== 'cut-short' && outcome !== 'interrupted') return;
  const where = step === null ? '' : `: ${step.title}: ${step.message}`;
  throw new DevsetupError({
    code: 'SETUP_FAILED',
    message: `The container runs, but the last set-up in it ${outcome === 'failed' ? 'failed' : 'was cut short'}${where}`,
    hint: `Look in with ${places.enter ?? 'a terminal of the container'}, and type npx devsetup doctor there, or npx devsetup to try again.`,
  });
};

const SETUP_UNREADABLE =
  'devsetup in the container reports its last run in a form that this version does not know: type npx devsetup status there.';

const LONGEST_LINE = 500;

const unreadableOutcome = (line: string): DevsetupError =>
  new DevsetupError({
    code: 'CONTAINER_RESULT_UNREADABLE',
    message: 'The dev container program ended with a result that devsetup does not understand.',
    hint: 'Install the version of @devcontainers/cli that devsetup needs: npm install. npm ls @devcontainers/cli lists what is installed.',
    output: [line.length <= LONGEST_LINE ? line : `${line.slice(0, LONGEST_LINE)} …`],
  });

const isUsualPlace = (root: string, file: string): boolean =>
  ['.devcontainer/devcontainer.json', '.devcontainer.json'].includes(path.relative(root, file));

const collectLines = (take: (line: string) => void) => {
  let rest = '';
  return {
    add: (chunk: string): void => {
      const parts = (rest + chunk).split(/\r?\n/);
      rest = parts.pop() ?? '';
      parts.forEach(take);
    },
    end: (): void => {
      if (rest !== '') take(rest);
      rest = '';
    },
  };
};

const interrupted = (): DevsetupError =>
  new DevsetupError({
    code: 'INTERRUPTED',
    message: 'The start of the container was interrupted.',
    hint: 'npx devsetup up goes on.',
  });

const noDevContainer = (root: string): DevsetupError =>
  usageError({
    code: 'DEVCONTAINER_MISSING',
    message: `There is no devcontainer.json in ${root}.`,
    hint: 'npx devsetup init makes one.',
  });

const noReferenceCli = (): DevsetupError =>
  new DevsetupError({
    code: 'DEVCONTAINER_CLI_MISSING',
    message: 'The package @devcontainers/cli, which comes with devsetup, is not installed.',
    hint: 'Install the dependencies of your package.json again, e.g. npm install.',
  });
