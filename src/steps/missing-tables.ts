import { DevsetupError, isDevsetupError } from '../core/errors.ts';
import { onlyTenants } from '../core/only-tenants.ts';
import type { Applied, Progress, State } from '../core/step.ts';
import type { AbsentTables, CompanionError, CreateTablesResult, Inspection } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';
import { databaseWords, printCommand } from './manage-command.ts';
import { forgetting } from './forgetting.ts';
import { watchingLocks } from './lock-failure.ts';

/** The finding that says it in full, and by whose code it is declared intended in `doctor.skip`. */
const CODE = 'SCHEMA_DRIFT';
const FINDING = 'schema-drift';
const SHOWN = 8;

/** What these schemas lack; [] where the configuration says that tables are missing on purpose. */
export const missingIn = (
  { absent }: Inspection,
  { config }: Pick<SetupContext, 'config'>,
  isWanted: (schema: string | null) => boolean,
): readonly AbsentTables[] =>
  FINDING in config.doctor.skip
    ? []
    : absent
        .map((lack) => ({ ...lack, schemas: lack.schemas.filter(isWanted) }))
        .filter(({ schemas }) => schemas.length > 0);

/** `7 tables of auth and admin do not exist in schema guest, although their migrations are recorded as applied` */
export const describeMissing = (missing: readonly AbsentTables[]): string => {
  const tables = [...new Set(missing.flatMap((lack) => lack.tables))];
  const apps = [...new Set(missing.map(({ app }) => app))].join(', ');
  const what = tables.length === 1 ? `the table ${tables[0]} of ${apps} does` : `${tables.length} tables of ${apps} do`;
  return `${what} not exist${place(schemasOf(missing))}, although the migrations that create ${tables.length === 1 ? 'it' : 'them'} are recorded as applied`;
};

/** The command that creates them, in these schemas only. */
export const createCommand = (
  missing: readonly AbsentTables[],
  devsetup: string,
  publicSchema: string | null,
): string => {
  const tenants = schemasOf(missing).filter((schema) => schema !== publicSchema);
  // Schemas that lack nothing are not touched in any case; a long list of names does not help.
  const only = tenants.length === 0 || tenants.length > SHOWN ? '' : ` ${onlyTenants(tenants)}`;
  return `${devsetup} --create-missing-tables${only}`;
};

/** What a step finds where nothing else is to be done. */
export const missingState = (
  missing: readonly AbsentTables[],
  { options, pipeline }: Pick<SetupContext, 'options' | 'pipeline'>,
  publicSchema: string | null,
): State =>
  options.createMissingTables
    ? { kind: 'needed', reason: describeMissing(missing), actions: createActions(missing) }
    : {
        kind: 'blocked',
        code: CODE,
        reason: sentence(describeMissing(missing)),
        hint: hintFor(missing, pipeline?.repeatCommand ?? 'npx devsetup', publicSchema),
      };

export const createActions = (missing: readonly AbsentTables[]): readonly string[] =>
  missing.flatMap(({ app, tables, schemas, entire }) =>
    schemas.map(
      (schema) =>
        `${entire ? `apply the migrations of ${app} again, to create` : 'create'} ${tables.join(', ')}${place(schema === null ? [] : [schema])}`,
    ),
  );

/** Thrown at the end of a step that has done the rest of its work. */
export const missingFailure = (
  missing: readonly AbsentTables[],
  { pipeline }: Pick<SetupContext, 'pipeline'>,
  publicSchema: string | null,
  data: Readonly<Record<string, unknown>>,
): DevsetupError =>
  new DevsetupError({
    code: CODE,
    message: sentence(describeMissing(missing)),
    hint: hintFor(missing, pipeline?.repeatCommand ?? 'npx devsetup', publicSchema),
    data,
  });

/** Schema by schema, each in a transaction of its own. */
export const createMissingTables = async (
  context: SetupContext,
  progress: Progress,
  missing: readonly AbsentTables[],
): Promise<Applied> => {
  const django = await context.django(progress);
  const { shared } = await context.inspection(progress);
  const database = databaseWords(django.description.database.alias);
  const schemas = [...new Set(missing.flatMap((lack) => lack.schemas))];
  const details: string[] = [];
  for (const [index, schema] of schemas.entries()) {
    progress.update(`creating tables ${index + 1}/${schemas.length}${schema === null ? '' : ` · ${schema}`}`);
    const create = (): Promise<CreateTablesResult> =>
      django.createTables(
        { schema, ...context.workerLocks },
        { signal: context.signal, onOutput: (text) => progress.output(text) },
      );
    const created = await forgetting(context, watchingLocks(context, progress, create)).catch((error: unknown) => {
      throw withWayByHand(error, (migration) =>
        printCommand({ migration, schema, isShared: schema === shared.schema, database }),
      );
    });
    if (created.tables.length > 0)
      details.push(`created${place(schema === null ? [] : [schema])}: ${created.tables.join(', ')}`);
    if (created.replayed.length > 0)
      details.push(`applied again${place(schema === null ? [] : [schema])}: ${created.replayed.join(', ')}`);
  }
  const note = movedNote(missing, shared.schema);
  if (note !== null) progress.warn(note);
  return { summary: `missing tables created${place(schemas.flatMap((schema) => schema ?? []))}`, details };
};

/** The way to create them where a migration cannot be applied in a transaction with the others. */
const withWayByHand = (error: unknown, print: (migration: string) => string): unknown => {
  if (!isDevsetupError(error) || error.code !== 'TABLES_NOT_CREATED') return error;
  const { migration } = (error.cause as CompanionError).data;
  if (typeof migration !== 'string') return error;
  return new DevsetupError({
    code: error.code,
    message: error.message,
    hint: `Nothing was changed. Execute by hand what ${migration} does, after the migrations of its app that come before it; this prints its statements: \`${print(migration)}\`\nThen repeat: what exists by then is left as it is.`,
    output: error.output,
    cause: error.cause,
  });
};

/** What to know about tables that tenants may have used in the public schema before; null: none are of that kind. */
export const movedNote = (
  missing: readonly Pick<AbsentTables, 'app' | 'entire' | 'schemas'>[],
  publicSchema: string | null,
): string | null => {
  if (publicSchema === null) return null;
  const moved = missing.filter(({ entire, schemas }) => entire && schemas.some((schema) => schema !== publicSchema));
  const apps = [...new Set(moved.map(({ app }) => app))].join(', ');
  if (apps === '') return null;
  return `If the tenants used the tables of ${apps} in schema ${publicSchema} before (SHARED_APPS): the new tables do not have those rows, so copy what each tenant needs. Foreign keys of the tenant's older tables may still refer to the tables in ${publicSchema}.`;
};

const hintFor = (missing: readonly AbsentTables[], devsetup: string, publicSchema: string | null): string =>
  [
    `Create them, in one transaction and without touching another schema: ${createCommand(missing, devsetup, publicSchema)}`,
    ...[movedNote(missing, publicSchema)].filter((note) => note !== null),
    `If they are missing on purpose, say so in the configuration: "doctor": { "skip": { "${FINDING}": "why" } }`,
  ].join('\n');

const schemasOf = (missing: readonly AbsentTables[]): readonly string[] => [
  ...new Set(missing.flatMap(({ schemas }) => schemas.flatMap((schema) => schema ?? []))),
];

const place = (schemas: readonly string[]): string => {
  if (schemas.length === 0) return '';
  const shown = schemas.slice(0, SHOWN).join(', ');
  const more = schemas.length > SHOWN ? ` and ${schemas.length - SHOWN} more` : '';
  return ` in ${schemas.length === 1 ? 'schema' : 'schemas'} ${shown}${more}`;
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
