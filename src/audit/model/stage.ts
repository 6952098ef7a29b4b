import { hasHole } from '../../shell/holes.ts';

const STAGES: readonly (readonly [RegExp, string])[] = [
  [/^(?:dev|develop|development|devel)$/, 'dev'],
  [/^(?:test|testing|tst)$/, 'test'],
  [/^(?:qa|quality)$/, 'qa'],
  [/^(?:uat|acceptance|acc)$/, 'uat'],
  [/^(?:stag|stage|staging|stg)$/, 'staging'],
  [/^(?:preprod|preproduction)$/, 'preprod'],
  [/^(?:prod|production|prd|live)$/, 'prod'],
  [/^(?:preview|review|ephemeral|pr)$/, 'preview'],
];

const wordsOf = (name: string): readonly string[] =>
  name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/pre-?prod(?:uction)?/g, 'preprod')
    .split(/[^a-z]+/)
    .filter((word) => word !== '');

/** The stages that the words of a name name; a name with holes names none. */
export const stagesIn = (name: string): readonly string[] => {
  if (hasHole(name)) return [];
  const words = wordsOf(name);
  return [
    ...new Set(words.flatMap((word) => STAGES.filter(([pattern]) => pattern.test(word)).map(([, stage]) => stage))),
  ];
};

/** The one stage that a name names; null: none, or several. */
export const stageOfName = (name: string): string | null => {
  const found = stagesIn(name);
  return found.length === 1 ? (found[0] ?? null) : null;
};

/** That of a GitHub environment: any name is a stage of its own. */
export const stageOfEnvironment = (name: string): string | null => {
  const trimmed = name.trim();
  if (trimmed === '' || hasHole(trimmed)) return null;
  return stageOfName(trimmed) ?? trimmed.toLowerCase();
};
