import path from 'node:path';
import { filterAsync, findText, isFile } from '../files.ts';
import type { NodeTool } from '../types.ts';
import { findByGlobs } from './find-by-globs.ts';
import { filesIn, sortPaths, textLeaves } from './local-paths.ts';

interface Reads {
  /** Counted whether they are there or not: see python-inputs.ts. */
  readonly files: readonly string[];
  /** Folders of which every file counts. */
  readonly folders: readonly string[];
}

/**
 * What each package manager reads from a checkout when it installs, besides package.json with its overrides, workspaces and
 * `packageManager`.
 *
 * npm: docs.npmjs.com/cli, "package-lock.json", "npm-shrinkwrap.json", "npmrc" (of the project only), "workspaces", "scripts"
 * (binding.gyp). Yarn 1: classic.yarnpkg.com/docs, "yarnrc", "yarn.lock"; it also reads .npmrc. Yarn 2 and later: yarnpkg.com,
 * "Configuration options" (.yarnrc.yml), "Patch protocol" (.yarn/patches), "Plugins" (.yarn/plugins), "Constraints".
 * pnpm: pnpm.io, "Settings (pnpm-workspace.yaml)", ".npmrc", ".pnpmfile.cjs" (.mjs since 10), "package.json" (also .yaml and .json5).
 * bun: bun.sh/docs/install, "Lockfile", "bunfig.toml", ".npmrc", "patch". `patches/` is where pnpm, bun and patch-package keep theirs.
 */
const READS: Readonly<Record<NodeTool, Reads>> = {
  npm: { files: ['package-lock.json', 'npm-shrinkwrap.json', '.npmrc', 'binding.gyp'], folders: ['patches'] },
  yarn: {
    files: ['yarn.lock', '.yarnrc', '.npmrc', '.yarnrc.yml', 'yarn.config.cjs', 'binding.gyp'],
    folders: ['patches', '.yarn/patches', '.yarn/plugins', '.yarn/plugins/@yarnpkg', '.yarn/releases'],
  },
  pnpm: {
    files: [
      'pnpm-lock.yaml',
      'pnpm-workspace.yaml',
      '.npmrc',
      '.pnpmfile.cjs',
      '.pnpmfile.mjs',
      'package.yaml',
      'package.json5',
      'binding.gyp',
    ],
    folders: ['patches'],
  },
  bun: { files: ['bun.lock', 'bun.lockb', 'bunfig.toml', '.npmrc', 'binding.gyp'], folders: ['patches'] },
};

/** Scripts that a package manager runs when it installs a project (docs.npmjs.com/cli, "scripts"). */
const LIFECYCLE = [
  'preinstall',
  'install',
  'postinstall',
  'prepublish',
  'preprepare',
  'prepare',
  'postprepare',
  'dependencies',
  'pnpm:devPreinstall',
];

export interface NodeInputsOptions {
  readonly tool: NodeTool;
  readonly directory: string;
  /** Patterns of workspace members. */
  readonly workspaces: readonly string[];
}

/** Every file whose content decides what is installed, in an order that does not depend on which of them exist. */
export const nodeInputs = async ({ tool, directory, workspaces }: NodeInputsOptions): Promise<readonly string[]> => {
  const own = READS[tool].files.map((name) => path.join(directory, name));
  const folders = await Promise.all(READS[tool].folders.map((name) => filesIn(path.join(directory, name))));
  const members = await filterAsync(
    (await findByGlobs(directory, workspaces)).map((member) => path.join(member, 'package.json')),
    isFile,
  );
  const seen = new Set<string>();
  const manifests: string[] = [];
  for (const manifest of [path.join(directory, 'package.json'), ...members])
    manifests.push(...(await manifestInputs(manifest, seen)));
  const settings = tool === 'pnpm' ? await referencesOf(path.join(directory, 'pnpm-workspace.yaml'), seen) : [];
  return [...new Set([...own, ...manifests, ...settings, ...folders.flat()])];
};

/** A package.json, the files its installation runs, and the packages, archives and patches it takes from the checkout. */
const manifestInputs = async (manifest: string, seen: Set<string>): Promise<readonly string[]> => {
  if (seen.has(manifest)) return [];
  seen.add(manifest);
  return [manifest, ...(await referencesOf(manifest, seen))];
};

const LOCAL = /^(?:file|link|portal):([^#]+)|^patch:.+#(?:~\/)?([^:&]+)$|^(\.{0,2}\/?[^:]+\.(?:patch|tgz))$/;

const referencesOf = async (manifest: string, seen: Set<string>): Promise<readonly string[]> => {
  const document = await parseManifest(manifest);
  const directory = path.dirname(manifest);
  const leaves = textLeaves(document);
  const local = leaves.flatMap(([, value]) => {
    const [, place, patch, file] = LOCAL.exec(value) ?? [];
    return place ?? patch ?? file ?? [];
  });
  const scripts = textLeaves(scriptsOf(document)).filter(([name]) => LIFECYCLE.includes(name));
  const words = scripts.flatMap(([, script]) => script.split(/[\s;&|"'()=]+/)).filter((word) => /[./]/.test(word));
  const { files, folders } = await sortPaths([...local, ...words].map((name) => path.resolve(directory, name)));
  const packages: string[] = [];
  for (const folder of folders) {
    const nested = path.join(folder, 'package.json');
    if (await isFile(nested)) packages.push(...(await manifestInputs(nested, seen)));
  }
  return [...files, ...packages];
};

const scriptsOf = (document: unknown): unknown =>
  typeof document === 'object' && document !== null && 'scripts' in document ? document.scripts : {};

/** JSON is YAML; undefined: absent, or its package manager will say what is wrong with it. */
const parseManifest = async (manifest: string): Promise<unknown> => {
  const text = await findText(manifest);
  if (text === undefined) return undefined;
  try {
    if (manifest.endsWith('.json')) return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
    const { parse } = await import('yaml');
    return parse(text, { logLevel: 'error' }) as unknown;
  } catch {
    return undefined;
  }
};
