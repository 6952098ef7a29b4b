import { stat, statfs } from 'node:fs/promises';
import path from 'node:path';

import { defineCheck, problemsOr } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { DISK_FINDINGS, judgeDisk, size, type DiskFacts } from './judge-disk-space.ts';

/** The disks that a setup writes to have space left. */
export const diskSpace = defineCheck<CheckContext, keyof typeof DISK_FINDINGS>({
  id: 'disk-space',
  group: 'toolchain',
  title: 'Disk space',
  findings: DISK_FINDINGS,
  run: async ({ root, machine }) => {
    const { env, home, platform } = machine;
    const temporary = env['TMPDIR'] ?? (platform === 'win32' ? env['TEMP'] : '/tmp');
    const places: readonly Place[] = [
      { name: 'the checkout', folder: root },
      { name: 'the home directory', folder: env['DEVSETUP_STATE_DIR'] ?? env['XDG_STATE_HOME'] ?? home },
      ...(temporary === undefined ? [] : [{ name: 'temporary files', folder: temporary }]),
    ];
    const disks = await readDisks(places);
    const problems = disks.map(judgeDisk).filter((problem) => problem !== null);
    return problemsOr(problems, disks.map(({ holds, free }) => `${size(free)} free for ${holds}`).join('; '));
  },
});

interface Place {
  readonly name: string;
  readonly folder: string;
}

/** One entry a file system, however many of the folders lie on it. */
const readDisks = async (places: readonly Place[]): Promise<readonly DiskFacts[]> => {
  const found = (await Promise.all(places.map(readPlace))).filter((place) => place !== null);
  return [...new Set(found.map(({ device }) => device))].flatMap((device) => {
    const here = found.filter((place) => place.device === device);
    const [first] = here;
    return first === undefined ? [] : [{ ...first.disk, holds: here.map(({ name }) => name).join(', ') }];
  });
};

const readPlace = async ({
  name,
  folder,
}: Place): Promise<{
  readonly name: string;
  readonly device: number;
  readonly disk: Omit<DiskFacts, 'holds'>;
} | null> => {
  const existing = await nearestExisting(folder);
  if (existing === null) return null;
  const [{ dev }, found] = await Promise.all([stat(existing), statfs(existing)]);
  const disk = {
    folder: existing,
    total: found.blocks * found.bsize,
    free: found.bavail * found.bsize,
    // Some file systems make them as they are needed, and count none.
    freeFiles: found.files === 0 ? null : found.ffree,
  };
  return { name, device: dev, disk };
};

/** The folder, or the one it will be made in. */
const nearestExisting = async (folder: string): Promise<string | null> => {
  try {
    await stat(folder);
    return folder;
  } catch {
    // Not there yet, or not to be seen from here.
    const parent = path.dirname(folder);
    return parent === folder ? null : nearestExisting(parent);
  }
};
