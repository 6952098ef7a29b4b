import { lstatSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

import { resolveInCheckout } from './boundary.ts';
import { LEADS_OUTSIDE } from './read-bytes.ts';

/**
 * Creates a folder of the checkout and those above it that are missing.
 *
 * @returns the first folder that was created; undefined: it was there
 * @throws where it leads outside the checkout; then nothing was created
 */
export const createFolder = async (folder: string, within: string): Promise<string | undefined> => {
  let existing = path.resolve(folder);
  while (lstatSync(existing, { throwIfNoEntry: false }) === undefined) existing = path.dirname(existing);
  if (resolveInCheckout(existing, { within }) === null) throw new Error(LEADS_OUTSIDE);
  return mkdir(folder, { recursive: true });
};
