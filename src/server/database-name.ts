import path from 'node:path';

/** PostgreSQL cuts longer names. */
const LONGEST = 63;
/** Databases that every server has. */
const TAKEN: ReadonlySet<string> = new Set(['postgres', 'template0', 'template1']);

/**
 * The name of a project's own database, after the checkout's folder; after its own folder as well where another project of the checkout has
 * that name. `names`: those of all projects by their folders.
 */
export const databaseName = (root: string, folder = '', names: ReadonlyMap<string, string> = new Map()): string => {
  const checkout = path.basename(root);
  const name = plainName(checkout);
  const isTaken = [...names].some(([other, taken]) => other !== folder && taken === name);
  return isTaken ? plainName(`${checkout}_${folder}`) : name;
};

/** A name that needs no quotes anywhere. */
const plainName = (text: string): string => {
  const plain = text
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const name = /^[a-z]/.test(plain) && !TAKEN.has(plain) ? plain : `app_${plain}`.replace(/_$/, '');
  return name.slice(0, LONGEST);
};
