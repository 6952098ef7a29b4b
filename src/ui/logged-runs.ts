import { readSync } from 'node:fs';

const HEADER = '=== devsetup run ';
const FOOTER = '=== end of run ';

/** A run as it is found in the log. */
export interface LoggedRun {
  /** Bytes from the start of the file. */
  readonly offset: number;
  readonly startedAt: string;
  readonly pid: number;
  /** See `readProcessStart`; null where the header does not tell. */
  readonly processStart: string | null;
  /** Whether its footer was found. */
  ended: boolean;
}

// Every other line begins with the time, so that no output can pass for one of these.
export const renderHeader = (run: {
  startedAt: Date;
  pid: number;
  processStart: string | null;
  version: string;
  command: string;
}): string => {
  const start = run.processStart === null ? '' : ` · process start ${run.processStart}`;
  return `${HEADER}${run.startedAt.toISOString()} pid ${run.pid} · devsetup ${run.version}${start} ===\ncommand: ${oneLine(run.command)}\n`;
};

export const renderFooter = (run: { endedAt: Date; pid: number; outcome: string }): string =>
  `${FOOTER}${run.endedAt.toISOString()} pid ${run.pid} · ${oneLine(run.outcome)} ===\n`;

const oneLine = (text: string): string => text.replace(/\s+/g, ' ');

/** Whether a file that starts like this is a log of devsetup: with a header, or with a line of a run that lost its header. */
export const isLogStart = (start: string): boolean =>
  /^(?:=== (?:devsetup run|end of run) |\d{4}-\d\d-\d\dT[\d:.]+Z \d+ )/.test(start);

const MARK = /^=== (devsetup run|end of run) (\S+) pid (\d+) (?:\S+ devsetup \S+ \S+ process start (\d+) ===)?/gm;
/** No mark is longer. */
const OVERLAP = 256;

/** The runs of a log file, oldest first, read in pieces: a log can be larger than what fits into memory. */
export const findRuns = (fd: number, size: number): readonly LoggedRun[] => {
  const runs: LoggedRun[] = [];
  const buffer = Buffer.alloc(1_048_576);
  let seen = -1;
  for (let start = 0; start < size; start += buffer.length - OVERLAP) {
    const count = readSync(fd, buffer, 0, buffer.length, start);
    // One character a byte, so that positions are offsets.
    const text = buffer.toString('latin1', 0, count);
    for (const match of text.matchAll(MARK)) {
      // A piece may begin in the middle of a line, where `^` matches as well.
      const offset = start + match.index;
      if (offset <= seen || (match.index === 0 && start > 0)) continue;
      seen = offset;
      const [, kind, time = '', digits = '', processStart] = match;
      const pid = Number(digits);
      if (kind === 'devsetup run')
        runs.push({ offset, startedAt: time, pid, processStart: processStart ?? null, ended: false });
      else for (const run of runs) if (run.pid === pid) run.ended = true;
    }
    if (count < buffer.length) break;
  }
  return runs;
};
