import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import type { TenantWish } from './tenant-step.ts';

/**
 * What the companion refused about a tenant, with the place in the configuration that mends it: only the step knows which of
 * the two tenants is meant. Anything else is returned as it is.
 */
export const tenantProblem = (
  error: unknown,
  { step }: Pick<TenantWish, 'step'>,
  commands: Readonly<Record<string, string>>,
): unknown => {
  if (!isDevsetupError(error)) return error;
  const which = step === 'super-tenant' ? 'super' : 'guest';
  const words = HINTS[error.code]?.(dataOf(error), which);
  if (words === undefined) return error;
  const other = error.code === 'TENANT_FIELDS_MISSING' ? suggestCommands(commands, which) : [];
  const hint = [words, ...other].join('\n');
  const { code, message, output, data, exitCode, cause } = error;
  return new DevsetupError({ code, message, hint, output, data, exitCode, cause });
};

type Data = Readonly<Record<string, unknown>>;

const HINTS: Readonly<Record<string, (data: Data, which: string) => string>> = {
  TENANT_FIELDS_MISSING: ({ fields }, which) => {
    const values = listOf(fields).map((field) => `"${field['name']}": …`);
    const help = listOf(fields).flatMap((field) => (field['help'] ? [`${field['name']}: ${field['help']}`] : []));
    return [`Add to the configuration: ${inConfiguration(which, `"fields": { ${values.join(', ')} }`)}`, ...help].join(
      '\n',
    );
  },
  TENANT_FIELDS_UNKNOWN: (_, which) => `Correct the names in tenants.${which}.fields of the configuration.`,
  TENANT_FIELDS_INVALID: (_, which) => `Correct the values in tenants.${which}.fields of the configuration.`,
  DOMAIN_TAKEN: (_, which) => `Choose another in the configuration: ${inConfiguration(which, '"domain": "…"')}`,
};

/** By their names only: what they do is not known, so devsetup runs none that the configuration does not name. */
const CREATES_TENANTS = /^(?=.*tenant)(?:create|add|make|new|init|setup|bootstrap|provision|register)/;

const suggestCommands = (commands: Readonly<Record<string, string>>, which: string): readonly string[] =>
  Object.entries(commands)
    .filter(([name, app]) => CREATES_TENANTS.test(name) && app !== 'django_tenants')
    .map(([name]) => `Or, if ${name} creates it: ${inConfiguration(which, `"command": "${name}", "args": [...]`)}`);

const inConfiguration = (which: string, text: string): string => `"tenants": { "${which}": { ${text} } }`;

const dataOf = (error: DevsetupError): Data => {
  const { cause } = error;
  const data = typeof cause === 'object' && cause !== null && 'data' in cause ? cause.data : undefined;
  return isRecord(data) ? data : {};
};

const listOf = (value: unknown): readonly Data[] => (Array.isArray(value) ? value.filter(isRecord) : []);

const isRecord = (value: unknown): value is Data => typeof value === 'object' && value !== null;
