import { DevsetupError, ExitCode, isDevsetupError } from '../core/errors.ts';
import { UP_SCHEMA_VERSION, type UpReport } from '../core/up-report.ts';
import { SITE_PORT_VARIABLE } from '../devcontainer/publish-site.ts';
import type { DevContainer } from '../devcontainer/dev-container.ts';
import type { RunCommand } from '../process/run-command.ts';
import { shown } from '../project/files.ts';
import { askSetup, type SetupAnswer } from './ask-setup.ts';
import { describeFailure } from './describe-failure.ts';
import { endInterrupted } from './end-interrupted.ts';
import { enterCommand } from './enter-command.ts';
import { findSite } from './find-site.ts';
import { followLog, type LogLine } from './follow-log.ts';
import { openPlace } from './open-place.ts';
import { readOutcome } from './read-outcome.ts';
import { CHECK, type Stage } from './stages.ts';
import { findUnhealthy } from './unhealthy.ts';
import { verifyEngine } from './verify-engine.ts';
import { workspaceAccess } from './workspace-access.ts';

export interface UpOptions {
  readonly root: string;
  /** `--dev-container` */
  readonly devContainer?: string | undefined;
  /** The container is created again; volumes stay. */
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
  /** The folder of manage.py; null: there is none, or several. */
  readonly backendDirectory: string | null;
  /** A port of this machine that nothing listens on. */
  readonly freePort: () => Promise<number>;
  /** Where the lines go. */
  readonly logFile: string | null;
  /** Worth knowing before anything is started. */
  readonly onNote: (text: string) => void;
  readonly onStage: (stage: Stage) => void;
  /** The last stage failed. */
  readonly onFailure: () => void;
  /** What the program and the hooks in the container print. */
  readonly onLine: (line: LogLine) => void;
}

/** `devcontainer up` for this checkout. Never throws for what stands in its way: the report says it. */
export const bringUp = async (options: UpOptions, services: UpServices): Promise<UpReport> => {
  const began = services.monotonic();
  let found: Found = { devcontainer: null, enter: null, setup: null, site: null };
  let error: DevsetupError | null = null;
  const stages: (Stage & { readonly began: number })[] = [];
  const onStage = (stage: Stage): void => {
    stages.push({ ...stage, began: services.monotonic() });
    services.onStage(stage);
  };
  let failed: number | null = null;
  const onFailure = (): void => {
    failed = services.monotonic();
    services.onFailure();
  };
  try {
    await start(options, { ...services, onStage, onFailure }, (more) => (found = { ...found, ...more }));
  } catch (failure) {
    if (!isDevsetupError(failure)) throw failure;
    error = failure;
  }
  const { aborted } = services.signal;
  const ended = services.monotonic();
  return {
    schemaVersion: UP_SCHEMA_VERSION,
    command: 'up',
    version: services.version,
    project: options.root,
    outcome: aborted ? 'interrupted' : error === null ? 'success' : 'failed',
    exitCode: aborted ? ExitCode.interrupted : (error?.exitCode ?? ExitCode.done),
    milliseconds: Math.round(ended - began),
    stages: stages.map(({ id, title, ...stage }, index) => ({
      id,
      title,
      milliseconds: Math.round((stages[index + 1]?.began ?? failed ?? ended) - stage.began),
    })),
    ...found,
    logFile: services.logFile,
    error:
      error === null
        ? null
        : { code: error.code, message: error.message, hint: error.hint ?? null, output: error.output },
  };
};

type Found = Pick<UpReport, 'devcontainer' | 'enter' | 'setup' | 'site'>;
type Tell = (found: Partial<Found>) => void;

const start = async (options: UpOptions, services: UpServices, tell: Tell): Promise<void> => {
  const { root, rebuild, noCache } = options;
  const { runCommand, signal } = services;
  const opened = await openPlace(root, options.devContainer, { ...services, directory: root });
  const { container, others, cli, config, place } = opened;
  if (others.length > 0 && options.devContainer === undefined) services.onNote(noteOf(root, container, others));
  const needsCompose = container.composeFiles.length > 0;
  await verifyEngine({ ...services, directory: root, needsCompose });
  if (signal.aborted) throw interrupted();

  const again = rebuild || noCache ? ['--remove-existing-container'] : [];
  const flags = ['--log-format', 'json', ...again, ...(noCache ? ['--build-no-cache'] : [])];
  const env = {
    ...services.env,
    [SITE_PORT_VARIABLE]: services.env[SITE_PORT_VARIABLE] ?? `${await services.freePort()}`,
  };
  const lines: LogLine[] = [];
  const stages: string[] = [];
  const follower = followLog(root, {
    onStage: (stage) => {
      stages.push(stage.id);
      services.onStage(stage);
    },
    onLine: (line) => {
      lines.push(line);
      services.onLine(line);
    },
  });
  const command = { program: cli.program, args: [...cli.args, 'up', ...place, ...flags], directory: root, env };
  const run = await runCommand(command, { signal, onOutput: follower.add });
  follower.end();
  const said = readOutcome(run.stdout);
  const outcome = said.kind === 'known' ? said.outcome : null;
  const { properties } = container;
  const enter = await enterCommand({ root, cwd: services.cwd, config, properties }, outcome);
  tell({ devcontainer: outcome, enter });
  if (run.aborted) {
    services.onFailure();
    throw await endInterrupted({ root, file: container.file, stages }, { ...services, directory: root });
  }
  if (said.kind === 'unreadable') throw unreadableOutcome(said.line);

  const inside = { directory: root, env: services.env, runCommand, signal };
  const isUp = run.exitCode === 0 && outcome?.outcome === 'success';
  if (isUp) services.onStage(CHECK);
  else services.onFailure();
  const answer: SetupAnswer =
    outcome?.containerId === undefined ? { kind: 'absent' } : await askSetup(cli, place, inside);
  if (!isUp) {
    const printed = lines.map(({ text }) => text);
    const { platform } = services;
    const access = enter === null ? null : await workspaceAccess(cli, place, printed, { ...inside, platform });
    const unhealthy = await findUnhealthy(printed, inside);
    throw describeFailure({ outcome, lines, enter, access, unhealthy, ...stepOf(answer) });
  }
  const { containerId } = outcome;
  if (containerId !== undefined) {
    const { cwd, backendDirectory } = services;
    tell({ site: await findSite({ cwd, backendDirectory, container, containerId }, inside) });
  }
  verifySetup(answer, { enter, tell, say: (text) => services.onLine({ stage: CHECK.id, text, part: 0 }) });
};

const noteOf = (root: string, { name }: DevContainer, others: readonly string[]): string =>
  `${name} is used. --dev-container takes another one: ${others.map((file) => shown(root, file)).join(', ')}`;

const stepOf = (answer: SetupAnswer): { readonly step?: UpStep } =>
  answer.kind === 'known' ? { step: answer.status.step } : {};

type UpStep = NonNullable<UpReport['setup']>['step'];

interface SetupPlaces {
  readonly enter: string | null;
  readonly tell: Tell;
  readonly say: (text: string) => void;
}

/** A hook that failed is not run again for that container, and a further `up` succeeds without it: whether all is well is asked inside. */
const verifySetup = (answer: SetupAnswer, { enter, tell, say }: SetupPlaces): void => {
  if (answer.kind === 'unreadable') say(SETUP_UNREADABLE);
  if (answer.kind !== 'known') return;
  const { outcome, step, logFile } = answer.status;
  tell({ setup: { outcome, step, logFile } });
  if (outcome !== 'failed' && outcome !== 'cut-short' && outcome !== 'interrupted') return;
  const where = step === null ? '' : `: ${step.title}: ${step.message}`;
  throw new DevsetupError({
    code: 'SETUP_FAILED',
    message: `The container runs, but the last set-up in it ${outcome === 'failed' ? 'failed' : 'was cut short'}${where}`,
    hint: `Open a shell in it with ${enter ?? 'a terminal of the container'}, and type npx devsetup doctor there, or npx devsetup to try again.`,
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

const interrupted = (): DevsetupError =>
  new DevsetupError({
    code: 'INTERRUPTED',
    message: 'The start of the container was interrupted before anything was started.',
    hint: '`npx devsetup up` continues.',
  });
