import type { Progress, State } from '../core/step.ts';
import { describeTarget, isLocalHost, parseDatabaseUrl, type DatabaseTarget } from '../postgres/target.ts';
import type { SetupContext } from './context.ts';

/** The database of `--db embedded`; null without that flag. */
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
 * Whoever asks for the embedded database must not find another one changed: some settings read no environment, or load an env file over
 * it. null where they use it.
 */
export const besideEmbedded = async (context: SetupContext, progress: Progress): Promise<State | null> => {
  const embedded = embeddedTarget(context);
  if (embedded === null) return null;
  const { database } = (await context.django(progress)).description;
  const isServer = database.vendor === 'postgresql';
  const target = isServer ? await context.target(progress) : null;
  if (target !== null && isLocalHost(target.host) && target.port === embedded.port) return null;
  const { urlVariable } = context.config.database;
  const names = Object.keys(context.environment.asRecord()).filter(
    (name) =>
      context.environment.origin(name) === 'embedded-database' && name !== urlVariable && !name.startsWith('PG'),
  );
  const others = names.length === 0 ? '' : ` (or ${names.slice(0, 5).join(', ')})`;
  return {
    kind: 'blocked',
    code: 'DATABASE_NOT_EMBEDDED',
    reason: `The settings use ${target === null ? database.engine : describeTarget(target)}, and not the embedded database ${describeTarget(embedded)}.`,
    hint: `Let DATABASES['default'] be read from ${urlVariable}${others}, and let no env file win over the environment; or leave out --db embedded.`,
  };
};
