import { isDevsetupError } from '../core/errors.ts';
import type { DatabaseSettings } from '../django/protocol.ts';
import type { DatabaseTarget } from './database-target.ts';
import { NO_SYSTEM, type LibpqSystem } from './libpq-system.ts';
import { resolveTarget, type Parameter } from './resolve-parameters.ts';

/**
 * The target that Django's driver would connect to. Throws `DATABASE_SERVICE_UNSUPPORTED`, `DATABASE_SEVERAL_HOSTS` and
 * `DATABASE_OPTION_UNSUPPORTED` for what devsetup cannot do in the same way.
 */
export const targetFromDjango = (settings: DatabaseSettings, system: LibpqSystem = NO_SYSTEM): DatabaseTarget => {
  const { alias, options } = settings;
  const place = `DATABASES["${alias}"]`;
  const given = new Map<string, Parameter>();
  const add = (name: string, key: string, value: string | null): void => {
    if (value !== null && value !== '') given.set(name, { value, source: `${key} of ${place}` });
  };
  add('dbname', 'NAME', settings.name);
  // In the order of Django: OPTIONS overrides NAME, the other keys override OPTIONS.
  for (const [name, value] of Object.entries(options)) add(name, 'OPTIONS', value);
  add('user', 'USER', settings.user);
  add('password', 'PASSWORD', settings.password);
  add('host', 'HOST', settings.host);
  add('port', 'PORT', settings.port);
  return resolveTarget(given, system);
};

/** Every password of these settings, also what libpq reads from its files. */
export const secretsOf = (settings: DatabaseSettings, system: LibpqSystem): readonly string[] => {
  const { password, options } = settings;
  const given = [password, options['password'], options['sslpassword']];
  return [...given, ...resolvedSecrets(settings, system)].flatMap((secret) => secret ?? []);
};

const resolvedSecrets = (settings: DatabaseSettings, system: LibpqSystem): readonly string[] => {
  if (settings.vendor !== 'postgresql') return [];
  try {
    const { password, tls } = targetFromDjango(settings, system);
    return [password, tls.keyPassword ?? ''];
  } catch (error) {
    // Refused by the first step that needs the target; then no file was read.
    if (isDevsetupError(error)) return [];
    throw error;
  }
};
