import { hasHole } from '../../shell/holes.ts';

/** A path as seen from a folder of the checkout, relative to its root ('' for itself); null: outside of it, or not known. */
export const joinPath = (folder: string, path: string): string | null => {
  if (hasHole(path) || path.includes('$') || /^[/~]|^\w+:\/\//.test(path)) return null;
  const parts: string[] = [];
  for (const part of `${folder}/${path}`.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return null;
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
};

export const folderOf = (file: string): string => file.slice(0, Math.max(0, file.lastIndexOf('/')));

/** A path in a container, absolute. */
export const pathInImage = (directory: string, path: string): string => {
  const inside = joinPath(path.startsWith('/') ? '' : directory, path.replace(/^\/+/, ''));
  return `/${inside ?? path}`;
};
