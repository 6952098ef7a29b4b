import { z } from 'zod';
import { ROLES } from '../core/job-role.ts';
import { RULE_PATTERNS } from '../core/rule-pattern.ts';
import { DEFAULTS } from './defaults.ts';

/** Describes a key for the JSON Schema and the README, and makes it optional with the default that is shown there. */
export const key = <T extends z.ZodType>(type: T, description: string, byDefault?: unknown): z.ZodOptional<T> =>
  type.optional().meta({ description, ...(byDefault === undefined ? {} : { default: byDefault }) });

export const text = z.string().min(1, 'must not be empty');
export const texts = z.array(text);

const ignored = z.strictObject({
  rules: z
    .array(z.enum(RULE_PATTERNS))
    .min(1, 'must name a rule')
    .meta({ description: 'Rules, families of them such as "image/*", or "*" for all.' }),
  files: key(texts, 'Patterns of paths relative to the root, with * and **; all files if left out.', []),
  reason: z.string().regex(/\S/, 'must say why').meta({ description: 'Why these are no faults here.' }),
});

/** `audit` of the configuration. */
export const audit = z.strictObject({
  roles: key(
    z.record(z.string(), z.enum(ROLES)),
    'What jobs are for, by patterns of their ids or of file:id, with *: {"ship-*": "deploy"}. Wins over what the jobs do.',
    DEFAULTS.audit.roles,
  ),
  sequence: key(
    z.array(z.union([text, texts.min(1)])).min(1),
    'The commands a migrate job runs, in order; a list is one of several. If left out: the shared schema, the super tenant, the tenants.',
  ),
  migrateCommands: key(texts, 'Further commands that count as a migration.', DEFAULTS.audit.migrateCommands),
  tenantCommands: key(texts, 'Further commands that set up tenants.', DEFAULTS.audit.tenantCommands),
  vars: key(
    z.record(z.string(), z.string()),
    'Values of the repository’s variables (vars.NAME), which only GitHub knows.',
    DEFAULTS.audit.vars,
  ),
  ignore: key(
    z.array(ignored),
    'Findings that devsetup audit leaves out, each with the reason.',
    DEFAULTS.audit.ignore,
  ),
  baseline: key(text, 'File with the findings that are known already, written by devsetup audit --write-baseline.'),
});
