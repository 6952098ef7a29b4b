import { readdirSync } from 'node:fs';
import path from 'node:path';

import type { Config } from '../config/config.ts';
import type { Environment } from '../config/environment.ts';
import type { Redactor } from '../core/redact.ts';
import type { DatabaseTarget } from '../postgres/database-target.ts';
import { parseDatabaseUrl } from '../postgres/parse-database-url.ts';
import type { Project } from '../project/types.ts';

export interface Places {
  readonly config: { readonly database: Pick<Config['database'], 'urlVariable'> };
  readonly environment: Pick<Environment, 'get'>;
  readonly root: string;
  readonly project: Project | null;
  readonly state: { readonly directory: string };
}

/** A password may be named like the project: its paths are shown all the same, and the names in the URL of its database. */
export const showPlaces = (redactor: Pick<Redactor, 'addFolder' | 'addName'>, places: Places): void => {
  const { root, project, state, config, environment } = places;
  const target = targetOf(environment.get(config.database.urlVariable) ?? '');
  // Without a password, what stands before the host may be a token.
  if (target !== undefined && target.password !== '') showTarget(redactor, target);
  const own = project === null ? [root] : [root, project.backend.directory];
  const interpreter = project === null ? [] : [path.dirname(project.backend.python.interpreter)];
  for (const folder of [...own, state.directory, ...interpreter, ...own.flatMap(foldersIn)]) redactor.addFolder(folder);
};

export const showTarget = (
  redactor: Pick<Redactor, 'addName'>,
  { user, database, host }: Pick<DatabaseTarget, 'user' | 'database' | 'host'>,
): void => {
  for (const name of [user, database, host]) redactor.addName(name);
};

const targetOf = (url: string): DatabaseTarget | undefined => {
  try {
    const address = parseDatabaseUrl(url);
    return address.kind === 'postgresql' ? address.target : undefined;
  } catch {
    // The step that needs the database says that it cannot be read.
    return undefined;
  }
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
