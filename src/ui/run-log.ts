import { writeSync } from 'node:fs';
import type { RunEvent } from '../core/events.ts';
import { beginLog } from './begin-log.ts';
import { boundOutput } from './bound-output.ts';
import { describeEvent, type ToldReasons } from './describe-event.ts';
import { renderFooter } from './logged-runs.ts';
import { codeOf } from './open-log-file.ts';
import type { LineJoiner } from './plain-text.ts';
import { joinLines } from './plain-text.ts';
import type { LogProcesses } from './trim-log.ts';
import type { WriteBytes } from './write-all.ts';
import { closeQuietly, writeAll } from './write-all.ts';

export interface RunLogOptions {
  readonly path: string;
  /** Why nothing may be written at `path`, in words that follow it; null or omitted: it may. */
  readonly refusal?: string | null;
  /** Where the log goes when `path` cannot be had: a directory of the user, made when it is needed. */
  readonly fallbackDirectory: string;
  readonly processes: LogProcesses;
  readonly now: () => Date;
  readonly version: string;
  /** The command line as typed. */
  readonly command: string;
  /** Masks secrets in one line. */
  readonly redact: (line: string) => string;
  /** Above this the oldest runs are dropped when the next one begins. Default 10 MiB. */
  readonly maxBytes?: number;
  /** How much of the output of commands a run writes as it comes; of the rest, the end of each step's is kept. Default 8 Mi. */
  readonly maxOutputCharacters?: number;
  /** Default: of this process. */
  readonly uid?: number | undefined;
  readonly pid?: number;
  /** Returns the number of bytes written. Default: fs.writeSync. */
  readonly write?: WriteBytes;
}

export interface RunLog {
  /** The file that is written; null: there is none. */
  readonly path: string | null;
  /** Why the log is not where it was asked for; null: it is. */
  readonly notice: string | null;
  /** Writes what the event says; the output of commands among it. */
  event(event: RunEvent): void;
  /** Output of a command of a step as it arrives, in pieces of any length. */
  output(stepId: string, chunk: string): void;
  /** One or more lines; `stepId` null: outside a step. */
  line(stepId: string | null, text: string): void;
  /** Why the log is incomplete, once that has happened. */
  warning(): string | null;
  /** Writes unfinished lines and the footer. Nothing else is lost without it: every line is written when it is whole. */
  close(outcome: string): void;
}

const MAX_OUTPUT_CHARACTERS = 8 * 1024 * 1024;

/**
 * Appends one run to the log file: header, then every line with time, process and step. Never throws: a log that cannot be opened
 * goes to the fallback, else nowhere, and one that cannot be written any more (disk full) ends with a warning. Writes are
 * synchronous and of whole lines, so that nothing is lost when the process ends and two runs cannot mix within a line. Only the output
 * of commands beyond a limit is held back and shortened.
 */
export const openRunLog = async (options: RunLogOptions): Promise<RunLog> => {
  const { now, redact } = options;
  const pid = options.pid ?? process.pid;
  const write: WriteBytes = options.write ?? ((fd, bytes) => writeSync(fd, bytes));
  const opened = await beginLog(options, pid, write);
  let fd = opened.fd;
  let warning: string | null = null;
  const joiners = new Map<string, LineJoiner>();
  const told: ToldReasons = new Set();

  const append = (text: string): void => {
    if (fd === null) return;
    try {
      writeAll(fd, text, write);
    } catch (error) {
      warning = `the log ${opened.path} is incomplete: it cannot be written any more (${codeOf(error)})`;
      closeQuietly(fd);
      fd = null;
    }
  };
  const prefixOf = (stepId: string | null): string =>
    `${now().toISOString()} ${pid}${stepId === null ? '' : ` [${stepId}]`} `;
  const lines = (stepId: string | null, texts: readonly string[]): void => {
    if (texts.length === 0 || fd === null) return;
    const prefix = prefixOf(stepId);
    append(texts.map((text) => `${prefix}${text}\n`).join(''));
  };
  const { maxOutputCharacters = MAX_OUTPUT_CHARACTERS } = options;
  const bound = boundOutput(
    { headCharacters: maxOutputCharacters, tailCharacters: Math.ceil(maxOutputCharacters / 32) },
    (stepId, note) => `${prefixOf(stepId)}${note}\n`,
  );
  const outputLines = (stepId: string, texts: readonly string[]): void => {
    if (texts.length === 0 || fd === null) return;
    const prefix = prefixOf(stepId);
    const written = bound.add(
      stepId,
      texts.map((text) => `${prefix}| ${text}\n`),
    );
    if (written.length > 0) append(written.join(''));
  };
  const joinerOf = (stepId: string): LineJoiner => {
    const joiner = joiners.get(stepId) ?? joinLines(redact);
    joiners.set(stepId, joiner);
    return joiner;
  };
  const output = (stepId: string, chunk: string): void => outputLines(stepId, joinerOf(stepId).add(chunk));
  const endOutput = (stepId: string): void => {
    outputLines(stepId, joiners.get(stepId)?.end() ?? []);
    const held = bound.end(stepId);
    if (held.length > 0) append(held.join(''));
  };
  const line = (stepId: string | null, text: string): void => {
    const joiner = joinLines(redact);
    lines(stepId, [...joiner.add(text), ...joiner.end()]);
  };

  return {
    path: opened.path,
    notice: opened.notice,
    output,
    line,
    event: (event) => {
      if (event.type === 'step-output') return output(event.id, event.chunk);
      const { id, text } = describeEvent(event, told);
      // The output of a command stands before what is said about it.
      if ((event.type === 'step-started' || event.type === 'step-finished') && id !== null) endOutput(id);
      return line(id, text);
    },
    warning: () => warning,
    close: (outcome) => {
      for (const stepId of joiners.keys()) endOutput(stepId);
      append(renderFooter({ endedAt: now(), pid, outcome: redact(outcome) }));
      if (fd !== null) closeQuietly(fd);
      fd = null;
    },
  };
};
