import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { describeKeys, fieldsOf, hasNoRows, rowFirst, type MissingField } from './missing-fields.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { templateHint } from './template-hint.ts';
import type { TenantWish } from './tenant-step.ts';

/**
 * What the companion refused about a tenant, with the place in the configuration that mends it: only the step knows which of
 * the two tenants is meant. Anything else is returned as it is.
 */
export const tenantProblem = (
  error: unknown,
  { step }: Pick<TenantWish, 'step'>,
  commands: Readonly<Record<string, string>>,
  pipeline: PipelineRun | null,
): unknown => {
  if (!isDevsetupError(error)) return error;
  const which = step === 'super-tenant' ? 'super' : 'guest';
  const hint = HINTS[error.code]?.(error, which, suggestCommands(commands, which)) ?? templateHint(error, pipeline);
  if (hint === undefined) return error;
  const { code, message, output, data, exitCode, cause } = error;
  return new DevsetupError({ code, message, hint, output, data, exitCode, cause });
};

const HINTS: Readonly<Record<string, (error: DevsetupError, which: string, others: readonly string[]) => string>> = {
  TENANT_FIELDS_MISSING: (error, which, others) => {
    const fields = fieldsOf(error);
    const impossible = fields.filter(hasNoRows);
    if (impossible.length > 0) return createRowFirst(impossible, which, others);
    const values = fields.map(({ name }) => `"${name}": …`);
    const help = fields.flatMap((field) => {
      const keys = describeKeys(field);
      return keys.length > 0 ? keys : field.help === '' ? [] : [`${field.name}: ${field.help}`];
    });
    const addition = `Add to the configuration: ${inConfiguration(which, `"fields": { ${values.join(', ')} }`)}`;
    return [addition, ...help, ...others.map((other) => `Or, ${other}`)].join('\n');
  },
  TENANT_TABLE_MISSING: () =>
    'The migrations of the shared apps create it: run devsetup without --only. If it is missing then, the app of TENANT_MODEL is not in SHARED_APPS, or its migrations are not committed.',
  TENANT_FIELDS_UNKNOWN: (_, which) => `Correct the names in tenants.${which}.fields of the configuration.`,
  TENANT_FIELDS_INVALID: (_, which) => `Correct the values in tenants.${which}.fields of the configuration.`,
  DOMAIN_TAKEN: (_, which) => `Choose another in the configuration: ${inConfiguration(which, '"domain": "…"')}`,
};

/** A tenant and its owner often need each other: then one command of the project creates both. */
const createRowFirst = (fields: readonly MissingField[], which: string, commands: readonly string[]): string => {
  const after = which === 'super' ? 'shared-migrations' : 'tenant-migrations';
  const values = fields.map(({ name }) => `"${name}": …`).join(', ');
  const byHand = rowFirst(fields, after, `set its key: ${inConfiguration(which, `"fields": { ${values} }`)}`);
  const [first] = commands;
  return first === undefined ? byHand : `${first.charAt(0).toUpperCase()}${first.slice(1)}\nOtherwise: ${byHand}`;
};

/** By their names only: what they do is not known, so devsetup runs none that the configuration does not name. */
const CREATES_TENANTS = /^(?=.*tenant)(?:create|add|make|new|init|setup|bootstrap|provision|register)/;

const suggestCommands = (commands: Readonly<Record<string, string>>, which: string): readonly string[] =>
  Object.entries(commands)
    .filter(([name, app]) => CREATES_TENANTS.test(name) && app !== 'django_tenants')
    .map(([name]) => `if ${name} creates it: ${inConfiguration(which, `"command": "${name}", "args": [...]`)}`);

const inConfiguration = (which: string, text: string): string => `"tenants": { "${which}": { ${text} } }`;
