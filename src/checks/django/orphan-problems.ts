import type { Problem } from '../../core/check.ts';
import type { Inspection } from '../../django/protocol.ts';
import { shellWord } from '../../core/shell-word.ts';
import { appOf, numberOf, orphansOf, type OwnApps } from '../../steps/orphaned-migrations.ts';
import { listSome } from './list-some.ts';

export const ORPHAN_FINDINGS = { 'orphaned-migrations': 'warning' } as const;

export type OrphanCode = keyof typeof ORPHAN_FINDINGS;

export interface OrphanFacts extends OwnApps {
  readonly hasSchemas: boolean;
}

export const orphanProblems = (inspection: Inspection, facts: OrphanFacts): readonly Problem<OrphanCode>[] => {
  const places = orphansOf(inspection, facts);
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

/** The number before, as a prefix is enough for Django; `zero` before the first. */
const previous = (name: string): string => {
  const number = numberOf(name);
  if (number === undefined) return 'PREVIOUS';
  return number <= 1 ? 'zero' : String(number - 1).padStart(4, '0');
};
