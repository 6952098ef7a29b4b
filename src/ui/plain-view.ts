import type { RunEvent, RunView } from '../core/events.ts';
import { INTERRUPTED_CODE } from '../core/run-steps.ts';
import type { StepResult } from '../core/step.ts';
import { visibleText } from '../core/visible-text.ts';
import type { ViewOptions } from './create-view.ts';
import { formatDuration } from './format-duration.ts';
import type { Palette } from './palette.ts';
import { createPalette } from './palette.ts';
import type { LineJoiner } from './plain-text.ts';
import { joinLines, toPlainLine } from './plain-text.ts';

/**
 * At most one progress line a step in this time, so that a log of 900 tenants stays readable. The latest one that was held back follows at
 * its end: what takes long is then named.
 */
const PROGRESS_MILLISECONDS = 5_000;

export type PlainOptions = Pick<ViewOptions, 'result' | 'renderResult' | 'color' | 'verbose' | 'now'> & {
  readonly stream: { write(text: string): unknown };
  /** Calls once after so many milliseconds, without keeping the process alive; gives what cancels that. */
  readonly after: (milliseconds: number, call: () => void) => () => void;
};

/** One line an event, no cursor codes: for pipes, CI and lifecycle hooks. Lines are not wrapped: a log has no width. */
export const createPlainView = (options: PlainOptions): RunView => {
  const palette = createPalette(options.color);
  const shownAt = new Map<string, number>();
  const heldBack = new Map<string, { text: string; readonly cancel: () => void }>();
  const joiners = new Map<string, LineJoiner>();
  /** Of steps that had nothing to do: if that is true of all of them, the result says it in one line. */
  const held: string[] = [];
  const write = (...texts: readonly string[]): void => {
    for (const line of [...held.splice(0), ...texts]) options.stream.write(`${line}\n`);
  };
  const mark = (id: string, text: string): string => `${palette.dim(`[${id}]`)} ${text}`;
  const say = (id: string, text: string): void => write(mark(id, text));
  const sayOutput = (id: string, lines: readonly string[]): void => {
    for (const line of lines) say(id, `| ${line}`);
  };
  const joinerOf = (id: string): LineJoiner => {
    const joiner = joiners.get(id) ?? joinLines();
    joiners.set(id, joiner);
    return joiner;
  };

  const release = (id: string): void => {
    heldBack.get(id)?.cancel();
    heldBack.delete(id);
  };
  const sayUpdate = (id: string, text: string): void => {
    release(id);
    shownAt.set(id, options.now());
    say(id, toPlainLine(text));
  };

  const sayResult = (result: StepResult): void => {
    const line = mark(result.id, describeResult(result, palette));
    if (options.verbose) return write(line);
    switch (result.status) {
      case 'not-applicable':
      // The result names the cause, and these after it.
      case 'not-attempted':
        return;
      case 'unchanged':
      case 'skipped':
        held.push(line);
        return;
      default:
        return write(line);
    }
  };

  const event = (event: RunEvent): void => {
    switch (event.type) {
      case 'step-started':
        // Looking is quick and says nothing; that something is being changed is worth a line.
        if (event.phase === 'apply') say(event.id, `${event.title} …`);
        return;
      case 'step-update': {
        const { id, text, important } = event;
        const waiting = heldBack.get(id);
        const left = PROGRESS_MILLISECONDS - (options.now() - (shownAt.get(id) ?? -Infinity));
        if (left <= 0 || important === true) return sayUpdate(id, text);
        if (waiting !== undefined) waiting.text = text;
        else
          heldBack.set(id, { text, cancel: options.after(left, () => sayUpdate(id, heldBack.get(id)?.text ?? text)) });
        return;
      }
      case 'step-output':
        if (options.verbose) sayOutput(event.id, joinerOf(event.id).add(event.chunk));
        return;
      case 'step-warning':
        return say(event.id, `${palette.yellow('warning:')} ${toPlainLine(event.text)}`);
      case 'step-finished':
        release(event.result.id);
        if (options.verbose) sayOutput(event.result.id, joinerOf(event.result.id).end());
        return sayResult(event.result);
      case 'notice':
        if (event.level === 'verbose' && !options.verbose) return;
        return write(`${event.level === 'warning' ? `${palette.yellow('warning:')} ` : ''}${visibleText(event.text)}`);
    }
  };
  return {
    event,
    finish: async (report) => {
      [...heldBack.keys()].forEach(release);
      // The log of a pipeline is read later: it keeps which database was found in which state.
      if (report.outcome !== 'unchanged' || report.command === 'migrate') write();
      options.result.write(options.renderResult(report));
    },
  };
};

/** e.g. `changed in 3.2s: 42 migrations applied`. */
const describeResult = (result: StepResult, palette: Palette): string => {
  const message = toPlainLine(result.message.split('\n')[0] ?? '');
  const time = formatDuration(result.milliseconds);
  switch (result.status) {
    case 'changed':
      return `${palette.green('changed')} in ${time}: ${message}`;
    case 'failed':
      return result.failure?.code === INTERRUPTED_CODE
        ? `${palette.yellow('interrupted')} after ${time}`
        : // The result names the cause.
          `${palette.red('failed')} after ${time}`;
    case 'not-attempted':
      return `${palette.yellow('not attempted')}: ${message}`;
    case 'would-change':
      return `${palette.yellow('would change')}: ${message}`;
    case 'not-applicable':
      return `not applicable: ${message}`;
    case 'unchanged':
    case 'skipped':
      return `${result.status}: ${message}`;
  }
};
