import path from 'node:path';

import { usageError } from '../../core/errors.ts';
import { findDevContainer, listDevContainers, type DevContainer } from '../../devcontainer/dev-container.ts';
import { shown } from '../../project/files.ts';
import type { InitServices } from '../init-services.ts';
import type { ReadFile } from '../write/scaffold-files.ts';

export interface ChosenDevContainer {
  /** undefined: there is none. */
  readonly found: DevContainer | undefined;
  /** Which others there are, and how one of them is chosen. */
  readonly notes: readonly string[];
}

/** The dev container to set up: the one that `--dev-container` names, the one that is chosen, else the first. */
export const chooseDevContainer = async (
  root: string,
  asked: string | undefined,
  choose: InitServices<ReadFile>['choose'] | undefined,
): Promise<ChosenDevContainer> => {
  const files = await listDevContainers(root);
  const names = files.map((file) => shown(root, file).split(path.sep).join('/'));
  const named = asked === undefined ? undefined : names.findIndex((name) => isMeant(name, asked));
  if (named === -1) {
    throw usageError({
      code: 'INIT_OPTION_INVALID',
      message: `--dev-container names ${asked ?? ''}, which is no devcontainer.json of this checkout.`,
      hint: names.length === 0 ? 'There is none: omit it, and devsetup writes one.' : `It takes ${names.join(' or ')}.`,
    });
  }
  const choices = names.map((value) => ({ value, label: value }));
  const isOpen = named === undefined && choose !== undefined && names.length > 1;
  const index = isOpen ? names.indexOf(await choose('Which dev container?', choices)) : (named ?? 0);
  const others = names.filter((_, at) => at !== index);
  const note = `${others.join(', ')} stays as it is. Set it up with devsetup init --dev-container ${others[0] ?? ''}`;
  return {
    found: files[index] === undefined ? undefined : await findDevContainer(root, files[index]),
    notes: others.length === 0 ? [] : [note],
  };
};

/** Its path, its folder, or the name of that. */
const isMeant = (name: string, asked: string): boolean => {
  const wanted = path.posix.normalize(asked.replaceAll('\\', '/')).replace(/\/$/, '');
  const folder = path.posix.dirname(name);
  return [name, folder, path.posix.basename(folder)].includes(wanted);
};
