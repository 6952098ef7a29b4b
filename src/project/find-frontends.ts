import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Config, FrontendConfig } from '../config/config.ts';
import { usageError } from '../core/errors.ts';
import { shown } from './files.ts';
import { findPackageManager } from './find-package-manager.ts';
import { nodeInputs } from './inputs/node-inputs.ts';
import { isSecondary, listFolders } from './list-folders.ts';
import { findPackageJson, type PackageJson } from './read-package-json.ts';
import type { Frontend, NodeTool } from './types.ts';
import { isWorkspaceMember } from './workspace-globs.ts';

export interface FindFrontendsOptions {
  readonly root: string;
  readonly config: Pick<Config, 'frontends' | 'file'>;
  readonly backendDirectory: string;
}

interface Found {
  readonly directory: string;
  readonly manifest: PackageJson;
}

const findAll = async (directories: readonly string[]): Promise<readonly Found[]> => {
  const found = await Promise.all(
    directories.map(async (directory) => ({ directory, manifest: await findPackageJson(directory) })),
  );
  return found.flatMap(({ directory, manifest }) => (manifest === undefined ? [] : [{ directory, manifest }]));
};

const slashes = (root: string, directory: string): string => shown(root, directory).split(path.sep).join('/');

const isMemberOf = (member: Found, owner: Found): boolean =>
  isWorkspaceMember(slashes(owner.directory, member.directory), owner.manifest.workspaces);

const describe = async (
  root: string,
  { directory, manifest }: Found,
  configured: NodeTool | null,
): Promise<Frontend> => {
  const { tool, toolVersion, lockFile } = await findPackageManager(directory, manifest, configured);
  const inputs = await nodeInputs({ tool, directory, workspaces: manifest.workspaces });
  const { bringsDevsetup, bringsOnlyDevsetup } = manifest;
  const name = slashes(root, directory);
  return { directory, name, bringsDevsetup, bringsOnlyDevsetup, tool, toolVersion, lockFile, inputs };
};

const readConfigured = async (options: FindFrontendsOptions, frontend: FrontendConfig): Promise<Frontend> => {
  const manifest = await findPackageJson(frontend.directory);
  if (manifest !== undefined) {
    return describe(options.root, { directory: frontend.directory, manifest }, frontend.packageManager);
  }
  throw usageError({
    code: 'FRONTEND_MISSING',
    message: `frontends in ${options.config.file ?? 'the configuration'} names ${frontend.directory}, which holds no package.json.`,
    hint: 'Correct the "directory"; it is relative to the project root.',
  });
};

/** The root where it brings devsetup, is not configured and has nothing installed: npx finds no devsetup in such a clone. */
const withoutDevsetup = async (root: string, configured: readonly Frontend[]): Promise<readonly Frontend[]> => {
  if (existsSync(path.join(root, 'node_modules')) || configured.some(({ directory }) => directory === root)) return [];
  const manifest = await findPackageJson(root);
  return manifest?.bringsDevsetup === true ? [await describe(root, { directory: root, manifest }, null)] : [];
};

/** The root, the folders below it, the backend's own and the members of `apps/`; what is there to read or to test is left out. */
const listPlaces = async (root: string, backendDirectory: string): Promise<readonly string[]> => {
  const below = (await listFolders(root)).filter((directory) => !isSecondary(path.basename(directory)));
  return [...new Set([root, ...below, backendDirectory, ...(await listFolders(path.join(root, 'apps')))])];
};

/**
 * Finds what has JavaScript dependencies to install: `frontends` of the configuration, else every such package.json in the root,
 * one folder down, in `apps/*` and beside manage.py. Of a workspace only its root is installed, which brings the members.
 */
export const findFrontends = async (options: FindFrontendsOptions): Promise<readonly Frontend[]> => {
  const { root, config, backendDirectory } = options;
  if (config.frontends !== null) {
    const configured = await Promise.all(config.frontends.map((frontend) => readConfigured(options, frontend)));
    return [...(await withoutDevsetup(root, configured)), ...configured];
  }
  const found = await findAll(await listPlaces(root, backendDirectory));
  const owners = found.filter(({ manifest }) => manifest.workspaces.length > 0);
  const isMember = (candidate: Found): boolean => owners.some((owner) => isMemberOf(candidate, owner));
  const standalone = found.filter(
    (candidate) =>
      !isMember(candidate) && (candidate.manifest.hasDependencies || candidate.manifest.workspaces.length > 0),
  );
  return Promise.all(standalone.map((one) => describe(root, one, null)));
};
