import path from 'node:path';

import { parse } from 'smol-toml';

import { asRecord } from '../../core/shape.ts';
import { findText } from '../../project/files.ts';
import { readPythonManifest } from '../../project/python-manifest.ts';
import { parsePinned } from '../../project/python-version.ts';
import type { PythonTool } from '../../project/types.ts';
import { inFolder, meaningfulLines, toolVersions, type VersionWish } from './version-wish.ts';

/** `range`: a specifier as `requires-python` holds it, or poetry's · `pin`: minor versions of Python 3, of which any will do. */
export type PythonWish = VersionWish &
  ({ readonly kind: 'range' } | { readonly kind: 'pin'; readonly minors: readonly number[] });

/** One that is no version of CPython (`system`, `pypy3.10`, the name of an environment) could be anything: nothing is said. */
const pin = (source: string, file: string, versions: readonly string[]): PythonWish | null => {
  const minors = versions.map(parsePinned);
  if (minors.length === 0 || minors.includes(null)) return null;
  const text = versions.map((version) => version.replace(/^(?:c?python)-?/, '')).join(' ');
  return { kind: 'pin', source, file, text, minors: minors.filter((minor) => minor !== null) };
};

/** `[requires]` of a Pipfile. */
export const pipfilePin = (file: string, text: string): PythonWish | null => {
  try {
    const requires = asRecord(asRecord(parse(text))['requires']);
    const version = requires['python_full_version'] ?? requires['python_version'];
    return typeof version === 'string' ? pin(`${file} (python_version)`, file, [version]) : null;
  } catch {
    // pipenv will say what is wrong with it.
    return null;
  }
};

const readers = (
  tool: PythonTool | null,
): readonly ((root: string, directory: string) => Promise<PythonWish | null>)[] => {
  const pinned =
    (name: string, versions: (text: string) => readonly string[]) =>
    async (root: string, directory: string): Promise<PythonWish | null> => {
      const text = await findText(path.join(directory, name));
      const file = inFolder(root, directory, name);
      return text === undefined ? null : pin(file, file, versions(text));
    };
  return [
    async (root, directory) => {
      const text = (await readPythonManifest(path.join(directory, 'pyproject.toml')))?.requiresPython ?? null;
      const file = inFolder(root, directory, 'pyproject.toml');
      return text === null ? null : { kind: 'range', source: file, file, text };
    },
    async (root, directory) => {
      // Beside another tool's files it is a leftover.
      const text = tool === 'pipenv' ? await findText(path.join(directory, 'Pipfile')) : undefined;
      return text === undefined ? null : pipfilePin(inFolder(root, directory, 'Pipfile'), text);
    },
    pinned('.python-version', meaningfulLines),
    pinned('.tool-versions', (text) => toolVersions(text, ['python'])),
    pinned('runtime.txt', (text) => meaningfulLines(text).slice(0, 1)),
  ];
};

/** What the nearest file of each kind says about Python; `directories`: the nearest first. */
export const readPythonWishes = async (
  root: string,
  directories: readonly string[],
  tool: PythonTool | null,
): Promise<readonly PythonWish[]> => {
  const found = await Promise.all(
    readers(tool).map(async (read) => {
      const perFolder = await Promise.all(directories.map((directory) => read(root, directory)));
      return perFolder.find((wish) => wish !== null) ?? null;
    }),
  );
  return found.filter((wish) => wish !== null);
};
