import path from 'node:path';

import { parse } from 'smol-toml';

import { asRecord, isText } from '../core/shape.ts';
import { findText } from './files.ts';
import { readImagePythons } from './image-pythons.ts';
import { readPackagePythons } from './package-pythons.ts';
import { readPythonManifest } from './python-manifest.ts';
import { parsePinned, satisfiesPython } from './python-version.ts';
import type { PythonTool, Requirements } from './types.ts';
import { inFolder, meaningfulLines, toolVersions, type VersionWish } from './version-wish.ts';

/**
 * `range`: a specifier as `requires-python` holds it, or poetry's · `pin`: minor versions of Python 3, of which any will do · `image`: a pin
 * that is the Python of an image · `packages`: the range on which a package works that the project asks for · `wheels`: the range for which
 * there are wheels of one that can be compiled, too; what is older than that is refused.
 */
export type PythonWish = VersionWish &
  (
    | { readonly kind: 'range' | 'packages' | 'wheels' }
    | { readonly kind: 'pin' | 'image'; readonly minors: readonly number[] }
  );

export const allowsPython = (wish: PythonWish, minor: number): boolean =>
  wish.kind === 'pin' || wish.kind === 'image' ? wish.minors.includes(minor) : satisfiesPython(minor, wish.text);

/** One that is no version of CPython (`system`, `pypy3.10`, the name of an environment) could be anything: nothing is said. */
const pin = (source: string, file: string, versions: readonly string[]): PythonWish | null => {
  const minors = versions.map(parsePinned);
  if (minors.length === 0 || minors.includes(null)) return null;
  const text = versions.map((version) => version.replace(/^(?:c?python)-?/, '')).join(' ');
  return { kind: 'pin', source, file, text, minors: minors.filter((minor) => minor !== null) };
};

/** {} where it is no TOML: the tool that reads it says what is wrong with it. */
const parseToml = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return parse(text);
  } catch {
    return {};
  }
};

/** `[requires]` of a Pipfile. */
export const pipfilePin = (file: string, text: string): PythonWish | null => {
  const requires = asRecord(parseToml(text)['requires']);
  const version = requires['python_full_version'] ?? requires['python_version'];
  return typeof version === 'string' ? pin(`${file} (python_version)`, file, [version]) : null;
};

/** `python = "3.12"`, a list, or a table with `version`, below `[tools]` of mise's own file. */
const misePin = (file: string, text: string): PythonWish | null => {
  const python = asRecord(parseToml(text)['tools'])['python'];
  const each = (Array.isArray(python) ? python : [python]).map((one) => (isText(one) ? one : asRecord(one)['version']));
  return each.every(isText) ? pin(file, file, each) : null;
};

/** `python_requires` below `[options]` of setup.cfg, which may go on in indented lines. */
const setupRange = (file: string, text: string): PythonWish | null => {
  const options = /^\[options\][^\S\n]*\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? '';
  const written = /^python[_-]requires\s*=\s*(.*(?:\n[ \t]+.*)*)/m.exec(options)?.[1];
  const range = written?.replaceAll(/\s+/g, '') ?? '';
  return range === '' ? null : { kind: 'range', source: `${file} (python_requires)`, file, text: range };
};

type Reader = (root: string, directory: string) => Promise<PythonWish | null>;

const readers = (tool: PythonTool | null): readonly Reader[] => {
  const inFile =
    (name: string, read: (file: string, text: string) => PythonWish | null): Reader =>
    async (root, directory) => {
      const text = await findText(path.join(directory, name));
      return text === undefined ? null : read(inFolder(root, directory, name), text);
    };
  const pinned = (name: string, versions: (text: string) => readonly string[]): Reader =>
    inFile(name, (file, text) => pin(file, file, versions(text)));
  return [
    async (root, directory) => {
      const text = (await readPythonManifest(path.join(directory, 'pyproject.toml')))?.requiresPython ?? null;
      const file = inFolder(root, directory, 'pyproject.toml');
      return text === null ? null : { kind: 'range', source: file, file, text };
    },
    inFile('setup.cfg', setupRange),
    // Beside another tool's files it is a leftover.
    ...(tool === 'pipenv' ? [inFile('Pipfile', pipfilePin)] : []),
    pinned('.python-version', meaningfulLines),
    pinned('.tool-versions', (text) => toolVersions(text, ['python'])),
    inFile('mise.toml', misePin),
    inFile('.mise.toml', misePin),
    pinned('runtime.txt', (text) => meaningfulLines(text).slice(0, 1)),
  ];
};

export interface Wishing {
  readonly root: string;
  /** The folder of manage.py. */
  readonly backendDirectory: string;
  readonly requirements: Pick<Requirements, 'tool' | 'directory' | 'inputs'> | null;
}

/** What the nearest file of each kind says about Python, what the images say, and what the packages that are asked for need. */
export const readPythonWishes = async ({
  root,
  backendDirectory,
  requirements,
}: Wishing): Promise<readonly PythonWish[]> => {
  const directories = [...new Set([requirements?.directory ?? backendDirectory, backendDirectory, root])];
  const found = await Promise.all(
    readers(requirements?.tool ?? null).map(async (read) => {
      const perFolder = await Promise.all(directories.map((directory) => read(root, directory)));
      return perFolder.find((wish) => wish !== null) ?? null;
    }),
  );
  const images = await readImagePythons({ root, backendDirectory });
  const packages = await readPackagePythons(root, requirements?.inputs ?? []);
  return [...found.filter((wish) => wish !== null), ...images, ...packages];
};
