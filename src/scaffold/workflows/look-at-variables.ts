import { readEnvLines } from '../../config/read-env-lines.ts';
import { isPlaceholder } from '../../config/is-placeholder.ts';
import { scanSettings } from '../../checks/environment/settings/scan-settings.ts';
import type { FoundManagePy } from '../../project/find-manage-py.ts';
import { findSampleFile } from '../../project/find-sample-file.ts';
import { findText } from '../../project/files.ts';
import { databaseVariables, type DatabaseVariable } from '../look/database-variables.ts';
import { envFolders } from '../../config/load-environment.ts';

/** What the settings take from the environment, as far as a pipeline has to give it. */
export interface PipelineVariables {
  /** How they find the database: one URL, or its parts; null: it cannot be told. */
  readonly database: readonly DatabaseVariable[] | null;
  /** What the settings take where a variable of the database is not set. */
  readonly fallbacks?: Readonly<Record<string, string>>;
  /** Variables that decide whether they take that database: `DJANGO_ENV`; without them it may be another one. */
  readonly deciding?: readonly string[];
  /** Others that they cannot do without. */
  readonly required: readonly RequiredVariable[];
}

export interface RequiredVariable {
  readonly name: string;
  readonly isSecret: boolean;
  /** For tests; null: nothing says what would do. */
  readonly sample: string | null;
}

const SECRET = /KEY|SECRET|TOKEN|PASS|CREDENTIAL|DSN|_URL$|_URI$/;
/** Django does not start with an empty one: `os.getenv('SECRET_KEY')`. */
const OF_DJANGO = /^(?:DJANGO_)?SECRET_KEY$/;
/** manage.py or the machine gives these. */
const GIVEN = /^(?:DJANGO_SETTINGS_MODULE|HOME|PATH|USER|PWD|LANG|TZ|CI)$/;

/** Reads the settings as text; nothing of the project is run. */
export const lookAtVariables = async (root: string, backend: FoundManagePy): Promise<PipelineVariables> => {
  const scan = await scanSettings({ ...backend, module: null });
  if (scan === null) return { database: null, required: [] };
  const all = databaseVariables(scan.lookups.map(({ name }) => name));
  const urls = all.filter(({ role }) => role === 'url');
  const ofDatabase = new Set(all.map(({ name }) => name));
  const canDoWithout = new Set(
    scan.lookups.filter(({ otherwise }) => otherwise === 'default' || otherwise === 'optional').map(({ name }) => name),
  );
  const names = scan.lookups
    .filter(
      ({ name, always, otherwise }) =>
        always && (otherwise === 'raises' || (otherwise === 'nothing' && OF_DJANGO.test(name))),
    )
    .map(({ name }) => name)
    .filter((name) => !ofDatabase.has(name) && !canDoWithout.has(name) && !scan.handled.has(name) && !GIVEN.test(name));
  const samples = await readSamples(envFolders(root, backend.directory), names);
  const required = [...new Set(names)].map((name) => describe(name, samples.get(name)));
  const database = urls.length > 0 ? urls.slice(0, 1) : all;
  const deciding = scan
    .decidingFor(new Set(database.map(({ name }) => name)))
    .filter((name) => !GIVEN.test(name) || name === 'CI');
  const fallbacks = Object.fromEntries(
    scan.lookups.flatMap(({ name, fallback }) =>
      ofDatabase.has(name) && fallback !== undefined ? [[name, fallback]] : [],
    ),
  );
  return all.length === 0 ? { database: null, required } : { database, fallbacks, deciding, required };
};

/** `MYSQL_HOST` and the like, which belong to another database than the project's where that is PostgreSQL. */
export const otherDatabase = async (backend: FoundManagePy): Promise<PipelineVariables['database']> => {
  const scan = await scanSettings({ ...backend, module: null });
  const names = [...new Set((scan?.lookups ?? []).map(({ name }) => name))];
  const found = names.flatMap((name) =>
    /^(?:MYSQL|MARIADB)_/.test(name)
      ? databaseVariables([name.replace(/^[A-Z]+_/, 'DB_')]).map(({ role }) => ({ name, role }))
      : [],
  );
  return found.length === 0 ? null : found;
};

const describe = (name: string, sample: string | undefined): RequiredVariable => {
  const isSecret = SECRET.test(name);
  // The value that a sample gives a secret may be a real one.
  return { name, isSecret, sample: isSecret ? 'not-a-secret-in-tests' : (sample ?? null) };
};

const readSamples = async (
  directories: readonly string[],
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  const file = await findSampleFile(directories, names);
  const lines = file === null ? [] : readEnvLines((await findText(file)) ?? '');
  return new Map(
    lines.flatMap((line) =>
      line.kind === 'variable' && /^[\w.,:/@ -]+$/.test(line.value) && !isPlaceholder(line.value)
        ? [[line.name, line.value] as const]
        : [],
    ),
  );
};
