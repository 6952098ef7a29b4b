import type { StatusReport } from '../core/status-report.ts';
import type { LogLine } from './follow-log.ts';

/** A lifecycle command, as the dev container program names the one that failed. */
export interface FailedHook {
  readonly hook: string;
  /** Of one of several that run side by side. */
  readonly name: string | null;
}

/** How the description of a lifecycle command's failure begins. */
const LIFECYCLE =
  /^(?:(.+) of )?(initializeCommand|(?:onCreate|updateContent|postCreate|postStart|postAttach)Command) /;

export const failedHook = (description: string): FailedHook | null => {
  const [, name = null, hook] = LIFECYCLE.exec(description) ?? [];
  return hook === undefined ? null : { hook, name };
};

/** What this hook printed: from its beginning to its failure, without what ran next to it. */
export const linesOfHook = ({ hook, name }: FailedHook, lines: readonly LogLine[]): readonly string[] => {
  const begin = lines.findLastIndex(({ text }) => text.startsWith(`Running the ${hook}`));
  const after = lines.slice(begin + 1);
  const failure = `${name === null ? '' : `${name} of `}${hook} from `;
  const end = after.findIndex(({ text }) => text.startsWith(failure) || /^(?:Error: )?Command failed: /.test(text));
  const printed = end === -1 ? after : after.slice(0, end);
  const part = name === null ? undefined : printed.at(-1)?.part;
  return printed.filter((line) => part === undefined || line.part === part).map(({ text }) => text);
};

type FailedStep = NonNullable<StatusReport['step']>;

/** Whether the hook ran devsetup and this is the step that failed in it: what is remembered may be of an earlier run. */
export const isOfHook = ({ id, title }: FailedStep, printed: readonly string[]): boolean =>
  printed.some((line) => line.startsWith(`[${id}] failed`) || line.startsWith(`${title}: failed`));

/** What the step's own command printed, as the summary of devsetup in the container quotes it. */
export const linesOfStep = ({ title }: FailedStep, printed: readonly string[]): readonly string[] => {
  const begin = printed.findLastIndex((line) => line.startsWith(`${title}: failed`));
  const rest = printed.slice(begin + 1);
  const end = rest.findIndex((line) => !line.startsWith('  '));
  const block = begin === -1 ? [] : rest.slice(0, end === -1 ? undefined : end);
  return block.filter((line) => line.startsWith('  | ')).map((line) => line.slice('  | '.length));
};
