import type { z } from 'zod';
import { closestName } from './closest-name.ts';
import { keysAt, placesOf } from './known-keys.ts';
import type { PathMistake } from './config-mistake.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly (string | number)[];

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: 'text in quotes',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list in [ ]',
  object: 'an object in { }',
  record: 'an object in { }',
  null: 'null',
};

const typeOf = (value: unknown): string => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value);
const typeName = (type: string): string => TYPE_NAMES[type] ?? type;

const valueAt = (root: unknown, path: Path): unknown =>
  path.reduce<unknown>((value, segment) => (value as Record<string | number, unknown> | undefined)?.[segment], root);

/** `steps[0].id`; the whole document is "the configuration". */
const renderPath = (path: Path): string =>
  path.length === 0
    ? 'the configuration'
    : path
        .map((segment, index) => (typeof segment === 'number' ? `[${segment}]` : `${index === 0 ? '' : '.'}${segment}`))
        .join('');

const explainUnknownKey = (path: Path, name: string): PathMistake => {
  const where = path.length === 0 ? '' : ` in ${renderPath(path)}`;
  const meant = closestName(name, keysAt(path));
  const elsewhere = placesOf(name);
  const suggestion =
    meant !== undefined
      ? `: did you mean "${meant}"?`
      : elsewhere.length > 0
        ? `: did you mean ${elsewhere.map((place) => `"${place}"`).join(' or ')}?`
        : `; known are ${keysAt(path).join(', ')}`;
  return { path: [...path, name], onKey: true, text: `unknown key "${name}"${where}${suggestion}` };
};

const didYouMean = (value: unknown, choices: readonly unknown[]): string => {
  const meant = typeof value === 'string' ? closestName(value, choices.map(String)) : undefined;
  return meant === undefined ? '' : `; did you mean "${meant}"?`;
};

const explainChoice = (path: Path, value: unknown, choices: readonly unknown[]): PathMistake => {
  const list = choices.map((choice) => JSON.stringify(choice)).join(', ');
  return { path, onKey: false, text: `${renderPath(path)} must be one of ${list}${didYouMean(value, choices)}` };
};

/** What one branch of a union accepts, for a value of which no branch accepts even the type. */
const expectation = (issue: Issue): string =>
  issue.code === 'invalid_type'
    ? typeName(issue.expected)
    : issue.code === 'invalid_value'
      ? issue.values.map((value) => JSON.stringify(value)).join(', ')
      : issue.message;

/**
 * A union reports the mistakes of each branch. The branch the user meant is the one that accepts the type of the value: its
 * mistakes lie deeper, or are about more than the type. Where none does, all that is possible is listed.
 */
const explainUnion = (issue: Issue & { code: 'invalid_union' }, path: Path, root: unknown): PathMistake[] => {
  const meant = issue.errors.find((branch) =>
    branch.every(({ code, path: below }) => below.length > 0 || (code !== 'invalid_type' && code !== 'invalid_value')),
  );
  if (meant !== undefined) return meant.flatMap((nested) => explainIssue(nested, path, root));
  const choices = issue.errors.flat().flatMap((branch) => (branch.code === 'invalid_value' ? branch.values : []));
  const wanted = [...new Set(issue.errors.flat().map(expectation))].join(' or ');
  const value = valueAt(root, path);
  const suggestion = didYouMean(value, choices) || `, not ${typeName(typeOf(value))}`;
  return [{ path, onKey: false, text: `${renderPath(path)} must be ${wanted}${suggestion}` }];
};

const explainIssue = (issue: Issue, above: Path, root: unknown): PathMistake[] => {
  const path = [...above, ...(issue.path as Path)];
  const value = valueAt(root, path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((name) => explainUnknownKey(path, name));
    case 'invalid_union':
      return explainUnion(issue, path, root);
    case 'invalid_value':
      return [explainChoice(path, value, issue.values)];
    case 'invalid_type': {
      const text =
        value === undefined
          ? `${renderPath(path)} is missing`
          : `${renderPath(path)} must be ${typeName(issue.expected)}, not ${typeName(typeOf(value))}`;
      return [{ path, onKey: false, text }];
    }
    default:
      return [{ path, onKey: false, text: `${renderPath(path)} ${issue.message}` }];
  }
};

/** The validator's issues as sentences with the place they belong to. `root` is the value that was validated. */
export const explainIssues = (issues: readonly Issue[], root: unknown): readonly PathMistake[] =>
  issues.flatMap((issue) => explainIssue(issue, [], root));
