import path from 'node:path';

import { asRecord, type Table } from '../../core/shape.ts';
import { findText } from '../../project/files.ts';
import { inFolder, meaningfulLines, toolVersions, type VersionWish } from '../../project/version-wish.ts';

/** `range`: a range that semver reads · `pin`: one version, of which the major counts. */
export type NodeWish = VersionWish &
  (
    | { readonly kind: 'range'; /** A package manager refuses to work with another. */ readonly isEnforced: boolean }
    | { readonly kind: 'pin'; /** Any of them will do. */ readonly majors: readonly number[] }
  );

/** Node's names for its long-term lines, as nvm and fnm take them. */
const LINES: Readonly<Record<string, number>> = {
  dubnium: 10,
  erbium: 12,
  fermium: 14,
  gallium: 16,
  hydrogen: 18,
  iron: 20,
  jod: 22,
  krypton: 24,
};

/** 20 for `20`, `v20.11.0`, `20.x` and `lts/iron`; null for what names no line in particular: `node`, `lts/*`, `system`, `latest`. */
export const parseNodePin = (text: string): number | null => {
  const codename = /^lts\/([a-z]+)$/i.exec(text)?.[1]?.toLowerCase();
  if (codename !== undefined) return LINES[codename] ?? null;
  const major = /^v?(\d+)(?:\.(?:\d+|x|\*)){0,2}$/i.exec(text)?.[1];
  return major === undefined ? null : Number(major);
};

const pin = (wish: VersionWish, versions: readonly string[]): readonly NodeWish[] => {
  const majors = versions.map(parseNodePin);
  // One that could be anything allows everything.
  if (majors.length === 0 || majors.includes(null)) return [];
  return [{ ...wish, kind: 'pin', majors: majors.filter((major) => major !== null) }];
};

/** What a package.json says: `engines`, `devEngines.runtime` and the pin of Volta. */
export const manifestWishes = (file: string, text: string, isStrict: boolean): readonly NodeWish[] => {
  let manifest: Table;
  try {
    manifest = asRecord(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    // The package manager will say what is wrong with it.
    return [];
  }
  const { node } = asRecord(manifest['engines']);
  const volta = asRecord(manifest['volta'])['node'];
  const { runtime } = asRecord(manifest['devEngines']);
  const runtimes = (Array.isArray(runtime) ? runtime : [runtime]).map(asRecord).filter(({ name }) => name === 'node');
  const range = (key: string, value: unknown, isEnforced: boolean): readonly NodeWish[] =>
    typeof value === 'string' ? [{ kind: 'range', source: `${file} (${key})`, file, text: value, isEnforced }] : [];
  return [
    ...range('engines', node, isStrict),
    // npm refuses unless it is told to do less.
    ...runtimes.flatMap(({ version, onFail }) => range('devEngines', version, (onFail ?? 'error') === 'error')),
    ...(typeof volta === 'string' ? pin({ source: `${file} (volta)`, file, text: volta }, [volta]) : []),
  ];
};

/** What the files of these folders say about Node. */
export const readNodeWishes = async (root: string, directories: readonly string[]): Promise<readonly NodeWish[]> => {
  const perFolder = await Promise.all(
    directories.map(async (directory) => {
      const read = (name: string): Promise<string | undefined> => findText(path.join(directory, name));
      const [nvmrc, nodeVersion, tools, manifest, npmrc] = await Promise.all(
        ['.nvmrc', '.node-version', '.tool-versions', 'package.json', '.npmrc'].map(read),
      );
      const pinned = (name: string, versions: readonly string[]): readonly NodeWish[] => {
        const file = inFolder(root, directory, name);
        return pin({ source: file, file, text: versions.join(' ') }, versions);
      };
      return [
        ...pinned('.nvmrc', meaningfulLines(nvmrc ?? '').slice(0, 1)),
        ...pinned('.node-version', meaningfulLines(nodeVersion ?? '').slice(0, 1)),
        ...pinned('.tool-versions', toolVersions(tools ?? '', ['nodejs', 'node'])),
        ...manifestWishes(
          inFolder(root, directory, 'package.json'),
          manifest ?? '{}',
          /^\s*engine-strict\s*=\s*true\s*$/m.test(npmrc ?? ''),
        ),
      ];
    }),
  );
  return perFolder.flat();
};
