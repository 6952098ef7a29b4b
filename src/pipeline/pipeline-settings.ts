import type { Config, EnvironmentConfig } from '../config/config.ts';
import { closestName } from '../config/closest-name.ts';
import { usageError } from '../core/errors.ts';

/** How `devsetup migrate` works in one environment; every default is filled in. */
export interface PipelineSettings {
  /** As typed after --environment; null: it was not given, and everything is as strict as in production. */
  readonly environment: string | null;
  readonly fakeInitial: boolean;
  readonly lockTimeoutSeconds: number;
  readonly lockRetries: number;
  readonly databaseUrlVariable: string;
  /** The GitHub secret that the variable is set from. */
  readonly databaseUrlSecret: string;
  /** null: what the environment or manage.py says. */
  readonly settingsModule: string | null;
  /** null: as for every environment. */
  readonly superTenantDomain: string | null;
  readonly concurrency: number | 'auto';
  readonly failFast: boolean;
  readonly sharedWaitSeconds: number;
}

/** Known without an entry in the configuration. */
const ALWAYS_KNOWN = ['dev', 'uat', 'prod'] as const;

export const LOCK_TIMEOUT_SECONDS = 2;
export const LOCK_RETRIES = 10;
const SHARED_WAIT_SECONDS = 1800;

/**
 * The settings of an environment. Without a name the built-in ones of production, whatever the configuration says of `prod`:
 * who forgets the flag must not get what somebody allowed for one environment.
 *
 * @throws usage error ENVIRONMENT_UNKNOWN, with the names there are
 */
export const resolvePipelineSettings = (name: string | undefined, config: Config): PipelineSettings => {
  const known = [...new Set([...ALWAYS_KNOWN, ...Object.keys(config.environments)])];
  if (name !== undefined && !known.includes(name)) throw unknownEnvironment(name, known);
  const own: EnvironmentConfig = name === undefined ? {} : (config.environments[name] ?? {});
  const variable = own.databaseUrlVariable ?? config.database.urlVariable;
  return {
    environment: name ?? null,
    fakeInitial: own.fakeInitial ?? (name === 'dev' && config.migrations.fakeInitial !== false),
    lockTimeoutSeconds: own.lockTimeoutSeconds ?? LOCK_TIMEOUT_SECONDS,
    lockRetries: own.lockRetries ?? LOCK_RETRIES,
    databaseUrlVariable: variable,
    databaseUrlSecret: own.databaseUrlSecret ?? variable,
    settingsModule: own.settingsModule ?? null,
    superTenantDomain: own.superTenantDomain ?? null,
    concurrency: own.concurrency ?? config.migrations.concurrency,
    failFast: own.failFast ?? config.migrations.failFast,
    sharedWaitSeconds: own.sharedWaitSeconds ?? SHARED_WAIT_SECONDS,
  };
};

const unknownEnvironment = (name: string, known: readonly string[]): Error => {
  const meant = closestName(name, known);
  return usageError({
    code: 'ENVIRONMENT_UNKNOWN',
    message: `--environment: there is no environment "${name}"; known are ${known.join(', ')}.`,
    hint:
      meant === undefined
        ? `Add it to the configuration: "environments": { ${JSON.stringify(name)}: {} }`
        : `Did you mean ${meant}? Others go into the configuration: "environments": { ${JSON.stringify(name)}: {} }`,
  });
};

/** One line: what is done how, e.g. for the first line of the result. */
export const describeSettings = (settings: PipelineSettings): string => {
  const { environment, fakeInitial, lockTimeoutSeconds, lockRetries } = settings;
  const name = environment === null ? 'No --environment: as strict as for prod' : `Environment ${environment}`;
  const lock = `lock_timeout ${lockTimeoutSeconds} s, ${lockRetries === 1 ? '1 retry' : `${lockRetries} retries`}`;
  return `${name}: ${lock}, ${fakeInitial ? 'with' : 'without'} --fake-initial`;
};
