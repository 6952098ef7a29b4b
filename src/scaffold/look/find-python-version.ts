import path from 'node:path';

import { readPythonWishes, type PythonWish } from '../../checks/toolchain/python-wishes.ts';
import { findText, shown } from '../../project/files.ts';
import { satisfiesPython } from '../../project/python-version.ts';
import type { PythonTool } from '../../project/types.ts';
import type { Finding } from './finding.ts';

/** Minor versions of Python 3, the preferred one first, for a project that allows several. */
const PREFERRED = [12, 13, 11, 14, 10, 9];

interface Places {
  readonly root: string;
  /** The nearest to manage.py first. */
  readonly directories: readonly string[];
  readonly tool: PythonTool | null;
}

/** What version files, pyproject.toml or else a Dockerfile say. */
export const findPythonVersion = async ({ root, directories, tool }: Places): Promise<Finding | undefined> => {
  const wishes = await readPythonWishes(root, directories, tool);
  return choosePython(wishes) ?? findInDockerfiles(root, directories);
};

/** The version that suits all of them, or where they contradict each other the one that is pinned. */
export const choosePython = (wishes: readonly PythonWish[]): Finding | undefined => {
  const [first] = wishes;
  if (first === undefined) return undefined;
  const pins = wishes.filter((wish) => wish.kind === 'pin');
  const candidates = [...pins.flatMap(({ minors }) => minors), ...PREFERRED];
  const minor = candidates.find((candidate) => wishes.every((wish) => suits(candidate, wish))) ?? pins[0]?.minors[0];
  return minor === undefined ? undefined : { value: `3.${minor}`, source: (pins[0] ?? first).source };
};

const suits = (minor: number, wish: PythonWish): boolean =>
  wish.kind === 'pin' ? wish.minors.includes(minor) : satisfiesPython(minor, wish.text);

const findInDockerfiles = async (root: string, directories: readonly string[]): Promise<Finding | undefined> => {
  for (const directory of directories) {
    const file = path.join(directory, 'Dockerfile');
    const version = /^\s*FROM\s+(?:--\S+\s+)*(?:\S+\/)?python:(3\.\d+)/im.exec((await findText(file)) ?? '')?.[1];
    if (version !== undefined) return { value: version, source: shown(root, file) };
  }
  return undefined;
};
