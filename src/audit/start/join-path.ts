import { pathFrom } from '../../shell/walk/paths.ts';

/** A path as seen from a folder of the checkout, relative to its root ('' for itself); null: outside of it, an address, or not known. */
export const joinPath = (folder: string, path: string): string | null =>
  path.includes('$') || /^\w+:\/\//.test(path) ? null : pathFrom(folder, path);

export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));

/** A path in a container, absolute. */
export const pathInImage = (directory: string, path: string): string => {
  const inside = joinPath(path.startsWith('/') ? '' : directory, path.replace(/^\/+/, ''));
  return `/${inside ?? path}`;
};
