import { defineCheck, passed, type Place, type Problem } from '../../core/check.ts';
import { findText, shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import { findUnusable, type Unusable } from './find-unusable-value.ts';
import { lookIntoSettings } from './look-into-settings.ts';
import { ownVariables } from './own-variables.ts';

type Code = 'variable-unusable';

/** Values that were meant to become something else on their way here: masked ones, references, quotes that were not taken off. */
export const variableValues = defineCheck<CheckContext, Code>({
  id: 'variable-values',
  group: 'environment',
  title: 'Values of the variables',
  findings: { 'variable-unusable': 'error' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { environment, config } = context;
    const { scan } = await lookIntoSettings(context);
    const asked = new Set([
      ...ownVariables(config.database.urlVariable),
      ...(scan?.lookups ?? []).map(({ name }) => name),
    ]);
    const names = new Set([...asked, ...environment.layers.flatMap(({ variables }) => [...variables.keys()])]);
    const problems: Problem<Code>[] = [];
    for (const name of names) {
      const value = environment.get(name);
      if (value === undefined) continue;
      const isUrl = name === config.database.urlVariable || /^postg\w*:\/\//.test(value);
      const unusable = findUnusable(name, value, isUrl);
      if (unusable === null) continue;
      // What only stands in an env file may be for others than the settings.
      const severity = asked.has(name) ? 'error' : 'warning';
      problems.push({ ...(await problemOf(context, name, unusable)), severity });
    }
    if (problems.length > 0) return { kind: 'problems', problems };
    const count = [...names].filter((name) => environment.get(name) !== undefined).length;
    return passed(count === 1 ? '1 variable is set' : `${count} variables are set`);
  },
});

const WORDS: Readonly<Record<Unusable, { readonly is: string; readonly mend: string }>> = {
  masked: { is: 'holds asterisks in place of the secret', mend: 'Set it to the real value: it was copied from a log.' },
  unexpanded: {
    is: 'holds a reference that nobody filled in',
    mend: 'Set it to the value itself, or set the variable it refers to.',
  },
  quoted: {
    is: 'has quotes around its value',
    mend: 'Take the quotes away: what set it keeps them as part of the value.',
  },
  padded: { is: 'has white space around its value', mend: 'Take the blanks and line ends around the value away.' },
};

const problemOf = async (context: CheckContext, name: string, unusable: Unusable): Promise<Problem<Code>> => {
  const { is, mend } = WORDS[unusable];
  const place = await findPlace(context, name);
  return {
    code: 'variable-unusable',
    message: `${name} ${is}.`,
    evidence: [
      place === null ? 'it comes from the process environment' : `it comes from ${place.file}:${place.line ?? 1}`,
    ],
    remedy: { text: mend, command: null },
    ...(place === null ? {} : { place }),
  };
};

/** null: not from a file. */
const findPlace = async ({ environment, root }: CheckContext, name: string): Promise<Place | null> => {
  const origin = environment.origin(name);
  if (typeof origin !== 'object') return null;
  const line = readEnvVariables((await findText(origin.file)) ?? '').get(name)?.line ?? null;
  return { file: shown(root, origin.file), line, column: null };
};
