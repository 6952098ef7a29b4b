import type { Progress } from '../core/step.ts';
import type { SetupContext } from './context.ts';

export interface PendingGroup {
  /** null: the one schema of a project without tenants. */
  readonly schemas: readonly (string | null)[];
  readonly pending: readonly string[];
}

const MOST_SCHEMAS = 5;

/**
 * In an environment that does not fake: names what --fake-initial would record as applied, because a table with the name is there. The
 * migration will fail at it; whether the table is as it should be is for people to see, Django compares names only.
 */
export const warnOfFaking = async (
  context: SetupContext,
  progress: Progress,
  step: string,
  groups: readonly PendingGroup[],
): Promise<void> => {
  const { pipeline } = context;
  if (pipeline === null || pipeline.settings.fakeInitial || context.markDone(`warned of faking: ${step}`)) return;
  const asked = groups.filter(({ schemas, pending }) => schemas.length > 0 && pending.length > 0);
  if (asked.length === 0) return;
  const { found } = await (await context.django(progress)).wouldFake(asked);
  const schemasOf = new Map<string, (string | null)[]>();
  for (const { schema, migration } of found) schemasOf.set(migration, [...(schemasOf.get(migration) ?? []), schema]);
  for (const [migration, schemas] of schemasOf)
    progress.warn(
      `the tables of ${migration} exist${describeSchemas(schemas)} although it is not recorded as applied: ` +
        `--fake-initial would record it, and is not used ${placeOf(pipeline.settings.environment)}`,
    );
};

const describeSchemas = (schemas: readonly (string | null)[]): string => {
  const names = schemas.flatMap((schema) => schema ?? []);
  const more = names.length > MOST_SCHEMAS ? ` and ${names.length - MOST_SCHEMAS} more` : '';
  return names.length === 0 ? '' : ` in ${names.slice(0, MOST_SCHEMAS).join(', ')}${more}`;
};

const placeOf = (environment: string | null): string =>
  environment === null ? 'without --environment' : `in ${environment}`;

/** The setting that allows it, as it stands in the configuration. */
export const fakeInitialSetting = (environment: string | null | undefined): string =>
  environment === undefined
    ? '"migrations": { "fakeInitial": true }'
    : `"environments": { ${JSON.stringify(environment ?? 'NAME')}: { "fakeInitial": true } }`;
