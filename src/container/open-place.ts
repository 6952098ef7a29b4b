import path from 'node:path';

import { DevsetupError, usageError } from '../core/errors.ts';
import { findDevContainer, type DevContainer } from '../devcontainer/dev-container.ts';
import { findReferenceCli, type ReferenceCli } from '../devcontainer/reference-cli.ts';

export interface ContainerPlace {
  readonly container: DevContainer;
  readonly cli: ReferenceCli;
  /** `--config` of the dev container program, where it does not look by itself. */
  readonly config: string | null;
  /** Its flags for this checkout. */
  readonly place: readonly string[];
}

/** @throws DEVCONTAINER_MISSING · DEVCONTAINER_CLI_MISSING */
export const openPlace = async (root: string): Promise<ContainerPlace> => {
  const container = await findDevContainer(root);
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
  const config = USUAL_PLACES.includes(path.relative(root, container.file)) ? null : container.file;
  return {
    container,
    cli,
    config,
    place: ['--workspace-folder', root, ...(config === null ? [] : ['--config', config])],
  };
};

const USUAL_PLACES = ['.devcontainer/devcontainer.json', '.devcontainer.json'];
