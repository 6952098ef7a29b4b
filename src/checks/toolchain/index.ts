import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { diskSpace } from './disk-space.ts';
import { fileOwnership } from './file-ownership.ts';
import { installedDistributions } from './installed-distributions.ts';
import { nodeVersion } from './node-version.ts';
import { packageManagers } from './package-managers.ts';
import { pythonVersion } from './python-version.ts';
import { virtualEnvironment } from './virtual-environment.ts';

export const TOOLCHAIN_CHECKS: readonly Check<CheckContext>[] = [
  nodeVersion,
  pythonVersion,
  packageManagers,
  virtualEnvironment,
  installedDistributions,
  diskSpace,
  fileOwnership,
];
