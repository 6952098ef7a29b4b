import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { isText } from '../core/shape.ts';
import type { PipelineRun } from '../pipeline/pipeline-run.ts';
import { dataOf } from './missing-fields.ts';
import { templateHint } from './template-hint.ts';
import { tenantFieldsProblem, type Lacking, type WhichTenant } from './tenant-fields.ts';

interface ProblemPlace {
  readonly which: WhichTenant;
  /** The project's commands, and the app each is of. */
  readonly commands: Readonly<Record<string, string>>;
  readonly configFile: string | null;
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
  const { domain } = dataOf(error);
  const hint =
    (isText(domain) && error.code === 'TENANT_FIELDS_INVALID' ? otherDomain(which, domain) : undefined) ??
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

const otherDomain = (which: WhichTenant, domain: string): string =>
  `Set tenants.${which}.domain, which is "${domain}" now, to one that the model accepts: ${inConfiguration(which, '"domain": "…"')}`;

/** By their names only: what they do is not known, so devsetup runs none that the configuration does not name. */
const CREATES_TENANTS = /^(?=.*tenant)(?:create|add|make|new|init|setup|bootstrap|provision|register)/;

const suggestCommands = (commands: Readonly<Record<string, string>>, which: WhichTenant): readonly string[] =>
  Object.entries(commands)
    .filter(([name, app]) => CREATES_TENANTS.test(name) && app !== 'django_tenants')
    .map(([name]) => `if ${name} creates it: ${inConfiguration(which, `"command": "${name}", "args": [...]`)}`);

const inConfiguration = (which: WhichTenant, text: string): string => `"tenants": { "${which}": { ${text} } }`;
