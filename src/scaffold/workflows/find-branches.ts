import { readdir } from 'node:fs/promises';
import path from 'node:path';

import { findText } from '../../project/files.ts';
import type { Finding } from '../look/finding.ts';

/** The usual names of the branch behind each environment, the likeliest first. */
export const USUAL_BRANCHES: Readonly<Record<'devBranch' | 'uatBranch' | 'prodBranch', readonly string[]>> = {
  devBranch: ['develop', 'development', 'dev'],
  uatBranch: ['uat', 'staging', 'stage', 'test', 'preprod'],
  prodBranch: ['production', 'prod', 'main', 'master'],
};

/** The branches of the checkout that look like those of the three environments. */
export const findBranches = async (root: string): Promise<Readonly<Record<string, Finding>>> => {
  const known = await listBranches(path.join(root, '.git'));
  return Object.fromEntries(
    Object.entries(USUAL_BRANCHES).flatMap(([option, names]) => {
      const value = names.find((name) => known.has(name));
      return value === undefined ? [] : [[option, { value, source: 'branch' }]];
    }),
  );
};

const listBranches = async (git: string): Promise<ReadonlySet<string>> => {
  const packed = [
    ...((await findText(path.join(git, 'packed-refs'))) ?? '').matchAll(
      /^[0-9a-f]+ refs\/(?:heads|remotes\/[^/]+)\/(.+)$/gm,
    ),
  ].map(([, name = '']) => name);
  const head = /^ref: refs\/heads\/(.+)$/m.exec((await findText(path.join(git, 'HEAD'))) ?? '')?.[1];
  const remotes = await namesIn(path.join(git, 'refs/remotes'));
  const loose = await Promise.all(
    ['refs/heads', ...remotes.map((remote) => `refs/remotes/${remote}`)].map((folder) =>
      namesIn(path.join(git, folder)),
    ),
  );
  return new Set([...packed, ...loose.flat(), ...(head === undefined ? [] : [head])]);
};

/** [] for a folder that is not there: a work tree keeps its branches elsewhere. */
const namesIn = async (folder: string): Promise<readonly string[]> => readdir(folder).catch(() => []);
