import path from 'node:path';
import { asRecord, asTexts, type Table } from '../core/shape.ts';
import { findText } from './files.ts';

/** The name of devsetup's own package. */
export const PACKAGE = 'django-devsetup';

/** What a package.json says, as far as it is needed here. */
export interface PackageJson {
  readonly hasDependencies: boolean;
  /** devsetup is among its dependencies. */
  readonly bringsDevsetup: boolean;
  /** It is there to bring devsetup, and is no frontend. */
  readonly bringsOnlyDevsetup: boolean;
  /** Patterns of workspace members; []: not a workspace. */
  readonly workspaces: readonly string[];
  /** e.g. `yarn@4.1.0` */
  readonly packageManager: string | null;
}

const parsePnpmWorkspace = async (text: string): Promise<readonly string[]> => {
  const { parse } = await import('yaml');
  try {
    return asTexts(asRecord(parse(text, { logLevel: 'error' }))['packages']);
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
    manifest = asRecord(JSON.parse(text.replace(/^\uFEFF/, '')));
  } catch {
    return {
      hasDependencies: true,
      bringsDevsetup: false,
      bringsOnlyDevsetup: false,
      workspaces: [],
      packageManager: null,
    };
  }
  const pnpm = await findText(path.join(directory, 'pnpm-workspace.yaml'));
  const { workspaces, packageManager } = manifest;
  const patterns = [...asTexts(workspaces), ...asTexts(asRecord(workspaces)['packages'])];
  const kinds = ['dependencies', 'devDependencies', 'optionalDependencies'];
  const names = kinds.flatMap((kind) => Object.keys(asRecord(manifest[kind])));
  return {
    hasDependencies: names.length > 0,
    bringsDevsetup: names.includes(PACKAGE),
    bringsOnlyDevsetup: names.length > 0 && names.every((name) => name === PACKAGE),
    workspaces: pnpm === undefined ? patterns : [...patterns, ...(await parsePnpmWorkspace(pnpm))],
    packageManager: typeof packageManager === 'string' ? packageManager : null,
  };
};
