import { readdirSync } from 'node:fs';
import path from 'node:path';

import type { Redactor } from '../core/redact.ts';
import type { Project } from '../project/types.ts';

export interface Places {
  readonly root: string;
  readonly project: Project | null;
  readonly state: { readonly directory: string };
}

/** A password may be named like the project: its paths are shown all the same. */
export const showPlaces = (redactor: Pick<Redactor, 'addFolder'>, { root, project, state }: Places): void => {
  const own = project === null ? [root] : [root, project.backend.directory];
  const interpreter = project === null ? [] : [path.dirname(project.backend.python.interpreter)];
  for (const folder of [...own, state.directory, ...interpreter, ...own.flatMap(foldersIn)]) redactor.addFolder(folder);
};

const foldersIn = (directory: string): readonly string[] => {
  try {
    return readdirSync(directory, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? [entry.name] : [],
    );
  } catch {
    // Who opens the checkout says that it cannot be read.
    return [];
  }
};
