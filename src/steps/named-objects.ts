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
  ...startOptions(database.options),
});

/** Django's own `assume_role` is set after `options`, and so decides. */
const startOptions = (options: Readonly<Record<string, string>>): Pick<NamedObjects, 'searchPath' | 'role'> => {
  const { searchPath, role } = parseStartOptions(options['options'] ?? '');
  return { searchPath, role: options['assume_role'] ?? role };
};

/** What the step finds where objects are missing: it creates them where it may, and otherwise prints the statements. null: it can do without. */
export const missingObjectsState = (
  target: DatabaseTarget,
  missing: MissingObjects,
  named: NamedObjects,
  may: Verdict,
): State | null => {
  const statements = creationStatements(target, missing, named.role);
  const absent = [
    ...missing.schemas.map((name) => `schema ${name}`),
    ...(missing.role === null || missing.role.exists ? [] : [`role ${missing.role.name}`]),
  ];
  if (may.yes && missing.mayCreate)
    return {
      kind: 'needed',
      reason: [...needs(absent), ...roleNeeds(target, missing)].join('; '),
      actions: statements,
    };
  const { role } = missing;
  // Without rights in an empty database, the role may still get them from where devsetup does not see it.
  if (role === null ? missing.isMigrated : role.isGranted && absent.length === 0) return null;
  const why = may.yes ? `role ${target.user} may not do it` : may.reason;
  const lacks = [
    ...(absent.length === 0 ? [] : [`The settings name what the database does not have: ${absent.join(', ')}`]),
    ...(role === null || role.isGranted || !role.exists
      ? []
      : [
          `The settings change to role ${role.name}, which is not granted to ${target.user}, so no connection succeeds`,
        ]),
  ];
  return {
    kind: 'blocked',
    code: 'DATABASE_OBJECT_MISSING',
    reason: `${lacks.join('. ')}. devsetup does not change that: ${why}.`,
    hint: superuserHint(target, statements),
  };
};

const needs = (absent: readonly string[]): readonly string[] =>
  absent.length === 0 ? [] : [`missing, though the settings name it: ${absent.join(', ')}`];

const roleNeeds = ({ user }: DatabaseTarget, { role }: MissingObjects): readonly string[] => {
  if (role === null || !role.exists) return [];
  return role.isGranted
    ? [`role ${role.name}, which the settings name, may create nothing in this database`]
    : [`role ${role.name}, which the settings name, is not granted to ${user}`];
};
