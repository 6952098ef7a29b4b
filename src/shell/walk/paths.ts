import { hasHole, holesIn, type Holes } from '../holes.ts';

/** A path as seen from a folder of the checkout, relative to its root ('' for itself); null: outside of it, or not known. */
export const pathFrom = (directory: string | null, path: string): string | null => {
  if (hasHole(path) || path.startsWith('~')) return null;
  if (path.startsWith('/')) return null;
  if (directory === null) return null;
  return normalize(`${directory}/${path}`);
};

const normalize = (path: string): string | null => {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.length === 0) return null;
      parts.pop();
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
};

const WORKSPACES = new Set(['github.workspace', '$GITHUB_WORKSPACE']);

/** `$GITHUB_WORKSPACE/x` is `x` at the root. */
export const withoutWorkspace = (path: string, holes: Holes): { readonly path: string; readonly isRooted: boolean } => {
  const [first] = holesIn(path.slice(0, 1), holes);
  if (first === undefined || !WORKSPACES.has(first.name)) return { path, isRooted: false };
  return { path: path.slice(1).replace(/^\/+/, '') || '.', isRooted: true };
};

/** Whether a path starts with the folder of the script that is run. */
export const isOfScript = (path: string, script: string | null): boolean => {
  if (script === null || hasHole(path)) return false;
  const folder = script.includes('/') ? script.slice(0, script.lastIndexOf('/')) : '.';
  return path === folder || path.startsWith(`${folder}/`);
};
