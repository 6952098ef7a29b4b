import { scanSettings } from '../../checks/environment/settings/scan-settings.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import { findText } from '../../project/files.ts';
import { envFilesSetting, findUnreadEnvFiles, findReadEnvFiles } from '../../project/find-unread-env-files.ts';
import type { FoundManagePy } from '../../project/find-manage-py.ts';
import { databaseVariables, type DatabaseVariable } from './database-variables.ts';

export interface SettingsFindings {
  /** null: it cannot be told how they find the database. */
  readonly variables: readonly DatabaseVariable[] | null;
  /** What they name as the database's engine. */
  readonly engine: string;
  /** They may demand TLS of the database, or they cannot be read. */
  readonly mentionsTls: boolean;
}

const TENANT_ENGINE = 'django_tenants.postgresql_backend';
const PLAIN_ENGINE = 'django.db.backends.postgresql';

/** Reads the settings as text; nothing of the project is run. */
export const lookAtSettings = async (backend: FoundManagePy | null): Promise<SettingsFindings> => {
  const scan = backend === null ? null : await scanSettings({ ...backend, module: null });
  if (scan === null) return { variables: null, engine: PLAIN_ENGINE, mentionsTls: true };
  const variables = databaseVariables(scan.lookups.map(({ name }) => name));
  const texts = (await Promise.all(scan.files.map(findText))).join('\n');
  const engine = /\bdjango_tenants\b/.test(texts) ? TENANT_ENGINE : PLAIN_ENGINE;
  // In code: a comment demands nothing.
  const mentionsTls = /^[^#\n]*(?:\bssl|channel_binding)/im.test(texts);
  return { variables: variables.length === 0 ? null : variables, engine, mentionsTls };
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
