import path from 'node:path';

import { usageError } from '../../core/errors.ts';
import { findText } from '../../project/files.ts';
import { findPackageManager } from '../../project/find-package-manager.ts';
import { findPackageJson } from '../../project/read-package-json.ts';
import { folder } from '../look/look-at-repository.ts';
import { findDockerfile, type FoundDockerfile } from './find-dockerfile.ts';
import type { NodeInstall } from './blocks/node-steps.ts';

/** A frontend as its jobs need it. */
export interface FrontendPart extends NodeInstall {
  /** Relative to the root. */
  readonly directory: string;
  /** Scripts of its package.json that check something, in the order they are run. */
  readonly checks: readonly string[];
  readonly dockerfile: FoundDockerfile;
}

const CHECKS = ['lint', 'typecheck', 'type-check', 'test:unit', 'test', 'build'];
/** What `npm init` writes. */
const NO_TEST = /no test specified/;

/** @throws usage error INIT_OPTION_INVALID where there is no package.json */
export const describeFrontend = async (root: string, name: string): Promise<FrontendPart> => {
  const directory = path.join(root, name);
  const manifest = await findPackageJson(directory);
  if (manifest === undefined) {
    throw usageError({
      code: 'INIT_OPTION_INVALID',
      message: `--frontend names ${name}, which holds no package.json.`,
      hint: 'It takes the folder of a package.json, relative to the root; --no-frontend: there is none.',
    });
  }
  const { tool, toolVersion, lockFile } = await findPackageManager(directory, manifest, null);
  const scripts = scriptsOf((await findText(path.join(directory, 'package.json'))) ?? '');
  return {
    directory: name,
    tool,
    toolVersion,
    lockFile: lockFile === null ? null : folder(root, lockFile),
    checks: chooseChecks(scripts),
    dockerfile: await findDockerfile(root, name, false),
  };
};

export const chooseChecks = (scripts: Readonly<Record<string, unknown>>): readonly string[] => {
  const there = CHECKS.filter((name) => typeof scripts[name] === 'string' && !NO_TEST.test(scripts[name]));
  // `test` usually runs all of them.
  return there.includes('test') ? there.filter((name) => name !== 'test:unit') : there;
};

const scriptsOf = (text: string): Readonly<Record<string, unknown>> => {
  try {
    return (JSON.parse(text) as { readonly scripts?: Readonly<Record<string, unknown>> }).scripts ?? {};
  } catch {
    // Its package manager will say what is wrong with it.
    return {};
  }
};
