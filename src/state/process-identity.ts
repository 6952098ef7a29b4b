import { readFileSync } from 'node:fs';

/** A process, and what tells it from another one that gets its number later. */
export interface ProcessMark {
  readonly pid: number;
  /** See `readProcessStart`; null or absent where the system does not tell. */
  readonly processStart?: string | null;
}

/**
 * When this process began, in ticks since the system did: field 22 of `/proc/<pid>/stat`, counted by white space as the snippets of
 * `devsetup shell-hook` count. After a restart of the container its number belongs to another process, which began at another time.
 */
export const readProcessStart = (pid: number): string | null => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(/\s+/)[21] ?? null;
  } catch {
    // No such process, or a system without /proc.
    return null;
  }
};

/** Whether that very process still runs here. One of another container is not seen, and does not. */
export const isRunning = ({ pid, processStart }: ProcessMark): boolean => {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !exists(pid)) return false;
  const start = typeof processStart === 'string' ? readProcessStart(pid) : null;
  return start === null || start === processStart;
};

const exists = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};
