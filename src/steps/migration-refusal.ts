import type { State } from '../core/step.ts';
import type { HistoryFault, Inspection } from '../django/protocol.ts';
import { quoteIdentifier, quoteLiteral } from '../postgres/quote-sql.ts';

type Refusal = Extract<State, { kind: 'blocked' }>;

/** Why Django would refuse to migrate the shared schema, in the order in which it finds out; null: it would not. */
export const sharedRefusal = (inspection: Inspection): Refusal | null =>
  conflict(inspection) ??
  uncommitted(inspection) ??
  historyRefusal(faultsIn(inspection, (schema) => schema === inspection.shared.schema)) ??
  failingChecks(inspection);

/** Records that contradict the code, in these schemas. */
export const faultsIn = (
  { history }: Inspection,
  isWanted: (schema: string | null) => boolean,
): readonly HistoryFault[] =>
  history
    .map((fault) => ({ ...fault, schemas: fault.schemas.filter(isWanted) }))
    .filter(({ schemas }) => schemas.length > 0);

export const historyRefusal = (faults: readonly HistoryFault[]): Refusal | null => {
  const [first] = faults;
  if (first === undefined) return null;
  return { kind: 'blocked', code: 'MIGRATION_HISTORY', reason: describeFault(first), hint: historyHint(first) };
};

/** e.g. `orders.0002_total is recorded as applied in schema guest, and orders.0001_initial, which it depends on, is not` */
export const describeFault = ({ migration, dependency, schemas }: HistoryFault): string => {
  const names = schemas.flatMap((schema) => schema ?? []);
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const where = names.length === 0 ? '' : ` in schema ${names[0]}${more}`;
  return `${migration} is recorded as applied${where}, and ${dependency}, on which it depends, is not: Django refuses to migrate`;
};

export const historyHint = ({ migration, dependency, schemas }: HistoryFault): string => {
  const [schema] = schemas;
  const table = typeof schema === 'string' ? `${quoteIdentifier(schema)}.django_migrations` : 'django_migrations';
  const { app, name } = splitMigration(dependency);
  return (
    `If the dependency was added to ${migration} after it had been applied, undo that change. ` +
    `Only if what ${dependency} does is in the database already, record it: INSERT INTO ${table} (app, name, applied) VALUES (${quoteLiteral(app)}, ${quoteLiteral(name)}, now());`
  );
};

const conflict = ({ conflicts }: Inspection): Refusal | null => {
  const found = Object.entries(conflicts);
  if (found.length === 0) return null;
  const named = found.map(([app, leaves]) => `${app} (${leaves.join(', ')})`).join('; ');
  return {
    kind: 'blocked',
    code: 'MIGRATION_CONFLICT',
    reason: `two migrations claim to be the last of their app: ${named}`,
    hint: `Merge them: python manage.py makemigrations --merge ${found.map(([app]) => app).join(' ')}`,
    manage: ['makemigrations', '--merge', ...found.map(([app]) => app)],
  };
};

const uncommitted = ({ unmigratedApps }: Inspection): Refusal | null => {
  if (unmigratedApps.length === 0) return null;
  const apps = unmigratedApps.join(' ');
  return {
    kind: 'blocked',
    code: 'MIGRATIONS_NOT_COMMITTED',
    reason: `these apps have models and no migrations: ${apps}`,
    hint: `Run "python manage.py makemigrations ${apps}" and commit the files: devsetup never creates migration files.`,
    manage: ['makemigrations', ...unmigratedApps],
  };
};

const failingChecks = ({ failingChecks: messages }: Inspection): Refusal | null => {
  const [first] = messages;
  if (first === undefined) return null;
  const more = messages.length > 1 ? ` (and ${messages.length - 1} more)` : '';
  const about = first.object === null ? '' : `${first.object}: `;
  return {
    kind: 'blocked',
    code: 'SYSTEM_CHECK_FAILED',
    reason: `Django's system checks fail, and \`migrate\` does not start: ${about}${first.id === null ? '' : `(${first.id}) `}${first.message}${more}`,
    hint: `${first.hint ?? 'Correct what it names.'} \`python manage.py check --database default\` shows all of them.`,
    manage: ['check'],
  };
};

/** Of `app.name`. */
export const splitMigration = (dotted: string): { readonly app: string; readonly name: string } => ({
  app: dotted.slice(0, dotted.indexOf('.')),
  name: dotted.slice(dotted.indexOf('.') + 1),
});
