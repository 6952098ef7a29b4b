import type { TenantState } from '../django/protocol.ts';

export interface SchemaRules {
  /** Names of schemas that may be missing on purpose; `*` stands for any characters. */
  readonly withoutSchema: readonly string[];
  /** Tenants that devsetup sets up: it creates their schemas even where the model does not. */
  readonly own: readonly string[];
}

/**
 * `there` · `created`: it is missing, and devsetup creates it · `intended`: it is missing on purpose · `refused`: it is missing, and
 * only the project knows whether and how it is created.
 */
export type SchemaVerdict = 'there' | 'created' | 'intended' | 'refused';

/** What becomes of the schema of a tenant. Pure. */
export const judgeSchema = (
  tenant: Pick<TenantState, 'schema' | 'schemaExists' | 'createsSchema'>,
  rules: SchemaRules,
): SchemaVerdict => {
  if (tenant.schemaExists) return 'there';
  if (isWithoutSchema(tenant.schema, rules.withoutSchema)) return 'intended';
  return tenant.createsSchema || rules.own.includes(tenant.schema) ? 'created' : 'refused';
};

/** Whether configuration says that this schema may be missing. */
export const isWithoutSchema = (schema: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => {
    const source = pattern
      .split('*')
      .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('.*');
    return new RegExp(`^${source}$`, 's').test(schema);
  });
