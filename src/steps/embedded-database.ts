import { existsSync } from 'node:fs';
import path from 'node:path';

import { DevsetupError } from '../core/errors.ts';
import type { Progress } from '../core/step.ts';
import type { Description } from '../django/protocol.ts';
import { describeTarget, isLocalHost, parseDatabaseUrl, type DatabaseTarget } from '../postgres/target.ts';
import { findLiteralHost, findPostgresqlMention } from '../project/find-settings-line.ts';
import { DATABASE_NOT_EMBEDDED } from '../core/report.ts';
import { readNames } from '../state/embedded-memory.ts';
import type { SetupContext } from './context.ts';
import { aliasWords } from './host-problem.ts';

/** The embedded database, where it is chosen; null: the settings choose. */
export const embeddedTarget = ({
  config,
  environment,
}: Pick<SetupContext, 'config' | 'environment'>): DatabaseTarget | null => {
  const { urlVariable } = config.database;
  if (environment.origin(urlVariable) !== 'embedded-database') return null;
  const address = parseDatabaseUrl(environment.get(urlVariable) ?? '', urlVariable);
  return address.kind === 'postgresql' ? address.target : null;
};

/**
 * Where the embedded database is chosen no other one may be migrated: some settings read no environment, load an env file over it, or migrate
 * another entry of DATABASES. null where they use it.
 */
export const embeddedProblem = async (context: SetupContext, progress: Progress): Promise<DevsetupError | null> => {
  const embedded = embeddedTarget(context);
  if (embedded === null) return null;
  const { database, settingsModule } = (await context.django(progress)).description;
  // SQLite is a file of the checkout: the step says that no server was needed for it.
  if (database.vendor === 'sqlite') return null;
  const target = database.vendor === 'postgresql' ? await context.target(progress) : null;
  if (target !== null && isLocalHost(target.host) && target.port === embedded.port) return null;
  const { urlVariable } = context.config.database;
  const place = target === null ? undefined : await findLiteralHost(context.project, target.host, settingsModule);
  const names = Object.keys(context.environment.asRecord()).filter(
    (name) =>
      context.environment.origin(name) === 'embedded-database' && name !== urlVariable && !name.startsWith('PG'),
  );
  const others = names.length === 0 ? '' : ` (or ${names.slice(0, 5).join(', ')})`;
  return new DevsetupError({
    code: DATABASE_NOT_EMBEDDED,
    message: `The settings migrate ${target === null ? database.engine : describeTarget(target)}${aliasWords(database.alias)}, not the embedded database ${describeTarget(embedded)}.`,
    hint:
      place === undefined
        ? `Read DATABASES['${database.alias}'] from ${urlVariable}${others}, and let no env file override the environment; or use the one they name: \`npx devsetup --db settings\`.`
        : `${place} sets the host to \`${target?.host ?? ''}\` itself: read DATABASES['${database.alias}'] from ${urlVariable} there, or use that database: \`npx devsetup --db settings\`.`,
  });
};

/** Where the embedded database is chosen and the settings use SQLite: what became of the choice. */
export const sqliteInstead = async (
  context: SetupContext,
  { database, settingsModule }: Description,
): Promise<string> => {
  const said = `The settings use SQLite${sqliteName(context, database.name)}${aliasWords(database.alias)}, which needs no server: the embedded PostgreSQL is not used.`;
  const mention = await findPostgresqlMention(context.project, settingsModule);
  if (mention === undefined) return said;
  const { place, variable } = mention;
  const what = variable === undefined ? 'what makes' : `the variable ${variable}, which makes`;
  return `${said} If PostgreSQL is meant, set ${what} the settings choose it (${place}), or read DATABASES['${database.alias}'] from ${context.config.database.urlVariable}.`;
};

/** The file from the root; a database in memory and a URI as they are written. */
const sqliteName = ({ project }: SetupContext, name: string | null): string => {
  if (name === null || name === '') return '';
  const isFile = !/^(?:file:|:)/.test(name);
  return ` (${isFile ? path.relative(project.root, path.resolve(project.backend.directory, name)) : name})`;
};

/** Of the embedded database: another project of the checkout was set up on it as well. */
export const sharedWith = (context: SetupContext, target: DatabaseTarget): string | null => {
  if (embeddedTarget(context) === null) return null;
  const { root, backend } = context.project;
  const own = path.relative(root, backend.directory);
  const other = [...readNames(context.state)].find(
    ([folder, name]) => folder !== own && name === target.database && existsSync(path.join(root, folder)),
  );
  return other === undefined
    ? null
    : `The database ${target.database} is also that of ${path.join(other[0], 'manage.py')}: both projects migrate it. Give DATABASES['default'] another NAME in the settings of one of them.`;
};
