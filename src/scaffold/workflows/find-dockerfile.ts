import path from 'node:path';

import { isFile } from '../../project/files.ts';

/** Paths relative to the root, with `/`. */
export interface FoundDockerfile {
  readonly file: string;
  readonly context: string;
  /** false: this is where it is expected. */
  readonly exists: boolean;
}

/** What an image is built from: the Dockerfile of its folder, or for `orRoot` the one of the root. */
export const findDockerfile = async (root: string, folder: string, orRoot: boolean): Promise<FoundDockerfile> => {
  const at = (name: string): string => path.posix.join(folder, name);
  const candidates = [
    ...['Dockerfile', 'Dockerfile.prod', 'Dockerfile.production'].map((name) => ({ file: at(name), context: folder })),
    ...['docker/Dockerfile', 'deploy/Dockerfile'].map((name) => ({ file: at(name), context: folder })),
    ...(orRoot ? [{ file: 'Dockerfile', context: '.' }] : []),
  ];
  for (const candidate of candidates) {
    if (await isFile(path.join(root, candidate.file))) return { ...candidate, exists: true };
  }
  return { file: at('Dockerfile'), context: folder, exists: false };
};
