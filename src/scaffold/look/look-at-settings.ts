import { scanSettings } from '../../checks/environment/settings/scan-settings.ts';
import { findText } from '../../project/files.ts';
import type { FoundManagePy } from '../../project/find-manage-py.ts';
import { databaseVariables, type DatabaseVariable } from './database-variables.ts';

export interface SettingsFindings {
  /** null: it cannot be told how they find the database. */
  readonly variables: readonly DatabaseVariable[] | null;
  /** What they name as the database's engine. */
  readonly engine: string;
}

const TENANT_ENGINE = 'django_tenants.postgresql_backend';
const PLAIN_ENGINE = 'django.db.backends.postgresql';

/** Reads the settings as text; nothing of the project is run. */
export const lookAtSettings = async (backend: FoundManagePy | null): Promise<SettingsFindings> => {
  const scan = backend === null ? null : await scanSettings({ ...backend, module: null });
  if (scan === null) return { variables: null, engine: PLAIN_ENGINE };
  const variables = databaseVariables(scan.lookups.map(({ name }) => name));
  const texts = (await Promise.all(scan.files.map(findText))).join('\n');
  const engine = /\bdjango_tenants\b/.test(texts) ? TENANT_ENGINE : PLAIN_ENGINE;
  return { variables: variables.length === 0 ? null : variables, engine };
};
