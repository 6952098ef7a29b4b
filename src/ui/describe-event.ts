import type { RunEvent } from '../core/events.ts';
import type { StepResult } from '../core/step.ts';
import { formatDuration } from './format-duration.ts';

export interface EventText {
  /** null: outside a step. */
  readonly id: string | null;
  readonly text: string;
}

/** Why steps were not attempted, as far as the log says it already. */
export type ToldReasons = Set<string>;

/** What the log says about an event: everything, in several lines where there are several facts. */
export const describeEvent = (event: Exclude<RunEvent, { type: 'step-output' }>, told: ToldReasons): EventText => {
  switch (event.type) {
    case 'step-started':
      return { id: event.id, text: `--- ${event.title}: ${event.phase === 'inspect' ? 'looking' : 'doing'}` };
    case 'step-update':
      return { id: event.id, text: event.text };
    case 'step-warning':
      return { id: event.id, text: `warning: ${event.text}` };
    case 'step-finished':
      return { id: event.result.id, text: describeResult(event.result, told) };
    case 'notice':
      return { id: null, text: event.level === 'warning' ? `warning: ${event.text}` : event.text };
  }
};

const describeResult = (result: StepResult, told: ToldReasons): string => {
  const { failure, title, status, message } = result;
  // The cause of a failure follows, after its code.
  const isSaid = failure?.message === message || (status === 'not-attempted' && told.has(message));
  if (status === 'not-attempted') told.add(message);
  const cause = isSaid ? '' : `: ${message}`;
  const facts = [
    `--- ${title}: ${status} in ${formatDuration(result.milliseconds)}${cause}`,
    ...[...result.details, ...result.actions].map((detail) => `    ${detail}`),
  ];
  if (failure !== null) {
    facts.push(`    ${failure.code}: ${failure.message}`, ...failure.output.map((text) => `    | ${text}`));
    if (failure.hint !== null) facts.push(`    ${failure.hint}`);
  }
  return facts.join('\n');
};
