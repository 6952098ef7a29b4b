import type { Place, Problem } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { NamedValue, ValueKind } from '../../workflows/named-values.ts';

export const NAMED_VALUE_FINDINGS = {
  'workflow-secret-missing': 'warning',
  'workflow-variable-missing': 'warning',
} as const;

export type NamedValueCode = keyof typeof NAMED_VALUE_FINDINGS;

/** The names that GitHub's settings hold, in capitals. */
export interface SettingNames {
  /** Of the repository, and of its organization as far as the repository sees them. */
  readonly repository: Readonly<Record<ValueKind, ReadonlySet<string>>>;
  /** undefined for an environment that may not be looked into. */
  readonly environments: Readonly<Record<string, Readonly<Record<ValueKind, ReadonlySet<string>>> | undefined>>;
}

const WORDS: Readonly<Record<ValueKind, { readonly word: string; readonly code: NamedValueCode }>> = {
  secret: { word: 'secret', code: 'workflow-secret-missing' },
  variable: { word: 'variable', code: 'workflow-variable-missing' },
};

/** What the workflows name and nobody has set; each once, at its first place. */
export const judgeNamedValues = (
  values: readonly NamedValue[],
  names: SettingNames,
): readonly Problem<NamedValueCode>[] => {
  const missing = new Map<string, NamedValue[]>();
  for (const value of values) {
    if (isThere(value, names)) continue;
    const key = [value.kind, value.name, ...value.environments.toSorted()].join('\n');
    missing.set(key, [...(missing.get(key) ?? []), value]);
  }
  return [...missing.values()].flatMap((same) => problemOf(same));
};

const isThere = (
  { kind, name, environments }: NamedValue,
  { repository, environments: known }: SettingNames,
): boolean =>
  repository[kind].has(name) ||
  environments.some((environment) => known[environment] === undefined || known[environment][kind].has(name));

const problemOf = (same: readonly NamedValue[]): readonly Problem<NamedValueCode>[] => {
  const [first, ...others] = same;
  if (first === undefined) return [];
  const { kind, name, environments, place } = first;
  const { word, code } = WORDS[kind];
  const [environment] = environments;
  const where = environments.length === 1 ? ` in the environment ${environment}` : '';
  const set = `gh ${word} set ${shellWord(name)}`;
  return [
    {
      code,
      message: `The ${word} ${name} that ${place.file} uses${where} is not set on GitHub: it is empty there.`,
      evidence: [
        `looked for in ${[...environments.map((one) => `the environment ${one}`), 'the repository', 'its organization'].join(', ')}`,
        ...others.map((other) => `used in ${showPlace(other.place)}, too`),
      ],
      remedy: {
        text: `Set it; gh asks for the value.`,
        command: environments.length === 1 ? `${set} --env ${shellWord(environment ?? '')}` : set,
      },
      place,
    },
  ];
};

const showPlace = ({ file, line }: Place): string => (line === null ? file : `${file}:${line}`);
