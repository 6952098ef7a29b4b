import path from 'node:path';
import { findFirstFile, findText } from './files.ts';
import { findPackageJson, type PackageJson } from './read-package-json.ts';
import type { NodeTool } from './types.ts';

export interface FoundPackageManager {
  readonly tool: NodeTool;
  readonly toolVersion: string | null;
  readonly lockFile: string | null;
}

const LOCK_FILES: Readonly<Record<NodeTool, readonly string[]>> = {
  npm: ['package-lock.json', 'npm-shrinkwrap.json'],
  pnpm: ['pnpm-lock.yaml'],
  yarn: ['yarn.lock'],
  bun: ['bun.lock', 'bun.lockb'],
};

const isNodeTool = (name: string): name is NodeTool => Object.hasOwn(LOCK_FILES, name);

/** Yarn's releases by the format of the lock file they write. */
const yarnMajor = (lock: string): string | null => {
  if (lock.includes('# yarn lockfile v1')) return '1';
  const format = Number(/^__metadata:\s*\n\s+version: (\d+)/m.exec(lock)?.[1] ?? NaN);
  return Number.isNaN(format) ? null : format >= 8 ? '4' : format >= 6 ? '3' : '2';
};

const majorOf = (version: string): string | null => /\d+/.exec(version)?.[0] ?? null;

const findVersion = async (tool: NodeTool, named: string | null, lockFile: string | null): Promise<string | null> => {
  const [name, version] = (named ?? '').split('@');
  if (name === tool && version !== undefined) return majorOf(version);
  return tool === 'yarn' && lockFile !== null ? yarnMajor((await findText(lockFile)) ?? '') : null;
};

/** The tool a folder is installed with: the one configured, the one package.json names, the one whose lock file is there, npm. */
export const findPackageManager = async (
  directory: string,
  manifest: PackageJson,
  configured: NodeTool | null,
): Promise<FoundPackageManager> => {
  const { detect } = await import('package-manager-detector/detect');
  const detected = configured === null ? await detect({ cwd: directory, stopDir: directory }) : null;
  const tool = configured ?? (detected !== null && isNodeTool(detected.name) ? detected.name : 'npm');
  const lockFile = (await findFirstFile(LOCK_FILES[tool].map((name) => path.join(directory, name)))) ?? null;
  return { tool, lockFile, toolVersion: await findVersion(tool, manifest.packageManager, lockFile) };
};

/** Of the package.json at the root; undefined: there is none. */
export const findRootPackageManager = async (root: string): Promise<FoundPackageManager | undefined> => {
  const manifest = await findPackageJson(root);
  return manifest && findPackageManager(root, manifest, null);
};
