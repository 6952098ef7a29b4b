import path from 'node:path';

/** PostgreSQL cuts longer names. */
const LONGEST = 63;
/** Databases that every server has. */
const TAKEN: ReadonlySet<string> = new Set(['postgres', 'template0', 'template1']);

/** The name of a project's own database, after its folder: a name that needs no quotes anywhere. */
export const databaseName = (root: string): string => {
  const plain = path
    .basename(root)
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
  const name = /^[a-z]/.test(plain) && !TAKEN.has(plain) ? plain : `app_${plain}`.replace(/_$/, '');
  return name.slice(0, LONGEST);
};
