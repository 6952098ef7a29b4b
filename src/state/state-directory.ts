import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';

export interface StateDirectoryOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The user's home directory. */
  readonly home: string;
  /** The root of the project. */
  readonly root: string;
}

/**
 * Where devsetup keeps what it knows about one checkout: outside of it, so that nothing needs ignoring, and named after its real
 * path, so that two checkouts do not share it. DEVSETUP_STATE_DIR, else XDG_STATE_HOME (XDG Base Directory Specification:
 * a relative value is ignored), else ~/.local/state.
 */
export const stateDirectory = ({ env, home, root }: StateDirectoryOptions): string => {
  const real = realPath(root);
  const hash = createHash('sha256').update(real).digest('hex').slice(0, 12);
  const name = basename(real).replace(/[^A-Za-z0-9._-]/g, '_') || 'root';
  return join(userDirectory({ env, home }), `${name}-${hash}`);
};

/** Where devsetup keeps what it knows of all checkouts of this user. */
export const userDirectory = ({ env, home }: Omit<StateDirectoryOptions, 'root'>): string => {
  const own = env['DEVSETUP_STATE_DIR'];
  const xdg = env['XDG_STATE_HOME'];
  return join(own ? resolve(own) : xdg && isAbsolute(xdg) ? xdg : join(home, '.local', 'state'), 'devsetup');
};

const realPath = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    // A root that is not there has no other name than the one given.
    return resolve(path);
  }
};
