import type { Inspection } from '../django/protocol.ts';

export interface OwnApps {
  readonly ownApps: readonly string[];
  /** `app.name` of squashed migrations in the code. */
  readonly squashes: readonly string[];
}

/**
 * Applied, of the project's own apps, and not in the code. Left out is what stays behind for ever and does no harm: rows of
 * migrations that were squashed, and rows of packages, which squash and delete as they like.
 */
export const orphansOf = (
  { shared, groups, tenants, unmigratedApps }: Inspection,
  { ownApps, squashes }: OwnApps,
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

export const appOf = (name: string): string => name.slice(0, name.indexOf('.'));

export const numberOf = (name: string): number | undefined => {
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

/** What the doctor would say, a line for each kind: it costs nothing here, and nothing else shows it while nothing is to be done. */
export const doctorKnows = (inspection: Inspection, skip: Readonly<Record<string, string>>): readonly string[] => {
  const orphans = 'orphaned-migrations' in skip ? [] : [...orphansOf(inspection, inspection).keys()];
  const changed = 'model-changes-without-migration' in skip ? [] : inspection.modelChanges.map(({ app }) => app);
  const are = orphans.length === 1 ? 'is' : 'are';
  return [
    ...some(orphans, `${are} applied and not in the code: was the branch switched? ${MORE}`),
    ...some(changed, `have changes that no migration makes. ${MORE}`).map((text) => `the models of ${text}`),
  ];
};

const MOST_NAMES = 3;

const some = (names: readonly string[], rest: string): readonly string[] => {
  const further = names.length - MOST_NAMES;
  const shown = names.slice(0, further > 0 ? MOST_NAMES : names.length).join(', ');
  return names.length === 0 ? [] : [`${shown}${further > 0 ? ` and ${further} more` : ''} ${rest}`];
};

const MORE = 'More: npx devsetup doctor.';
