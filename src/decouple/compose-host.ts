import { DATABASE_IMAGE } from '../audit/model/throw-away-database.ts';
import type { Migration } from '../audit/model/migrations.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { readDocuments } from '../audit/model/yaml-documents.ts';
import { deployedCompose } from '../audit/start/deployed-compose.ts';
import { readComposeServices } from '../audit/start/read-compose-services.ts';
import { readEnvVariables } from '../config/read-env-lines.ts';
import type { DatabaseVariable } from '../scaffold/look/database-variables.ts';
import { baseName } from '../shell/programs/take-off.ts';
import { entriesOf, fieldOf, textAt, textsOf } from '../workflows/read/fields.ts';
import type { YamlValue } from '../workflows/workflow.ts';

/** A database that only the network of a compose file knows. */
export interface ComposeHost {
  readonly host: string;
  /** The compose file. */
  readonly file: string;
  /** Where the migration has the host from. */
  readonly variable: string;
}

/**
 * Where a migration ran in a service of compose: the host that this service is given by its `environment`, its `env_file` or the settings' default, if that is
 * a service of the same file. A runner cannot reach it by that name.
 */
export const findComposeHost = (
  variables: readonly DatabaseVariable[],
  fallbacks: Readonly<Record<string, string>>,
  migrations: readonly Migration[],
  job: AuditedJob,
  audit: Audit,
): ComposeHost | null => {
  const layers = migrations.flatMap(({ call }) => call.layers);
  const containers = layers.filter(({ kind }) => kind === 'container');
  if (containers.length === 0) return null;
  const files = composeFiles(job, audit);
  const services = files.flatMap((file) =>
    readDocuments(file, audit.readFile(file) ?? '').flatMap((root) =>
      [...entriesOf(fieldOf(root, 'services')).values()].map(({ key, value }) => ({ file, name: key, value })),
    ),
  );
  const own = services.filter(({ name }) => containers.some((layer) => layer.name === name));
  for (const { name: variable, role } of variables) {
    if (role !== 'host' && role !== 'url') continue;
    // A container whose name is another one than the service's: what all say.
    const given = (own.length > 0 ? own : services).flatMap((service) => valueIn(service, variable, audit) ?? []);
    const values = new Set(given.length > 0 ? given : [fallbacks[variable] ?? '']);
    const [value = ''] = values;
    const host = role === 'host' ? value : hostOf(value);
    const service = services.find(({ name }) => name === host);
    if (values.size === 1 && service !== undefined) return { host, file: service.file, variable };
  }
  return null;
};

/** A database that the deployment starts next to the application. */
export type StartedDatabase = Pick<ComposeHost, 'host' | 'file'>;

/**
 * The database server in the compose file that a deployment starts on its server. Where a file of the server alone says which host the application takes, it is
 * most likely this one, and no runner can reach it.
 */
export const findStartedDatabase = (
  hosts: readonly string[],
  migrations: readonly Migration[],
  job: AuditedJob,
  audit: Audit,
): StartedDatabase | null => {
  const isInService = ({ call }: Migration): boolean => call.layers.some(({ kind }) => kind === 'container');
  if (!migrations.every(isInService) || deployedCompose(job, audit).length === 0) return null;
  const services = composeFiles(job, audit).flatMap((file) =>
    readComposeServices(file, audit.readFile(file) ?? '').services.map((service) => ({ ...service, file })),
  );
  // What a service is given by its `environment` is for `findComposeHost`.
  if (services.some(({ start }) => hosts.some((name) => start.variables.has(name)))) return null;
  const own = services.find(({ profiles, start }) => profiles.length === 0 && DATABASE_IMAGE.test(start.image ?? ''));
  return own === undefined ? null : { host: own.name, file: own.file };
};

const COMPOSE = /^(?:docker-)?compose(?:[._-][\w-]+)*\.ya?ml$/;
const USUAL = /^(?:docker-)?compose\.ya?ml$/;

/** Those that a command of the job names, else the one of the usual name, or of several the highest. */
const composeFiles = ({ steps }: AuditedJob, { project }: Audit): readonly string[] => {
  const files = (project.paths ?? []).filter((file) => /\.ya?ml$/.test(file));
  const words = new Set(
    steps.flatMap(({ calls }) =>
      calls.flatMap((call) => call.words.map(({ value }) => baseName(value.replace(/^--file=/, '')))),
    ),
  );
  const named = files.filter(
    (file) => words.has(baseName(file)) && (COMPOSE.test(baseName(file)) || /compose/.test(file)),
  );
  const usual = files.filter((file) => USUAL.test(baseName(file)));
  if (named.length > 0) return named;
  // Below it lie those of a machine of a developer, or of one part.
  const depths = usual.map((file) => file.split('/').length);
  const highest = usual.filter((_, index) => depths[index] === Math.min(...depths));
  return highest.length === 1 ? highest : [];
};

interface Service {
  readonly file: string;
  readonly value: YamlValue;
}

/** null: it is not given it, or by what compose fills in. */
const valueIn = ({ file, value }: Service, variable: string, audit: Audit): string | null => {
  const environment = fieldOf(value, 'environment');
  const listed = textsOf(environment).find((one) => one.value.startsWith(`${variable}=`));
  const written = listed?.value.slice(variable.length + 1) ?? textAt(environment, variable)?.value;
  if (written !== undefined) return filled(written);
  const folder = file.slice(0, file.lastIndexOf('/') + 1);
  const envFile = fieldOf(value, 'env_file');
  const files = envFile?.kind === 'scalar' ? [envFile.scalar.value] : textsOf(envFile).map((one) => one.value);
  for (const name of files) {
    const text = audit.readFile(`${folder}${name.replace(/^\.\//, '')}`);
    const found = text === undefined ? undefined : readEnvVariables(text).get(variable)?.value;
    if (found !== undefined) return found;
  }
  return null;
};

/** `${DB_HOST:-db}` is `db` where nothing says otherwise; other values of the server are not known. */
const filled = (value: string): string | null => {
  const text = value.replaceAll(/\$\{\w+:?-([^}]*)\}/g, '$1');
  return /^\$\{?\w+\}?$/.test(text) ? null : text.replaceAll(/\$\{?\w+\}?/g, 'x');
};

/** Of `postgres://user:password@db:5432/shop`. */
const hostOf = (url: string): string => /^[a-z][\w+]*:\/\/(?:[^@/]*@)?([^:/?]+)/.exec(url)?.[1] ?? '';
