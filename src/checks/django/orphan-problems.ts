import type { Problem } from '../../core/check.ts';
import type { Inspection } from '../../django/protocol.ts';
import { shellWord } from '../../core/shell-word.ts';
import { listSome } from './list-some.ts';

export const ORPHAN_FINDINGS = { 'orphaned-migrations': 'warning' } as const;

export type OrphanCode = keyof typeof ORPHAN_FINDINGS;

export interface OrphanFacts {
  readonly ownApps: readonly string[];
  /** `app.name` of squashed migrations in the code. */
  readonly squashes: readonly string[];
  readonly hasSchemas: boolean;
}

/**
 * Applied, of the project's own apps, and not in the code. Left out is what stays behind for ever and does no harm: rows of
 * migrations that were squashed, and rows of packages, which squash and delete as they like.
 */
export const orphanProblems = (inspection: Inspection, facts: OrphanFacts): readonly Problem<OrphanCode>[] => {
  const places = placesOf(inspection, facts);
  const names = [...places.keys()];
  const [first] = names;
  if (first === undefined) return [];
  const schema = places.get(first)?.[0];
  const migrate =
    facts.hasSchemas && schema !== undefined ? `migrate_schemas --schema=${shellWord(schema)}` : 'migrate';
  const app = appOf(first);
  const [files, them, they] = names.length === 1 ? ['the file', 'it', 'it'] : ['the files', 'them', 'they'];
  const what =
    names.length === 1
      ? `The migration ${first} is applied`
      : `${names.length} migrations are applied, ${names[0]} among them,`;
  return [
    {
      code: 'orphaned-migrations',
      message: `${what} and not in the code: was the branch switched?`,
      evidence: [...places].map(([name, schemas]) => (schemas.length === 0 ? name : `${name} in ${listSome(schemas)}`)),
      remedy: {
        text: `Bring ${files} back, or check out the branch that has ${them}. Undoing ${them} there deletes the columns and tables that ${they} added, with their data: back them up first, then type \`python manage.py ${migrate} ${app} ${previous(first)}\`${facts.hasSchemas ? ', for each schema' : ''}.`,
        command: null,
      },
    },
  ];
};

const placesOf = (
  { shared, groups, tenants, unmigratedApps }: Inspection,
  { ownApps, squashes }: OrphanFacts,
): ReadonlyMap<string, readonly string[]> => {
  // Where the whole folder of migrations is missing, a step says so.
  const own = new Set(ownApps.filter((app) => !unmigratedApps.includes(app)));
  const places = new Map<string, string[]>();
  const add = (orphaned: readonly string[], schemas: readonly string[]): void => {
    for (const name of orphaned) {
      if (!own.has(appOf(name)) || isSquashed(name, squashes)) continue;
      places.set(name, [...(places.get(name) ?? []), ...schemas]);
    }
  };
  add(shared.orphaned, shared.schema === null ? [] : [shared.schema]);
  for (const [index, group] of groups.entries()) {
    const schemas = (tenants ?? []).filter((tenant) => tenant.group === index).map(({ schema }) => schema);
    if (schemas.length > 0) add(group.orphaned, schemas);
  }
  return places;
};

const appOf = (name: string): string => name.slice(0, name.indexOf('.'));

const numberOf = (name: string): number | undefined => {
  const digits = /\.(\d{4})_/.exec(name)?.[1];
  return digits === undefined ? undefined : Number(digits);
};

/** `0001_squashed_0010_more` took the place of everything up to 0010. */
const isSquashed = (name: string, squashes: readonly string[]): boolean => {
  const number = numberOf(name);
  if (number === undefined) return false;
  return squashes.some((squash) => {
    const [, from, to] = /\.(\d{4})_squashed_(\d{4})/.exec(squash) ?? [];
    return appOf(squash) === appOf(name) && Number(from) <= number && number <= Number(to);
  });
};

/** The number before, as a prefix is enough for Django; `zero` before the first. */
const previous = (name: string): string => {
  const number = numberOf(name);
  if (number === undefined) return 'PREVIOUS';
  return number <= 1 ? 'zero' : String(number - 1).padStart(4, '0');
};
