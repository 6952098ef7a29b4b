import type { State } from '../core/step.ts';
import type { Description } from '../django/protocol.ts';
import {
  creationStatements,
  isOwnSchema,
  parseStartOptions,
  superuserHint,
  type MissingObjects,
  type NamedObjects,
} from '../postgres/named-objects.ts';
import type { DatabaseTarget } from '../postgres/target.ts';
import type { Verdict } from './context.ts';

/** The schemas and the role that the settings name and that nothing but devsetup would create. */
export const namedObjects = ({ database, tenancy }: Pick<Description, 'database' | 'tenancy'>): NamedObjects => ({
  schemas:
    tenancy.mode === 'schemas'
      ? [...new Set([tenancy.publicSchema, ...tenancy.extraSearchPaths])].filter(isOwnSchema)
      : [],
  ...parseStartOptions(database.options['options'] ?? ''),
});

/** What the step finds where objects are missing: it creates them where it may, and otherwise prints the statements. null: it can do without. */
export const missingObjectsState = (
  target: DatabaseTarget,
  missing: MissingObjects,
  named: NamedObjects,
  may: Verdict,
): State | null => {
  const statements = creationStatements(target, missing, named.role);
  const what = [
    ...missing.schemas.map((name) => `schema ${name}`),
    ...(missing.role === null ? [] : [`role ${missing.role}`]),
  ].join(', ');
  if (may.yes && missing.mayCreate)
    return { kind: 'needed', reason: `missing, though the settings name it: ${what}`, actions: statements };
  if (missing.isMigrated && missing.role === null) return null;
  const why = may.yes ? `role ${target.user} may not create it` : may.reason;
  return {
    kind: 'blocked',
    code: 'DATABASE_OBJECT_MISSING',
    reason: `The settings name what the database does not have: ${what}. It is not created: ${why}.`,
    hint: superuserHint(target, statements),
  };
};
