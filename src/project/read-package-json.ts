import path from 'node:path';
import { findText } from './files.ts';

/** What a package.json says, as far as it is needed here. */
export interface PackageJson {
  readonly hasDependencies: boolean;
  /** Patterns of workspace members; []: not a workspace. */
  readonly workspaces: readonly string[];
  /** e.g. `yarn@4.1.0` */
  readonly packageManager: string | null;
}

type Table = Readonly<Record<string, unknown>>;

const table = (value: unknown): Table => (typeof value === 'object' && value !== null ? (value as Table) : {});
const texts = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];

const parsePnpmWorkspace = async (text: string): Promise<readonly string[]> => {
  const { parse } = await import('yaml');
  try {
    return texts(table(parse(text, { logLevel: 'error' }))['packages']);
  } catch {
    // pnpm will say what is wrong with its file.
    return [];
  }
};

/**
 * undefined: there is no package.json. One that is not valid JSON counts as having dependencies: its package manager will say
 * what is wrong, rather than the folder being passed over in silence.
 */
export const findPackageJson = async (directory: string): Promise<PackageJson | undefined> => {
  const text = await findText(path.join(directory, 'package.json'));
  if (text === undefined) return undefined;
  let manifest: Table;
  try {
    manifest = table(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return { hasDependencies: true, workspaces: [], packageManager: null };
  }
  const pnpm = await findText(path.join(directory, 'pnpm-workspace.yaml'));
  const { workspaces, packageManager } = manifest;
  const patterns = [...texts(workspaces), ...texts(table(workspaces)['packages'])];
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  return {
    hasDependencies: kinds.some((kind) => Object.keys(table(manifest[kind])).length > 0),
    workspaces: pnpm === undefined ? patterns : [...patterns, ...(await parsePnpmWorkspace(pnpm))],
    packageManager: typeof packageManager === 'string' ? packageManager : null,
  };
};
