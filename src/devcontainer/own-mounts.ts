import path from 'node:path';

import type { DevContainer } from './dev-container.ts';
import { isInside } from '../project/files.ts';
import { variantOf } from './property-table.ts';
import { hasVariables, substitute } from './substitute.ts';

export interface Mount {
  readonly source: string;
  readonly target: string;
}

/** `mounts` of devcontainer.json: `source=…,target=…,type=bind`, or the same as an object. */
export const ownMounts = (value: unknown, root: string): readonly Mount[] =>
  (Array.isArray(value) ? value : []).flatMap((mount: unknown) => {
    const parts: Readonly<Record<string, unknown>> =
      typeof mount === 'string'
        ? Object.fromEntries(mount.split(',').map((part) => part.split('=', 2)))
        : ((mount ?? {}) as Readonly<Record<string, unknown>>);
    const source = parts['source'] ?? parts['src'];
    const target = parts['target'] ?? parts['dst'] ?? parts['destination'];
    if (typeof target !== 'string') return [];
    return [
      { source: typeof source === 'string' ? substitute(source, { root }) : '', target: substitute(target, { root }) },
    ];
  });

/** Where the container shows the root of the checkout, and the folder in which its hooks start; nulls where that is not certain. */
export interface Workspace {
  /** In the container. */
  readonly root: string | null;
  /** Relative to the root of the checkout, '' for the root itself. */
  readonly directory: string | null;
}

const UNKNOWN: Workspace = { root: null, directory: null };

/** Folders below the root of the checkout in the container that are something else there: relative to the root. */
export const coveredFolders = (
  { properties, compose, service }: Pick<DevContainer, 'properties' | 'compose' | 'service'>,
  root: string,
  { root: shownAt }: Workspace,
): readonly string[] => {
  if (shownAt === null) return [];
  const volumes = compose?.services.find(({ name }) => name === service)?.volumes ?? [];
  return [...volumes, ...ownMounts(properties['mounts'], root)]
    .filter(({ target }) => target !== shownAt && isInside(shownAt, target))
    .map(({ target }) => path.posix.relative(shownAt, target));
};

export const workspaceOf = (
  found: Pick<DevContainer, 'properties' | 'compose' | 'service'>,
  root: string,
): Workspace => {
  const { properties, compose, service } = found;
  const written = properties['workspaceFolder'];
  const opened =
    typeof written === 'string' ? path.posix.normalize(substitute(written, { root })).replace(/(.)\/$/, '$1') : null;
  if (opened !== null && hasVariables(opened)) return UNKNOWN;
  if (variantOf(properties) === 'compose') {
    const app = compose?.services.find(({ name }) => name === service);
    if (app === undefined || opened === null) return UNKNOWN;
    return seenThrough([...app.volumes, ...ownMounts(properties['mounts'], root)], opened, root);
  }
  const mount = properties['workspaceMount'];
  if (typeof mount === 'string') {
    return opened === null
      ? UNKNOWN
      : seenThrough([...ownMounts([mount], root), ...ownMounts(properties['mounts'], root)], opened, root);
  }
  // A checkout inside of a larger one is mounted with what is around it; its name in the container is not known here.
  if (opened === null) return { root: null, directory: '' };
  const usual = `/workspaces/${path.basename(root)}`;
  return isInside(usual, opened) ? { root: usual, directory: path.posix.relative(usual, opened) } : UNKNOWN;
};

/** What a folder of the container is in the checkout: by the innermost mount that it lies in. */
const seenThrough = (mounts: readonly Mount[], opened: string, root: string): Workspace => {
  if (mounts.some(({ source, target }) => hasVariables(target) || (source.includes('$') && isInside(target, opened))))
    return UNKNOWN;
  const [mount] = mounts
    .filter(({ target }) => isInside(target, opened))
    .toSorted((a, b) => b.target.length - a.target.length);
  if (mount === undefined || !path.isAbsolute(mount.source) || !isInside(mount.source, root)) return UNKNOWN;
  const shownAt = path.posix.join(mount.target, path.relative(mount.source, root).split(path.sep).join('/'));
  if (!isInside(shownAt, opened)) return UNKNOWN;
  return { root: shownAt, directory: path.posix.relative(shownAt, opened) };
};
