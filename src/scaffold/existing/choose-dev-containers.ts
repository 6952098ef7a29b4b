import path from 'node:path';

import { usageError } from '../../core/errors.ts';
import { isMeant, listDevContainers } from '../../devcontainer/dev-container.ts';
import { shown } from '../../project/files.ts';
import type { InitServices } from '../init-services.ts';
import type { ReadFile } from '../write/scaffold-files.ts';

export interface ChosenDevContainers {
  /** Absolute paths; []: there is none. */
  readonly files: readonly string[];
  /** Those that were not chosen, relative to the root, with `/`. */
  readonly others: readonly string[];
}

const ALL = '';

/** The dev containers to set up: the one that `--dev-container` names, what is chosen on the terminal, otherwise all. */
export const chooseDevContainers = async (
  root: string,
  asked: string | undefined,
  choose: InitServices<ReadFile>['choose'] | undefined,
): Promise<ChosenDevContainers> => {
  const files = await listDevContainers(root);
  const names = files.map((file) => shown(root, file).split(path.sep).join('/'));
  const named = asked === undefined ? undefined : names.find((name) => isMeant(name, asked));
  if (asked !== undefined && named === undefined) {
    throw usageError({
      code: 'INIT_OPTION_INVALID',
      message: `--dev-container names ${asked}, which is not a devcontainer.json of this checkout.`,
      hint: names.length === 0 ? 'There is none: omit it, and devsetup writes one.' : `It takes ${names.join(' or ')}.`,
    });
  }
  const choices = [{ value: ALL, label: `all ${names.length}` }, ...names.map((value) => ({ value, label: value }))];
  const isOpen = named === undefined && choose !== undefined && names.length > 1;
  const chosen = isOpen ? await choose('Which dev container is set up?', choices) : (named ?? ALL);
  const isChosen = (name: string): boolean => chosen === ALL || name === chosen;
  return {
    files: files.filter((_, index) => isChosen(names[index] ?? '')),
    others: names.filter((name) => !isChosen(name)),
  };
};
