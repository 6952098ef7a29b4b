import { DevsetupError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { StatusReport } from '../core/status-report.ts';
import type { DevContainerOutcome } from '../core/up-report.ts';
import { failedHook, isOfHook, linesOfHook, linesOfStep, type FailedHook } from './failing-lines.ts';
import type { LogLine } from './follow-log.ts';
import type { Unhealthy } from './unhealthy.ts';

export interface FailureFacts {
  /** null: the program ended without a word. */
  readonly outcome: DevContainerOutcome | null;
  /** What it printed, as shown. */
  readonly lines: readonly LogLine[];
  /** Opens a shell in the container; null: there is no container. */
  readonly enter: string | null;
  /** The step that failed in the last run of devsetup in the container. */
  readonly step?: StatusReport['step'];
  /** Gives the workspace to the container's user, typed on the host; null: that is not what is missing. */
  readonly access?: string | null;
  readonly unhealthy?: Unhealthy | null;
}

const MOST_LINES = 20;
const COMMAND = /^Command failed: /;

/** What failed, with its last lines and what to do about it. */
export const describeFailure = (facts: FailureFacts): DevsetupError => {
  const { outcome, lines, unhealthy } = facts;
  const hook = failedHook(outcome?.description ?? '');
  if (hook !== null) return hookFailure(hook, facts);
  if (unhealthy !== undefined && unhealthy !== null) return unhealthyFailure(unhealthy);
  const reason = reasonOf(outcome?.message ?? outcome?.description ?? 'the dev container program ended without a word');
  const { stage } = lines.at(-1) ?? { stage: null };
  const printed = lines.filter((line) => line.stage === stage && !OWN_LINES.test(line.text)).map(({ text }) => text);
  return new DevsetupError({
    code: 'CONTAINER_FAILED',
    message: `The dev container could not be started: ${reason.replace(/\.$/, '')}.`,
    hint: printed.some((line) => PORT_TAKEN.test(line)) ? OTHER_PORT : FILES,
    output: printed.slice(-MOST_LINES),
  });
};

const unhealthyFailure = ({ name, lines }: Unhealthy): DevsetupError =>
  new DevsetupError({
    code: 'CONTAINER_FAILED',
    message: `The dev container could not be started: it waits for the container ${name}, which is not healthy.`,
    hint: `Fix what its log reports, or the health check in the compose file, then npx devsetup up. The entire log: docker logs ${shellWord(name)}`,
    output: lines.slice(-MOST_LINES),
  });

const FILES =
  'Fix what the lines above report, then npx devsetup up. `npx devsetup doctor --only dev-container` examines the files.';
const PORT_TAKEN = /port is already allocated|address already in use/i;
const OTHER_PORT =
  'Another program uses that port. End it, or give the container another port: `npx devsetup up --rebuild` chooses a free one where the compose file has DEVSETUP_SITE_PORT. Volumes are kept.';

/** What the program says of itself and of the end that it comes to. */
const OWN_LINES = /^(?:(?:Error: )?Command failed: |Start: Run: |Exit code \d+$)/;
const SUBCOMMAND = / (build|up|pull|run|start|exec|ps|inspect|config|create)(?= |$)/;

/** `docker build failed` for a command line that is a screen long. */
const reasonOf = (message: string): string => {
  const command = COMMAND.test(message) ? firstLine(message.replace(COMMAND, '')) : '';
  const words = [command.split(' ')[0], SUBCOMMAND.exec(command)?.[1]].filter(Boolean).join(' ');
  return words === '' ? firstLine(message) : `${words} failed`;
};

const hookFailure = (hook: FailedHook, { outcome, lines, enter, step, access }: FailureFacts): DevsetupError => {
  const command = firstLine((outcome?.message ?? '').replace(COMMAND, '').replace(/^\/bin\/sh -c /, ''));
  const printed = linesOfHook(hook, lines);
  const name = `${hook.hook}${hook.name === null ? '' : ` "${hook.name}"`}`;
  const isStep = step !== undefined && step !== null && isOfHook(step, printed);
  const what = isStep ? `${step.title}: ${step.message}` : command;
  return new DevsetupError({
    code: 'LIFECYCLE_COMMAND_FAILED',
    message: `The ${name} failed${what === '' ? '' : `: ${what}`}`,
    hint: printed.some((line) => NODE_MISSING.test(line))
      ? NODE_NEEDED
      : [
          ...(isStep && step.hint !== null ? [step.hint] : []),
          access ?? (enter === null ? 'Fix it in devcontainer.json, then npx devsetup up.' : lookInside(enter)),
        ].join(' '),
    output: (isStep ? linesOfStep(step, printed) : printed).slice(-MOST_LINES),
  });
};

/** As the shells say it. */
const NODE_MISSING = /(?:^|[\s:])(?:node|npm|npx): (?:command )?not found$|: command not found: (?:node|npm|npx)$/;
const NODE_NEEDED =
  'The image has no Node.js, which devsetup runs on: add "ghcr.io/devcontainers/features/node:1": {} to "features" in devcontainer.json, then npx devsetup up --rebuild.';

const lookInside = (enter: string): string =>
  `The container runs: open a shell in it with ${enter} and type npx devsetup doctor there. Then npx devsetup up, or up --rebuild to create it again.`;

const LONGEST = 200;

const firstLine = (text: string): string => {
  const line = text.split('\n')[0] ?? '';
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)} …`;
};
