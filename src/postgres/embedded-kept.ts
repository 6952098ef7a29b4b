import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { hasShape, isCount, isText } from '../core/shape.ts';

/** What is kept in `server.json` so that a persistent server keeps its address and its password. */
export interface Kept {
  readonly port: number;
  readonly password: string;
  /** The data directory. */
  readonly data: string;
}

export const EMBEDDED_HOST = '127.0.0.1';
export const EMBEDDED_USER = 'postgres';

const keptFile = (directory: string): string => path.join(directory, 'server.json');

/** null: not there, or left half-made by a start that was killed: then there is no data yet either, and it is made anew. */
export const readKept = async (directory: string): Promise<Kept | null> => {
  try {
    const kept: unknown = JSON.parse(await readFile(keptFile(directory), 'utf8'));
    if (!isKept(kept)) return null;
    await readFile(path.join(kept.data, 'PG_VERSION'));
    return kept;
  } catch {
    // As documented.
    return null;
  }
};

const isKept = hasShape({ port: isCount, password: isText, data: isText });

/** As a whole or not at all: without it the data would be taken for half-made. */
export const writeKept = async (directory: string, kept: Kept): Promise<void> => {
  const file = keptFile(directory);
  await writeFile(`${file}.tmp`, `${JSON.stringify(kept)}\n`, { mode: 0o600 });
  await rename(`${file}.tmp`, file);
};
