import { realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { boundaryOf, isInside } from '../checkout/boundary.ts';
import type { RunLogOptions } from '../ui/run-log.ts';

export interface LogPlaces {
  /** DEVSETUP_LOG_FILE: the user's own choice. */
  readonly variable: string | undefined;
  /** `logFile` of the configuration, which came with the checkout. */
  readonly configured: string;
  readonly root: string;
  readonly stateDirectory: string;
  /** Default: those of the system. */
  readonly temporary?: readonly string[];
}

/**
 * Where the log goes. A checkout must not choose a file of the user: a new `~/.bash_profile` with lines of a log in it would be run by the
 * next shell.
 */
export const chooseLog = ({
  variable,
  configured,
  root,
  stateDirectory,
  temporary = ['/tmp', tmpdir()],
}: LogPlaces): Pick<RunLogOptions, 'path' | 'refusal'> => {
  if (variable !== undefined && variable !== '') return { path: variable, refusal: null };
  const folder = realFolder(path.dirname(configured));
  // What is wrong with a folder that is not there is said when the log is opened.
  if (folder === undefined) return { path: configured, refusal: null };
  const checkout = boundaryOf(root);
  const isOwn = isInside(checkout, folder) && !isInside(path.join(checkout, '.git'), folder);
  const shared = [...temporary, stateDirectory].flatMap((one) => realFolder(one) ?? []);
  const isAllowed = isOwn || shared.some((one) => isInside(one, folder));
  return { path: configured, refusal: isAllowed ? null : REFUSAL };
};

const REFUSAL =
  'is outside the checkout and the temporary folder, where the configuration may not put a log (DEVSETUP_LOG_FILE may)';

const realFolder = (folder: string): string | undefined => {
  try {
    return realpathSync(folder);
  } catch {
    // Not there, or closed to this user: nothing is known about it.
    return undefined;
  }
};
