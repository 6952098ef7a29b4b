/** Images whose tag begins with the version of PostgreSQL, by the last part of their name. */
const BY_TAG = new Set(['postgres', 'postgresql', 'postgis', 'pgautoupgrade', 'postgres-debug']);

/**
 * The major version of PostgreSQL that an image holds; null where its name does not say so for certain (`latest`, a digest, a
 * variable, an image of something else). Images of extensions carry it as `pg16` in the tag (pgvector, TimescaleDB).
 */
export const postgresMajor = (image: string): number | null => {
  if (image.includes('$')) return null;
  const [name = ''] = image.trim().split('@');
  const slash = name.lastIndexOf('/');
  const [last = '', tag = ''] = name.slice(slash + 1).split(':');
  const found = BY_TAG.has(last.toLowerCase())
    ? /^v?(\d+)(?=$|[.-])/.exec(tag)
    : (/(?:^|-)pg(\d+)(?=$|[.-])/.exec(tag) ?? /^postgresql-(\d+)$/.exec(last));
  const major = Number(found?.[1]);
  // Bitnami and others also tag by revision or date.
  return major >= 9 && major <= 40 ? major : null;
};
