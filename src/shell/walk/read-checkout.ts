import { createSource, placeRange, type PlacedText } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../holes.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { pathFrom, withoutWorkspace } from './paths.ts';

export interface FoundFile {
  /** Relative to the checkout, or as it is written where it is elsewhere. */
  readonly path: string;
  readonly text: PlacedText;
  /** The script itself has written it. */
  readonly isWritten: boolean;
}

/** A file by the path a command gives it: one that was written before, else one of the checkout. */
export const readCheckout = (written: string, { shell, layers }: Place, machine: Machine): FoundFile | null => {
  const { path, isRooted } = withoutWorkspace(written, machine.holes);
  const isElsewhere = layers.some(({ kind }) => kind === 'remote' || kind === 'container');
  const resolved = pathFrom(isRooted ? '' : shell.directory, path);
  const own = shell.files.get(resolved ?? path) ?? (isElsewhere ? writtenByName(path, shell.files) : undefined);
  if (own !== undefined) return { path: resolved ?? path, text: own, isWritten: true };
  // Where a remote shell stands is not known: only the very path counts.
  const tried = resolved ?? (shell.directory === null ? pathFrom('', path) : null);
  const names = [
    ...machine.locate(path),
    tried,
    ...(isElsewhere ? [copiedAs(path, machine.copied), ...endsOf(path)] : endsInClone(path)),
    layers.at(-1)?.kind === 'container' ? inImage(path, machine) : null,
  ];
  for (const name of names) {
    if (name === null || name === '') continue;
    const text = readClean(name, machine);
    if (text !== null) return { path: name, text, isWritten: false };
  }
  return null;
};

const MOST_NAMED = 50;

/** On a server and in a container, the folder says nothing of the checkout: all files of a name may be meant. */
export const readNamed = (name: string, { layers }: Place, machine: Machine): readonly FoundFile[] => {
  if (!layers.some(({ kind }) => kind === 'remote' || kind === 'container')) return [];
  return machine.paths
    .filter((path) => path === name || path.endsWith(`/${name}`))
    .slice(0, MOST_NAMED)
    .flatMap((path) => {
      const text = readClean(path, machine);
      return text === null ? [] : [{ path, text, isWritten: false }];
    });
};

const LARGEST = 200_000;

const readClean = (path: string, machine: Machine): PlacedText | null => {
  const known = machine.read.get(path);
  if (known !== undefined) return known;
  const text = machine.readFile(path);
  const isText = text !== undefined && text.length <= LARGEST && !text.includes('\0');
  const clean = isText ? withoutPrivateUse(text) : '';
  const placed = isText ? placeRange(createSource(path, clean), 0, clean.length) : null;
  machine.read.set(path, placed);
  return placed;
};

export const lastName = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** A script that was written here and copied there keeps its name. */
const writtenByName = (path: string, files: ReadonlyMap<string, PlacedText>): PlacedText | undefined => {
  const name = lastName(path);
  const found = [...files].filter(([file]) => lastName(file) === name);
  return found.length === 1 ? found[0]?.[1] : undefined;
};

const IS_SYSTEM = /^\/(?:usr|bin|sbin|lib|etc|proc|dev)\//;

/**
 * What a path elsewhere may be in the checkout that was put there, the longest first: `/srv/shop/ops/up.sh` is `ops/up.sh` or `up.sh`.
 * Only of scripts: other files of the same name are often the server's own.
 */
const endsOf = (path: string): readonly string[] => {
  if (!/^(?:\/|~|[^/]*[\uE000-\uF8FE])[^:]*\/[\w./-]+\.(?:sh|bash|py)$/.test(path) || IS_SYSTEM.test(path)) return [];
  const parts = path.split('/');
  return parts
    .map((_part, index) => parts.slice(index + 1))
    .filter((rest) => rest.length > 0 && rest.every((part) => /^[\w.-]+$/.test(part) && part !== '..'))
    .map((rest) => rest.join('/'));
};

/** On a runner that is a server, the project may have a clone at another place. A name alone says too little. */
const endsInClone = (path: string): readonly string[] =>
  /^\/(?!tmp\/)/.test(path) ? endsOf(path).filter((end) => end.includes('/')) : [];

/** A script of an image: the one of that name whose folder has a Dockerfile, as `COPY . /app` puts it there. */
const inImage = (path: string, { paths }: Machine): string | null => {
  if (!/^[\w./-]+\.(?:sh|bash|py)$/.test(path) || IS_SYSTEM.test(path)) return null;
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  for (let index = 0; index < parts.length; index += 1) {
    const end = `/${parts.slice(index).join('/')}`;
    const found = paths.filter((one) => one.endsWith(end) && hasDockerfile(one.slice(0, -end.length), paths));
    if (found.length > 0) return found.length === 1 ? (found[0] ?? null) : null;
  }
  return null;
};

const hasDockerfile = (folder: string, paths: readonly string[]): boolean =>
  paths.some(
    (path) => path.startsWith(`${folder}/`) && /^[\w.-]*Dockerfile[\w.-]*$/i.test(path.slice(folder.length + 1)),
  );

/** What `scp` has taken there: a file by its name, or a folder with what is in it. */
const copiedAs = (path: string, copied: readonly string[]): string | null => {
  const name = lastName(path);
  for (const local of copied) {
    if (lastName(local) === name) return local;
    const folder = `/${lastName(local.replace(/\/$/, ''))}/`;
    const at = path.indexOf(folder);
    if (at >= 0) return `${local.replace(/\/$/, '')}/${path.slice(at + folder.length)}`;
  }
  return null;
};
