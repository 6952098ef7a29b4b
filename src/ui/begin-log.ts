import { fstatSync, mkdirSync, readSync } from 'node:fs';
import { basename, join } from 'node:path';

import { renderHeader } from './logged-runs.ts';
import { codeOf, openLogFile } from './open-log-file.ts';
import type { RunLogOptions } from './run-log.ts';
import type { SettleOptions } from './trim-log.ts';
import { settleLogFile } from './trim-log.ts';
import type { WriteBytes } from './write-all.ts';
import { closeQuietly, writeAll } from './write-all.ts';

export interface OpenedLog {
  readonly fd: number | null;
  readonly path: string | null;
  readonly notice: string | null;
}

/** Opens the log at its place, else in the fallback directory, and writes the header of this run. */
export const beginLog = async (options: RunLogOptions, pid: number, write: WriteBytes): Promise<OpenedLog> => {
  const { path, fallbackDirectory, redact } = options;
  const uid = 'uid' in options ? options.uid : process.getuid?.();
  const { version } = options;
  const { start: processStart } = options.processes;
  const header = renderHeader({
    startedAt: options.now(),
    pid,
    processStart,
    version,
    command: redact(options.command),
  });
  const settings = {
    uid,
    header,
    pid,
    processes: options.processes,
    maxBytes: options.maxBytes ?? 10 * 1024 * 1024,
    now: options.now,
    writeAll: (fd: number, text: string) => writeAll(fd, text, write),
  };

  const first = options.refusal ? { ok: false as const, reason: options.refusal } : await beginAt(path, settings);
  if (first.ok) return { fd: first.fd, path, notice: null };
  const second = join(fallbackDirectory, basename(path));
  const other = makeDirectory(fallbackDirectory) ?? (await beginAt(second, settings));
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

const beginAt = async (path: string, settings: SettleOptions): Promise<Begun> => {
  const file = openLogFile(path, settings.uid);
  if (!file.ok) return file;
  try {
    // A run that the disk had no room for may have left half a line, and a header counts at the start of one only.
    settings.writeAll(file.fd, endsInsideLine(file.fd) ? `\n${settings.header}` : settings.header);
    return { ok: true, fd: await settleLogFile(path, file.fd, settings) };
  } catch (error) {
    closeQuietly(file.fd);
    return { ok: false, reason: `cannot be written (${codeOf(error)})` };
  }
};

const endsInsideLine = (fd: number): boolean => {
  const last = Buffer.alloc(1);
  const { size } = fstatSync(fd);
  return size > 0 && readSync(fd, last, 0, 1, size - 1) === 1 && last.toString('latin1') !== '\n';
};
