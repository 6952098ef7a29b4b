import { closeSync, mkdirSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { RunEvent } from '../core/events.ts';
import { describeEvent } from './describe-event.ts';
import { codeOf, openLogFile } from './open-log-file.ts';
import type { LineJoiner } from './plain-text.ts';
import { joinLines } from './plain-text.ts';
import { settleLogFile } from './trim-log.ts';

export const RUN_HEADER = '=== devsetup run ';
export const RUN_FOOTER = '=== end of run ';

export interface RunLogOptions {
  readonly path: string;
  /** Where the log goes when `path` cannot be had: a directory of the user, made when it is needed. */
  readonly fallbackDirectory: string;
  readonly now: () => Date;
  readonly version: string;
  /** The command line as typed. */
  readonly command: string;
  /** Masks secrets in one line. */
  readonly redact: (line: string) => string;
  /** Above this the oldest runs are dropped when the next one begins. Default 10 MiB. */
  readonly maxBytes?: number;
  /** Default: of this process. */
  readonly uid?: number | undefined;
  readonly pid?: number;
  /** Returns the number of bytes written. Default: fs.writeSync. */
  readonly write?: (fd: number, bytes: Buffer) => number;
}

export interface RunLog {
  /** The file that is written; null: there is none. */
  readonly path: string | null;
  /** Why the log is not where it was asked for; null: it is. */
  readonly notice: string | null;
  /** Writes what the event says; the complete output of commands among it. */
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

/**
 * Appends one run to the log file: header, then every line with time, process and step. Never throws: a log that cannot be opened
 * goes to the fallback, else nowhere, and one that cannot be written any more (disk full) ends with a warning. Writes are
 * synchronous and of whole lines, so that nothing is lost when the process ends and two runs cannot mix within a line.
 */
export const openRunLog = async (options: RunLogOptions): Promise<RunLog> => {
  const { now, redact } = options;
  const pid = options.pid ?? process.pid;
  const write = options.write ?? ((fd: number, bytes: Buffer) => writeSync(fd, bytes));
  const opened = await openSomewhere(options, pid, write);
  let fd = opened.fd;
  let warning: string | null = null;
  const joiners = new Map<string | null, LineJoiner>();

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
  const lines = (stepId: string | null, texts: readonly string[]): void => {
    if (texts.length === 0 || fd === null) return;
    const prefix = `${now().toISOString()} ${pid}${stepId === null ? '' : ` [${stepId}]`} `;
    append(texts.map((text) => `${prefix}${text}\n`).join(''));
  };
  const joinerOf = (stepId: string): LineJoiner => {
    const joiner = joiners.get(stepId) ?? joinLines(redact);
    joiners.set(stepId, joiner);
    return joiner;
  };
  const output = (stepId: string, chunk: string): void =>
    lines(
      stepId,
      joinerOf(stepId)
        .add(chunk)
        .map((line) => `| ${line}`),
    );
  const endOutput = (stepId: string | null): void => {
    const rest = joiners.get(stepId)?.end() ?? [];
    lines(
      stepId,
      rest.map((line) => `| ${line}`),
    );
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
      const { id, text } = describeEvent(event);
      // The output of a command stands before what is said about it.
      if (event.type === 'step-started' || event.type === 'step-finished') endOutput(id);
      return line(id, text);
    },
    warning: () => warning,
    close: (outcome) => {
      for (const stepId of joiners.keys()) endOutput(stepId);
      append(`${RUN_FOOTER}${now().toISOString()} pid ${pid} · ${redact(outcome)} ===\n\n`);
      if (fd !== null) closeQuietly(fd);
      fd = null;
    },
  };
};

interface OpenedSomewhere {
  readonly fd: number | null;
  readonly path: string | null;
  readonly notice: string | null;
}

const openSomewhere = async (
  options: RunLogOptions,
  pid: number,
  write: (fd: number, bytes: Buffer) => number,
): Promise<OpenedSomewhere> => {
  const { path, fallbackDirectory, redact } = options;
  const uid = 'uid' in options ? options.uid : process.getuid?.();
  const header =
    `${RUN_HEADER}${options.now().toISOString()} pid ${pid} · devsetup ${options.version} ===\n` +
    `command: ${redact(options.command)}\n`;
  const settings = { uid, header, pid, maxBytes: options.maxBytes ?? 10 * 1024 * 1024, now: options.now, write };

  const first = await beginLog(path, settings);
  if (first.ok) return { fd: first.fd, path, notice: null };
  const second = join(fallbackDirectory, basename(path));
  const other = makeDirectory(fallbackDirectory) ?? (await beginLog(second, settings));
  if (other.ok) return { fd: other.fd, path: second, notice: `${path} ${first.reason}; the log is ${second}` };
  return {
    fd: null,
    path: null,
    notice: `no log is kept: ${path} ${first.reason}, and ${second} ${other.reason}`,
  };
};

type Begun = { readonly ok: true; readonly fd: number } | { readonly ok: false; readonly reason: string };

const makeDirectory = (directory: string): Extract<Begun, { ok: false }> | undefined => {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return undefined;
  } catch (error) {
    return { ok: false, reason: `cannot be made (${codeOf(error)})` };
  }
};

interface LogSettings {
  readonly uid: number | undefined;
  readonly header: string;
  readonly pid: number;
  readonly maxBytes: number;
  readonly now: () => Date;
  readonly write: (fd: number, bytes: Buffer) => number;
}

const beginLog = async (path: string, settings: LogSettings): Promise<Begun> => {
  const file = openLogFile(path, settings.uid);
  if (!file.ok) return file;
  try {
    writeAll(file.fd, settings.header, settings.write);
    return { ok: true, fd: await settleLogFile(path, file.fd, settings) };
  } catch (error) {
    closeQuietly(file.fd);
    return { ok: false, reason: `cannot be written (${codeOf(error)})` };
  }
};

const writeAll = (fd: number, text: string, write: (fd: number, bytes: Buffer) => number): void => {
  let bytes = Buffer.from(text, 'utf8');
  while (bytes.length > 0) bytes = bytes.subarray(write(fd, bytes));
};

const closeQuietly = (fd: number): void => {
  try {
    closeSync(fd);
  } catch {
    // Nothing more can be done with it, and everything was written before.
  }
};
