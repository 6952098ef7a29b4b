import { scanSettings } from '../../checks/environment/settings/scan-settings.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import { findText, shown } from '../../project/files.ts';
import { envFilesSetting, findUnreadEnvFiles, findReadEnvFiles } from '../../project/find-unread-env-files.ts';
import type { FoundManagePy } from '../../project/find-manage-py.ts';
import { databaseVariables, type DatabaseVariable } from './database-variables.ts';
import { findWrittenHost, type WrittenHost } from './written-host.ts';

export interface SettingsFindings {
  /** null: it cannot be told how they find the database. */
  readonly variables: readonly DatabaseVariable[] | null;
  /** What they name as the database's engine. */
  readonly engine: string;
  /** `either`: SQLite where nothing says otherwise · `unknown`: they cannot be read, or name none. */
  readonly database: 'postgresql' | 'either' | 'other' | 'unknown';
  /** null: they do not say it in a way that can be understood. */
  readonly host: WrittenHost | null;
  /** They may demand TLS of the database, or they cannot be read. */
  readonly mentionsTls: boolean;
}

const TENANT_ENGINE = 'django_tenants.postgresql_backend';
const PLAIN_ENGINE = 'django.db.backends.postgresql';

/** dj-database-url and django-environ read DATABASE_URL where no other variable is named. */
const READS_URL = /^[^#\n]*(?:\bdj_database_url\.config\((?![^)]*\benv\s*=)|\benv\.db(?:_url)?\(\s*\))/m;

/** Reads the settings as text; nothing of the project is run. */
export const lookAtSettings = async (
  backend: FoundManagePy | null,
  { root = backend?.directory ?? '', urlVariable = 'DATABASE_URL' } = {},
): Promise<SettingsFindings> => {
  const scan = backend === null ? null : await scanSettings({ ...backend, module: null });
  if (scan === null)
    return { variables: null, engine: PLAIN_ENGINE, database: 'unknown', host: null, mentionsTls: true };
  const files = await Promise.all(
    scan.files.map(async (file) => ({ name: shown(root, file), text: (await findText(file)) ?? '' })),
  );
  const texts = files.map(({ text }) => text).join('\n');
  const implied = READS_URL.test(texts) ? ['DATABASE_URL'] : [];
  const variables = databaseVariables([...implied, ...scan.lookups.map(({ name }) => name)]);
  const engine = /\bdjango_tenants\b/.test(texts) ? TENANT_ENGINE : PLAIN_ENGINE;
  // In code: a comment demands nothing.
  const mentionsTls = /^[^#\n]*(?:\bssl|channel_binding)/im.test(texts);
  return {
    variables: variables.length === 0 ? null : variables,
    engine,
    database: databaseOf(texts),
    host: findWrittenHost(files, urlVariable),
    mentionsTls,
  };
};

const databaseOf = (texts: string): SettingsFindings['database'] => {
  const code = texts.replaceAll(/^\s*#.*$/gm, '');
  // Tests may use SQLite where development does not.
  const isSqlite = code
    .split('\n')
    .some(
      (line, at, lines) => /sqlite/i.test(line) && !/test/i.test(lines.slice(Math.max(at - 3, 0), at + 1).join('\n')),
    );
  if (/postg|psycopg|django_tenants|dj_database_url|\benv\.db/i.test(code)) return isSqlite ? 'either' : 'postgresql';
  return /backends\.(?:sqlite3|mysql|oracle)|\bmssql\b/.test(code) ? 'other' : 'unknown';
};

/**
 * What `envFiles` has to list, relative to the root, so that the settings find the variables which they cannot do without and which lie in
 * files that devsetup does not read by itself, such as the `env_file` of a compose service; []: nothing.
 */
export const findEnvFilesSetting = async (root: string, backend: FoundManagePy | null): Promise<readonly string[]> => {
  const scan = backend === null ? null : await scanSettings({ ...backend, module: null });
  if (backend === null || scan === null) return [];
  const places = { root, backendDirectory: backend.directory };
  const needed = new Set(scan.lookups.filter(({ otherwise }) => otherwise === 'raises').map(({ name }) => name));
  for (const file of await findReadEnvFiles(places))
    for (const name of readEnvVariables((await findText(file)) ?? '').keys()) needed.delete(name);
  const unread = await findUnreadEnvFiles(places, [...needed]);
  return unread.length === 0
    ? []
    : envFilesSetting(
        places,
        unread.map(({ file }) => file),
      );
};
