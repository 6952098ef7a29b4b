import { DevsetupError } from '../core/errors.ts';
import type { DevContainerOutcome } from '../core/up-report.ts';

export interface FailureFacts {
  /** null: the program ended without a word. */
  readonly outcome: DevContainerOutcome | null;
  /** What it printed, as shown. */
  readonly lines: readonly string[];
  /** Opens a shell in the container; null: there is no container. */
  readonly enter: string | null;
}

const MOST_LINES = 20;
/** How the description of a lifecycle command's failure begins. */
const LIFECYCLE = /\b(initializeCommand|(?:onCreate|updateContent|postCreate|postStart|postAttach)Command)\b/;
const COMMAND = /^Command failed: /;

/** What failed, with its last lines and what to do about it. */
export const describeFailure = ({ outcome, lines, enter }: FailureFacts): DevsetupError => {
  const hook = LIFECYCLE.exec(outcome?.description ?? '')?.[1];
  if (hook !== undefined) return hookFailure(hook, outcome?.message ?? '', lines, enter);
  const reason = reasonOf(outcome?.message ?? outcome?.description ?? 'the dev container program ended without a word');
  return new DevsetupError({
    code: 'CONTAINER_FAILED',
    message: `The dev container could not be started: ${reason.replace(/\.$/, '')}.`,
    hint: 'Mend what the lines above complain of, then npx devsetup up; npx devsetup doctor --only dev-container looks at the files.',
    output: lines.filter((line) => !OWN_LINES.test(line)).slice(-MOST_LINES),
  });
};

/** What the program says of itself and of the end that it comes to. */
const OWN_LINES = /^(?:Error: Command failed: |Start: Run: |@devcontainers\/cli )/;
const SUBCOMMAND = / (build|up|pull|run|start|exec|ps|inspect|config|create)(?= |$)/;

/** `docker build failed` for a command line that is a screen long. */
const reasonOf = (message: string): string => {
  const command = COMMAND.test(message) ? firstLine(message.replace(COMMAND, '')) : '';
  const words = [command.split(' ')[0], SUBCOMMAND.exec(command)?.[1]].filter(Boolean).join(' ');
  return words === '' ? firstLine(message) : `${words} failed`;
};

const hookFailure = (hook: string, message: string, lines: readonly string[], enter: string | null): DevsetupError => {
  const command = firstLine(message.replace(COMMAND, '').replace(/^\/bin\/sh -c /, ''));
  const inside =
    enter === null
      ? ''
      : `The container runs: look in with ${enter} and type npx devsetup doctor there. Then npx devsetup up, or up --rebuild to begin anew.`;
  return new DevsetupError({
    code: 'LIFECYCLE_COMMAND_FAILED',
    message: `The ${hook} failed${command === '' ? '' : `: ${command}`}`,
    hint: inside === '' ? `Mend it in devcontainer.json, then npx devsetup up.` : inside,
    output: outputOf(hook, lines).slice(-MOST_LINES),
  });
};

/** What was printed between the beginning of this hook and its end. */
const outputOf = (hook: string, lines: readonly string[]): readonly string[] => {
  const begin = lines.findLastIndex((line) => line.startsWith(`Running the ${hook}`));
  const after = lines.slice(begin + 1);
  const end = after.findIndex((line) => line.startsWith(`${hook} from `) || COMMAND.test(line.replace(/^Error: /, '')));
  return end === -1 ? after : after.slice(0, end);
};

const LONGEST = 200;

const firstLine = (text: string): string => {
  const line = text.split('\n')[0] ?? '';
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)} …`;
};
