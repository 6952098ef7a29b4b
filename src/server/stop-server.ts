import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { DevsetupError } from '../core/errors.ts';
import { isProcessNumber } from '../core/shape.ts';
import { readKept } from '../postgres/embedded-kept.ts';
import { removeKeeperMark } from './keeper-mark.ts';
import { lookAtServer, type ServerLook } from './look-at-server.ts';
import type { ServerPlace } from './server-place.ts';

const STOP_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 50;

/** Ends the server with all sessions; its data stays. The caller holds the lock. @returns whether it ran. */
export const stopServer = async (place: ServerPlace): Promise<boolean> => {
  const look = await lookAtServer(place);
  if (look.kind === 'stopped') {
    removeKeeperMark(place.keeperFile);
    return false;
  }
  const pid = await processToEnd(look, place);
  if (pid !== null) await end(pid, look.kind === 'running' && look.keeper === null ? 'SIGINT' : 'SIGTERM');
  const left = await lookAtServer(place);
  if (left.kind === 'running') {
    throw new DevsetupError({
      code: 'EMBEDDED_UNRESPONSIVE',
      message: 'The embedded PostgreSQL was asked to stop, but still answers.',
      hint: `Its log says more: ${place.logFile}`,
    });
  }
  removeKeeperMark(place.keeperFile);
  return true;
};

/** The keeper, or where it is gone the server itself; null: neither is known. */
const processToEnd = async (
  look: Exclude<ServerLook, { kind: 'stopped' }>,
  place: ServerPlace,
): Promise<number | null> => {
  if (look.keeper !== null) return look.keeper;
  const kept = await readKept(place.directory);
  const text = await readFile(path.join(kept?.data ?? '', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return isProcessNumber(pid) ? pid : null;
};

const end = async (pid: number, signal: NodeJS.Signals): Promise<void> => {
  send(pid, signal);
  const deadline = performance.now() + STOP_MILLISECONDS;
  while (performance.now() < deadline) {
    if (!send(pid, 0)) return;
    await sleep(PAUSE_MILLISECONDS);
  }
  // The server ends with its keeper, however that ends.
  send(pid, 'SIGKILL');
  await sleep(PAUSE_MILLISECONDS * 10);
};

/** @returns false: there is no such process. */
const send = (pid: number, signal: NodeJS.Signals | 0): boolean => {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw new DevsetupError({
      code: 'EMBEDDED_NOT_YOURS',
      message: `The embedded PostgreSQL (process ${pid}) belongs to another user.`,
      hint: 'Stop it as the user who started it.',
      cause: error,
    });
  }
};
