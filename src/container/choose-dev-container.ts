import path from 'node:path';

import { usageError } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { isMeant } from '../devcontainer/dev-container.ts';
import type { FoundContainer } from './find-containers.ts';

export interface DevContainerChoice {
  readonly root: string;
  /** The devcontainer.json files of the checkout, absolute. */
  readonly files: readonly string[];
  /** `--dev-container` */
  readonly asked: string | undefined;
  /** What was created for this checkout. */
  readonly existing: readonly Pick<FoundContainer, 'config' | 'isRunning'>[];
}

/**
 * Which of several dev containers a command is about: the one that is named, else the only one that runs, else the only one that was created,
 * else the one where every tool looks first. undefined: there is none.
 *
 * @throws DEVCONTAINER_UNKNOWN · DEVCONTAINER_AMBIGUOUS
 */
export const chooseDevContainer = ({ root, files, asked, existing }: DevContainerChoice): string | undefined => {
  const nameOf = (file: string): string => path.relative(root, file).split(path.sep).join('/');
  const names = files.map(nameOf).join(', ');
  if (asked !== undefined) {
    const named = files.find((file) => isMeant(nameOf(file), asked));
    if (named !== undefined) return named;
    throw usageError({
      code: 'DEVCONTAINER_UNKNOWN',
      message: `--dev-container names ${asked}, which is not a devcontainer.json of this checkout.`,
      hint: files.length === 0 ? 'There is none: `npx devsetup init` makes one.' : `It takes one of: ${names}.`,
    });
  }
  if (files.length < 2) return files[0];
  const createdOf = (containers: typeof existing): readonly string[] =>
    files.filter((file) => containers.some(({ config }) => config === file));
  const candidates = [createdOf(existing.filter(({ isRunning }) => isRunning)), createdOf(existing)];
  const only = candidates.find((some) => some.length === 1)?.[0];
  const usual = files.find((file) => USUAL_PLACES.includes(nameOf(file)));
  const chosen = only ?? (candidates[0]?.length === 0 ? usual : undefined);
  if (chosen !== undefined) return chosen;
  throw usageError({
    code: 'DEVCONTAINER_AMBIGUOUS',
    message: `${root} has several dev containers: ${names}.`,
    hint: `Choose one, for example: --dev-container ${shellWord(nameOf(path.dirname(files[0] ?? '')))}`,
  });
};

export const USUAL_PLACES = ['.devcontainer/devcontainer.json', '.devcontainer.json'];
