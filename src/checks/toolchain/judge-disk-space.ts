import type { Problem } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';

export const DISK_FINDINGS = { 'disk-full': 'error', 'disk-nearly-full': 'warning' } as const;

type Code = keyof typeof DISK_FINDINGS;

/** A file system; sizes in bytes. */
export interface DiskFacts {
  /** What of the project lies there, e.g. `the checkout, the temporary files`. */
  readonly holds: string;
  /** A folder of it. */
  readonly folder: string;
  readonly total: number;
  /** For this user. */
  readonly free: number;
  /** How many files can still be made; null: as many as there is space for. */
  readonly freeFiles: number | null;
}

const MIB = 1024 ** 2;
const GIB = 1024 ** 3;
const FULL = 100 * MIB;
const NEARLY_FULL = GIB;
const FEW_FILES = 1000;
/** A small file system (a `/tmp` in memory) is not full because it is small. */
const SMALL_SHARE = 0.1;

export const judgeDisk = (disk: DiskFacts): Problem<Code> | null => {
  const { holds, folder, total, free, freeFiles } = disk;
  // Some network and virtual file systems tell no size.
  const isShort = total > 0 && free < total * SMALL_SHARE;
  const remedy = { text: 'Free some space: what takes the most is listed last.', command: biggest(folder) };
  if (freeFiles !== null && freeFiles < FEW_FILES)
    return {
      code: 'disk-full',
      message: `No more than ${freeFiles} files can be made on the file system of ${folder} (${holds}).`,
      evidence: ['df -i shows how many there are'],
      remedy: { text: 'Remove files that are not needed; caches and old node_modules hold the most.', command: null },
    };
  if (isShort && free < FULL)
    return { code: 'disk-full', message: `${size(free)} are left on the disk of ${folder} (${holds}).`, remedy };
  if (isShort && free < NEARLY_FULL)
    return { code: 'disk-nearly-full', message: `${size(free)} are left on the disk of ${folder} (${holds}).`, remedy };
  return null;
};

const biggest = (folder: string): string => `du -xh --max-depth=2 ${shellWord(folder)} | sort -h | tail`;

export const size = (bytes: number): string =>
  bytes >= GIB ? `${(bytes / GIB).toFixed(1)} GiB` : `${Math.floor(bytes / MIB)} MiB`;
