import { mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

import { isDevsetupError, messageOf } from '../core/errors.ts';
import type { Failure } from '../core/step.ts';
import { startEmbedded, type EmbeddedServer } from '../postgres/embedded.ts';
import { isRunning, readProcessStart } from '../state/process-identity.ts';
import { removeKeeperMark, writeKeeperMark, type KeeperMark } from './keeper-mark.ts';
import { serverPlace } from './server-place.ts';

/**
 * The whole life of the process that keeps the server: `devsetup db keep <state directory>`, which `startServer` starts apart from every
 * terminal. It says how it stands in the keeper file, and ends with the server on SIGTERM and SIGINT.
 *
 * @returns the exit code
 */
export const keepServer = async (stateDirectory: string): Promise<number> => {
  const place = serverPlace(stateDirectory);
  mkdirSync(path.dirname(place.keeperFile), { recursive: true, mode: 0o700 });
  const told = new Promise<void>((resolve) => {
    for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => resolve());
  });
  // The terminal it was started from may close.
  process.on('SIGHUP', () => undefined);
  const { pid } = process;
  const self: KeeperMark = {
    pid,
    processStart: readProcessStart(pid),
    state: 'starting',
    port: null,
    failure: null,
  };
  writeKeeperMark(place.keeperFile, self);
  let server: EmbeddedServer;
  try {
    server = await startEmbedded({
      directory: place.directory,
      persistent: true,
      log: (chunk) => process.stdout.write(chunk),
    });
  } catch (error) {
    writeKeeperMark(place.keeperFile, { ...self, state: 'failed', failure: failureOf(error) });
    return 1;
  }
  writeKeeperMark(place.keeperFile, { ...self, state: 'ready', port: server.port });
  const ended = await Promise.race([told.then(() => false), whenGone(server.pid)]);
  if (!ended) await server.stop();
  removeKeeperMark(place.keeperFile);
  return ended ? 1 : 0;
};

const LOOK_MILLISECONDS = 2_000;

/** A server that ended by itself, e.g. because it was killed, leaves nothing to keep. */
const whenGone = (pid: number): Promise<boolean> =>
  new Promise((resolve) => {
    const server = { pid, processStart: readProcessStart(pid) };
    const timer = setInterval(() => {
      if (isRunning(server)) return;
      clearInterval(timer);
      resolve(true);
    }, LOOK_MILLISECONDS);
  });

const failureOf = (error: unknown): Failure => {
  if (isDevsetupError(error)) {
    const { code, message, hint = null, output } = error;
    return { code, message, hint, output };
  }
  const reason = messageOf(error);
  const message = `The embedded PostgreSQL did not start: ${reason}.`;
  return { code: 'EMBEDDED_POSTGRES_FAILED', message, hint: null, output: [] };
};
