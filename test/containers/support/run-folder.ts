import { randomBytes } from 'node:crypto';
import { mkdir, readdir, realpath, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

import { removeContainers, removeImages, removeProjects } from './remove-traces.ts';

/** `devsetup-containers-<process id>-<id of the run>`: enough to clear up after a run that was killed. */
const NAME = /^devsetup-containers-(\d+)-(dsct[0-9a-f]+)$/;

export interface RunFolder {
  readonly id: string;
  readonly root: string;
}

export const createRunFolder = async (): Promise<RunFolder> => {
  const id = `dsct${randomBytes(3).toString('hex')}`;
  const root = path.join(await realpath(os.tmpdir()), `devsetup-containers-${String(process.pid)}-${id}`);
  await mkdir(root, { mode: 0o755 });
  return { id, root };
};

/** Removes everything a run has made. */
export const removeRun = async ({ id, root }: RunFolder): Promise<void> => {
  await removeProjects((name) => name.includes(id));
  await removeContainers(root);
  await removeImages(id);
  await rm(root, { recursive: true, force: true });
};

/** Removes what runs have left that were killed, as by Ctrl-C. */
export const removeDeadRuns = async (): Promise<void> => {
  const parent = await realpath(os.tmpdir());
  for (const name of await readdir(parent)) {
    const [, pid, id] = NAME.exec(name) ?? [];
    if (pid !== undefined && id !== undefined && !isAlive(Number(pid)))
      await removeRun({ id, root: path.join(parent, name) });
  }
};

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // EPERM: somebody else's, but alive.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};
