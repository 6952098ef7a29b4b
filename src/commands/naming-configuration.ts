import { findConfigFiles } from '../config/load-config.ts';
import { nameConfiguration } from '../config/name-configuration.ts';
import { DevsetupError } from '../core/errors.ts';
import { findRoot } from '../project/find-root.ts';
import type { PlaceFlags } from './typed-commands.ts';

/** The error that ends a command, before or without a step: its hint says which file to write to, and what to type. */
export const namingConfiguration = async (
  failure: DevsetupError,
  { project, config }: PlaceFlags,
  cwd: string,
  typed: (text: string, place: { readonly root: string }) => string,
): Promise<DevsetupError> => {
  const { code, message, hint, exitCode, output, data, isCertain, cause } = failure;
  if (hint === undefined) return failure;
  // The error may be that there is no such folder.
  const root = await findRoot({ cwd, project }).catch(() => cwd);
  const file = config ?? (await findConfigFiles(root))[0] ?? null;
  return new DevsetupError({
    code,
    message,
    hint: typed(nameConfiguration(hint, file), { root }),
    exitCode,
    output,
    data,
    isCertain,
    cause,
  });
};
