import { joinPlaced, placeInstead, slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { optionSet, optionValue } from './options.ts';
import { flagsOf } from './shells.ts';

const VALUED = optionSet(
  '-f --justfile -d --working-directory --shell --shell-arg --dotenv-path -E --dotenv-filename --color --chooser',
);
const FILES = ['justfile', 'Justfile', '.justfile', 'JUSTFILE'];
const MOST_RECIPES = 40;

interface Recipe {
  readonly parameters: readonly Parameter[];
  /** Run before it. */
  readonly needs: readonly string[];
  /** Run after it. */
  readonly after: readonly string[];
  readonly lines: readonly PlacedText[];
}

interface Parameter {
  readonly name: string;
  /** null: it has none, or one that is computed. */
  readonly value: string | null;
  readonly takesRest: boolean;
}

interface Justfile {
  readonly recipes: ReadonlyMap<string, Recipe>;
  readonly variables: ReadonlyMap<string, string>;
  readonly first: string | null;
}

type Values = ReadonlyMap<string, string | null>;

/** `just migrate`: the recipe and what it needs, each line a shell of its own; with a first line `#!` all lines are one script. */
export const innerOfJust = ({ name, words, read, unknown }: Given): readonly Inner[] => {
  if (name !== 'just') return [];
  const named = optionValue(words, ['-f', '--justfile']);
  const folder = optionValue(words, ['-d', '--working-directory'])?.word.value;
  const names = named === null ? FILES : [named.word.value.slice(named.skip)];
  const found = names.map((each) => read(each)).find((file) => file !== null) ?? null;
  if (found === null) return [];
  const justfile = parseOnce(found.text);
  const values = new Map<string, string | null>(justfile.variables);
  const given: string[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at]?.value ?? '';
    const [, variable, value] = /^(\w[\w-]*)=([^]*)$/.exec(word) ?? [];
    if (given.length === 0 && word.startsWith('-')) at += VALUED.has(word) ? 1 : 0;
    else if (given.length === 0 && variable !== undefined && value !== undefined) values.set(variable, value);
    else given.push(word);
  }
  const calls = callsOf(given, justfile);
  const seen = new Set<string>();
  return calls
    .flatMap((call) => collect(call, justfile, values, seen))
    .map(({ line, values: known, isScript }): Inner => ({
      kind: 'text',
      ...readLine(expand(line, known, unknown), isScript),
      layers: [{ kind: 'script', name: found.path }],
      inherits: true,
      isHere: true,
      takesInput: false,
      ...(folder === undefined ? {} : { folder }),
    }));
};

interface Call {
  readonly name: string;
  readonly args: readonly string[];
}

/** `just build deploy prod`: a recipe takes as many words as it has parameters. */
const callsOf = (given: readonly string[], { recipes, first }: Justfile): readonly Call[] => {
  if (given.length === 0) return first === null ? [] : [{ name: first, args: [] }];
  const calls: Call[] = [];
  for (let at = 0; at < given.length;) {
    const name = given[at] ?? '';
    const parameters = recipes.get(name)?.parameters ?? [];
    const count = parameters.some(({ takesRest }) => takesRest) ? given.length : parameters.length;
    calls.push({ name, args: given.slice(at + 1, at + 1 + count) });
    at += 1 + count;
  }
  return calls;
};

interface Step {
  readonly line: PlacedText;
  readonly values: Values;
  readonly isScript: boolean;
}

const collect = ({ name, args }: Call, justfile: Justfile, values: Values, seen: Set<string>): readonly Step[] => {
  const recipe = justfile.recipes.get(name);
  if (recipe === undefined || seen.has(name) || seen.size >= MOST_RECIPES) return [];
  seen.add(name);
  const own = new Map(values);
  for (const [index, { name: parameter, value, takesRest }] of recipe.parameters.entries())
    own.set(parameter, (takesRest ? args.slice(index).join(' ') : args[index]) ?? value);
  const follow = (names: readonly string[]): readonly Step[] =>
    names.flatMap((each) => collect({ name: each, args: [] }, justfile, values, seen));
  const before = follow(recipe.needs);
  const isScript = recipe.lines[0]?.text.startsWith('#!') === true;
  const lines = isScript ? [joinPlaced(recipe.lines)] : recipe.lines;
  return [...before, ...lines.map((line): Step => ({ line, values: own, isScript })), ...follow(recipe.after)];
};

/** `@` is quiet, and what fails behind `-` counts as success. */
const readLine = (
  line: PlacedText,
  isScript: boolean,
): Pick<Extract<Inner, { kind: 'text' }>, 'text' | 'flags' | 'ignored'> => {
  if (isScript) {
    const [first = ''] = line.text.split('\n', 1);
    return { text: line, flags: flagsOf(first.split(/\s+/).slice(1)) };
  }
  const marks = /^[@-]*/.exec(line.text)?.[0] ?? '';
  const ignored = marks.includes('-') ? { ignored: { how: '-', span: spanOf(line, 0, marks.length) } } : {};
  return { text: slicePlaced(line, marks.length), flags: NO_FLAGS, ...ignored };
};

/** `{{ name }}` by its value. */
const expand = (line: PlacedText, values: Values, unknown: (name: string) => string): PlacedText => {
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { 0: found, index, 1: inner = '' } of line.text.matchAll(/\{\{(.*?)\}\}/g)) {
    parts.push(slicePlaced(line, from, index));
    parts.push(
      placeInstead(values.get(inner.trim()) ?? unknown(inner.trim()), slicePlaced(line, index, index + found.length)),
    );
    from = index + found.length;
  }
  parts.push(slicePlaced(line, from));
  return joinPlaced(parts);
};

const PARSED = new WeakMap<PlacedText, Justfile>();

const parseOnce = (placed: PlacedText): Justfile => {
  const known = PARSED.get(placed) ?? parseJustfile(placed);
  PARSED.set(placed, known);
  return known;
};

const HEADER = /^@?([A-Za-z_][\w-]*)((?:\s+[^:\n]*?)?)\s*:(?!=)([^#\n]*)/;

const parseJustfile = (placed: PlacedText): Justfile => {
  const recipes = new Map<string, Recipe>();
  const variables = new Map<string, string>();
  let first: string | null = null;
  let current: { readonly lines: PlacedText[]; indent: string | null } | null = null;
  // A backslash at the end of a line continues it on the next line.
  for (const { 0: line, index } of placed.text.matchAll(/(?:[^\n\\]|\\\n|\\.)+\n?/g)) {
    if (/^\s/.test(line)) {
      const indent: string = current?.indent ?? /^[ \t]*/.exec(line)?.[0] ?? '';
      if (current === null || line.trim() === '') continue;
      current.indent = indent;
      const skip = line.startsWith(indent) ? indent.length : 0;
      if (current.lines.length > 0 || !/^\s*#(?!!)/.test(line))
        current.lines.push(slicePlaced(placed, index + skip, index + line.length));
      continue;
    }
    const [, variable, , value] =
      /^(?:export\s+)?(\w[\w-]*)\s*:=\s*(["'])([^"'\n]*)\2\s*(?:#.*)?$/.exec(line.trim()) ?? [];
    if (variable !== undefined && value !== undefined) variables.set(variable, value);
    const header = HEADER.exec(line);
    if (header === null) {
      if (!line.startsWith('#') && !line.startsWith('[')) current = null;
      continue;
    }
    const [, name = '', parameters = '', dependencies = ''] = header;
    const [needs = '', then = ''] = dependencies.split('&&');
    current = { lines: [], indent: null };
    recipes.set(name, {
      parameters: [...parameters.matchAll(/([+*]?)\$?([A-Za-z_][\w-]*)(?:=(?:"([^"]*)"|'([^']*)'|\S+))?/g)].map(
        ([, kind, parameter = '', double, single]) => ({
          name: parameter,
          value: double ?? single ?? (kind === '*' ? '' : null),
          takesRest: kind !== '',
        }),
      ),
      needs: namesIn(needs),
      after: namesIn(then),
      lines: current.lines,
    });
    first ??= name;
  }
  return { recipes, variables, first };
};

/** `build (push "latest")`: the names alone. */
const namesIn = (text: string): readonly string[] =>
  text
    .replaceAll(/\(\s*([\w-]+)[^()]*\)/g, '$1')
    .split(/\s+/)
    .filter((each) => each !== '');
