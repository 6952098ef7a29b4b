import path from 'node:path';

import { DevsetupError, isDevsetupError, usageError } from '../core/errors.ts';
import { findDevContainer, listDevContainers, type DevContainer } from '../devcontainer/dev-container.ts';
import { findReferenceCli, type ReferenceCli } from '../devcontainer/reference-cli.ts';
import { USUAL_PLACES, chooseDevContainer } from './choose-dev-container.ts';
import { findDevContainers, type DockerPlace } from './find-containers.ts';

export interface ContainerPlace {
  readonly container: DevContainer;
  /** Further devcontainer.json files of the checkout, absolute. */
  readonly others: readonly string[];
  readonly cli: ReferenceCli;
  /** `--config` of the dev container program, where it does not look by itself. */
  readonly config: string | null;
  /** Its flags for this checkout. */
  readonly place: readonly string[];
}

/**
 * @param asked `--dev-container`
 * @throws DEVCONTAINER_MISSING · DEVCONTAINER_UNKNOWN · DEVCONTAINER_AMBIGUOUS · DEVCONTAINER_CLI_MISSING
 */
export const openPlace = async (
  root: string,
  asked: string | undefined,
  docker: DockerPlace,
): Promise<ContainerPlace> => {
  const files = await listDevContainers(root);
  const existing = files.length < 2 || asked !== undefined ? [] : await findDevContainers(root, docker).catch(unknown);
  const chosen = chooseDevContainer({ root, files, asked, existing });
  const container = chosen === undefined ? undefined : await findDevContainer(root, chosen);
  if (container === undefined) {
    throw usageError({
      code: 'DEVCONTAINER_MISSING',
      message: `There is no devcontainer.json in ${root}.`,
      hint: '`npx devsetup init` creates one.',
    });
  }
  const cli = findReferenceCli();
  if (cli === null) {
    throw new DevsetupError({
      code: 'DEVCONTAINER_CLI_MISSING',
      message: 'The package @devcontainers/cli, which comes with devsetup, is not installed.',
      hint: 'Install the dependencies of your package.json again, e.g. npm install.',
    });
  }
  const isFirst = container.file === files[0] && USUAL_PLACES.includes(path.relative(root, container.file));
  const config = isFirst ? null : container.file;
  return {
    container,
    others: files.filter((file) => file !== container.file),
    cli,
    config,
    place: ['--workspace-folder', root, ...(config === null ? [] : ['--config', config])],
  };
};

/** Without an engine: `verifyEngine` reports it better. */
const unknown = (error: unknown): readonly [] => {
  if (isDevsetupError(error)) return [];
  throw error;
};
