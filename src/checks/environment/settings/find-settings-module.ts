import { readModule } from './read-module.ts';
import { literal, parseArguments } from './parse-arguments.ts';

const VARIABLE = 'DJANGO_SETTINGS_MODULE';

/** The settings module manage.py names; null where it names none, several, or one that is worked out. */
export const findSettingsModule = (managePy: string): string | null => {
  const named = readModule(managePy).flatMap(({ tokens }) =>
    tokens.flatMap(({ text, value }, at) => {
      if (text === 'setdefault' && tokens[at + 1]?.text === '(') {
        const { positional } = parseArguments(tokens, at + 1);
        return literal(positional[0]) === VARIABLE ? [literal(positional[1]) ?? null] : [];
      }
      const isAssigned = value === VARIABLE && tokens[at + 1]?.text === ']' && tokens[at + 2]?.text === '=';
      return isAssigned ? [literal(tokens.slice(at + 3)) ?? null] : [];
    }),
  );
  const [first = null] = named;
  return new Set(named).size === 1 ? first : null;
};
