import path from 'node:path';

import type { InitInstall } from '../../core/init-report.ts';
import { shellWord } from '../../core/shell-word.ts';
import { findPackageManager } from '../../project/find-package-manager.ts';
import { findProgram } from '../../project/find-program.ts';
import { isFile } from '../../project/files.ts';
import { findPackageJson } from '../../project/read-package-json.ts';
import type { InitServices } from '../init-services.ts';
import { PACKAGE } from '../../project/read-package-json.ts';
import type { ReadFile } from './scaffold-files.ts';

export interface Install {
  readonly root: string;
  readonly program: string;
  readonly args: readonly string[];
  /** false: left to the user. */
  readonly isWanted: boolean;
  readonly shown: Pick<InitInstall, 'command' | 'output'>;
}

interface FindOptions {
  readonly root: string;
  readonly tool: string;
  /** package.json will change. */
  readonly isChanged: boolean;
  readonly isWanted: boolean;
}

/** What installs the package; null: it is there already, or was left to the user once. */
export const findInstall = async ({ root, tool, isChanged, isWanted }: FindOptions): Promise<Install | null> => {
  const isThere =
    (await isFile(path.join(root, 'node_modules', PACKAGE, 'package.json'))) ||
    (await isFile(path.join(root, '.pnp.cjs')));
  if (!isChanged && (isThere || !isWanted)) return null;
  const manifest = await findPackageJson(root);
  const found = manifest === undefined ? null : await findPackageManager(root, manifest, null);
  const args = installArguments(tool, found?.tool === tool ? found.toolVersion : null);
  const command = [tool, ...args].map(shellWord).join(' ');
  return { root, program: tool, args, isWanted, shown: { command, output: [] } };
};

/** Package managers leave the lock file alone where they take the place for a pipeline; here it has to follow package.json. */
const installArguments = (tool: string, toolVersion: string | null): readonly string[] => {
  if (tool === 'npm') return ['install', '--no-audit', '--no-fund'];
  if (tool === 'pnpm') return ['install', '--no-frozen-lockfile'];
  const isModernYarn = tool === 'yarn' && toolVersion !== null && !toolVersion.startsWith('1');
  return ['install', ...(isModernYarn ? ['--no-immutable'] : [])];
};

const OUTPUT_LINES = 20;

/** Runs it, where it is wanted and can be. Never throws for what it does. */
export const runInstall = async <F extends ReadFile>(
  { root, program, args, isWanted, shown }: Install,
  { env, runCommand, onOutput, signal }: InitServices<F>,
): Promise<InitInstall> => {
  const isThere = (await findProgram(program, { get: (name) => env[name] })) !== undefined;
  if (!isWanted || !isThere) return { ...shown, outcome: 'left' };
  const own = Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const result = await runCommand(
    { program, args, directory: root, env: Object.fromEntries(own) },
    { onOutput, signal },
  );
  if (result.exitCode === 0) return { ...shown, outcome: 'done' };
  return { ...shown, outcome: 'failed', output: result.tail.trimEnd().split('\n').slice(-OUTPUT_LINES) };
};
