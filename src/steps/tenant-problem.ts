import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { isRecord, isText } from '../core/shape.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { dataOf } from './missing-fields.ts';
import { templateHint } from './template-hint.ts';
import { placeOf, tenantFieldsProblem, type Lacking, type WhichTenant } from './tenant-fields.ts';

interface ProblemPlace {
  readonly which: WhichTenant;
  /** The project's commands, and the app each is of. */
  readonly commands: Readonly<Record<string, string>>;
  readonly configFile: string | null;
  readonly schema: string;
  /** This run creates the guest tenant as well: its values are derived in the same way. */
  readonly createsGuest: boolean;
  readonly pipeline: PipelineRun | null;
}

/**
 * What the companion refused about a tenant, with the place in the configuration that fixes it: only the step knows which of
 * the two tenants is meant. `others`: what the other tenant lacks. Anything else is returned as it is.
 */
export const tenantProblem = (error: unknown, place: ProblemPlace, others: readonly Lacking[] = []): unknown => {
  if (!isDevsetupError(error)) return error;
  const { which, commands, configFile, pipeline } = place;
  if (error.code === FIELDS_MISSING) {
    const suggestions = suggestCommands(commands, which);
    return tenantFieldsProblem([{ which, error }, ...others], { configFile, suggestions });
  }
  const hint =
    (error.code === 'TENANT_FIELDS_INVALID' ? otherValues(error, place) : undefined) ??
    HINTS[error.code]?.(which) ??
    templateHint(error, pipeline);
  if (hint === undefined) return error;
  const { code, message, output, data, exitCode, cause } = error;
  return new DevsetupError({ code, message, hint, output, data, exitCode, cause });
};

export const FIELDS_MISSING = 'TENANT_FIELDS_MISSING';

const HINTS: Readonly<Record<string, (which: WhichTenant) => string>> = {
  TENANT_TABLE_MISSING: () =>
    'The migrations of the shared apps create it: run devsetup without --only. If it is missing then, the app of TENANT_MODEL is not in SHARED_APPS, or its migrations are not committed.',
  TENANT_FIELDS_UNKNOWN: (which) => `Correct the names in tenants.${which}.fields of the configuration.`,
  TENANT_FIELDS_INVALID: (which) =>
    `Correct the values in tenants.${which} of the configuration; a field that it does not name yet belongs into tenants.${which}.fields.`,
  DOMAIN_TAKEN: (which) => `Choose another in the configuration: ${inConfiguration(which, '"domain": "…"')}`,
};

/** What devsetup has chosen itself was refused: the configuration that says it better. */
const otherValues = (
  error: DevsetupError,
  { which, schema, createsGuest, configFile }: ProblemPlace,
): string | undefined => {
  const { domain, derived } = dataOf(error);
  if (isText(domain)) {
    // Many models want a dot.
    const proposal = domain.includes('.') ? '…' : `${schema.toLowerCase().replaceAll(/[^a-z\d-]+/g, '-')}.localhost`;
    return `Set tenants.${which}.domain, which is "${domain}" now, to one that the model accepts. ${placeOf(configFile)}\n${inConfiguration(which, `"domain": "${proposal}"`)}`;
  }
  const fields = Object.keys(isRecord(derived) ? derived : {}).map((name) => `${JSON.stringify(name)}: "…"`);
  if (fields.length === 0) return undefined;
  const tenants = which === 'super' && createsGuest ? (['super', 'guest'] as const) : [which];
  const lines = tenants.map((tenant) => `  "${tenant}": { "fields": { ${fields.join(', ')} } }`);
  return `${placeOf(configFile)}\n"tenants": {\n${lines.join(',\n')}\n}`;
};

/** By their names only: what they do is not known, so devsetup runs none that the configuration does not name. */
const CREATES_TENANTS = /^(?=.*tenant)(?:create|add|make|new|init|setup|bootstrap|provision|register)/;

const suggestCommands = (commands: Readonly<Record<string, string>>, which: WhichTenant): readonly string[] =>
  Object.entries(commands)
    .filter(([name, app]) => CREATES_TENANTS.test(name) && app !== 'django_tenants')
    .map(([name]) => `if ${name} creates it: ${inConfiguration(which, `"command": "${name}", "args": [...]`)}`);

const inConfiguration = (which: WhichTenant, text: string): string => `"tenants": { "${which}": { ${text} } }`;
