import path from 'node:path';

import type { CheckContext } from '../context.ts';
import { findOtherNames } from './env-file/find-other-names.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import { findText } from '../../project/files.ts';
import { orNothing } from './look-into-settings.ts';

/**
 * Variables that may well be set where the project really runs: by an env file that only the settings read, by compose or by the dev
 * container. Whoever looks from outside cannot call them missing.
 */
export const namesSetElsewhere = async (
  context: CheckContext,
  settingsFiles: readonly string[],
): Promise<ReadonlySet<string>> => {
  const { root, backend } = context;
  const directories = [root, ...(backend === null ? [] : [backend.directory]), ...settingsFiles.map(path.dirname)];
  const [files, compose, devContainers] = await Promise.all([
    findOtherNames(directories),
    orNothing(context.compose()),
    context.devContainers(),
  ]);
  // A service without a build is somebody else's image: what it is given does not reach the project.
  const services = (compose?.services ?? []).filter(
    ({ build, name }) => build !== null || devContainers.some(({ service }) => name === service),
  );
  const texts = await Promise.all(services.flatMap(({ envFiles }) => envFiles).map(findText));
  return new Set([
    ...files,
    ...services.flatMap(({ environment }) => Object.keys(environment)),
    ...texts.flatMap((text) => [...readEnvVariables(text ?? '').keys()]),
    ...devContainers.flatMap(({ properties }) =>
      ['containerEnv', 'remoteEnv'].flatMap((name) => Object.keys(properties[name] ?? {})),
    ),
  ]);
};
