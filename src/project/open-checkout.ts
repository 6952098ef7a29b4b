import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';

import { readBytes } from '../checkout/read-bytes.ts';
import { isOutsideProject, isSecondary } from './list-folders.ts';

/** A checkout as texts by their paths relative to its root, with `/`. Nothing in it throws. */
export interface Checkout {
  readonly root: string;
  /** undefined: there is no such file inside the root, or it is too large, or no text. */
  readonly readFile: (file: string) => string | undefined;
  /** Files that may belong to the project, as far as is usual down; of hidden folders only `.github` and those of deployments. */
  readonly listFiles: () => readonly string[];
}

/** Nobody writes more by hand; what is generated says nothing about a project. */
export const MOST_BYTES = 1_048_576;
const DEEPEST = 5;
const MOST_FILES = 20_000;

export const openCheckout = (root: string): Checkout => {
  const known = new Map<string, string | undefined>();
  const readFile = (file: string): string | undefined => {
    const relative = path.posix.normalize(file.replaceAll('\\', '/'));
    if (!known.has(relative)) known.set(relative, readInside(root, relative));
    return known.get(relative);
  };
  return { root, readFile, listFiles: () => listFiles(root) };
};

const readInside = (root: string, relative: string): string | undefined => {
  if (relative.startsWith('../') || relative === '..' || path.isAbsolute(relative) || relative.includes('\0'))
    return undefined;
  const found = readText(path.join(root, relative), root);
  return found.kind === 'text' ? found.text : undefined;
};

export type FoundText =
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'unreadable'; readonly reason: string };

/** A file's text without byte order mark, or why there is none. `within`: as `readBytes`. Never throws. */
export const readText = (file: string, within?: string): FoundText => {
  const found = readBytes(file, { within, mostBytes: MOST_BYTES });
  if (found.kind === 'absent') return { kind: 'unreadable', reason: 'it does not exist' };
  if (found.kind === 'unreadable') return found;
  try {
    return { kind: 'text', text: DECODER.decode(found.bytes) };
  } catch {
    return { kind: 'unreadable', reason: 'it is not UTF-8 text' };
  }
};

const DECODER = new TextDecoder('utf-8', { fatal: true });

const listFiles = (root: string): readonly string[] => {
  const found: string[] = [];
  const walk = (folder: string, depth: number): void => {
    const entries = entriesOf(path.join(root, folder));
    const isChart = entries.some((entry) => entry.name === 'Chart.yaml');
    for (const entry of entries) {
      if (found.length >= MOST_FILES) return;
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      const isRead = (): boolean => isOfProject(entry.name) || (isChart && entry.name === 'templates');
      if (entry.isFile()) found.push(name);
      else if (entry.isDirectory() && depth < DEEPEST && isRead()) walk(name, depth + 1);
    }
  };
  walk('', 1);
  return found;
};

/** Hidden folders that say how something is deployed. */
const DEPLOYS =
  /^\.(?:github|ebextensions|platform|do|aws|azure|deploy(?:ment)?|docker|helm|k8s|kube|infra|ops|devops)$/;

const isOfProject = (name: string): boolean =>
  DEPLOYS.test(name) || (!isOutsideProject(name) && !isSecondary(name) && !/^(?:v?env|virtualenv)$/.test(name));

const entriesOf = (folder: string): readonly Dirent[] => {
  try {
    return readdirSync(folder, { withFileTypes: true }).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  } catch {
    // A folder that may not be looked into holds nothing for us.
    return [];
  }
};
