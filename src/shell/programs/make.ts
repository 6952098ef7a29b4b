import { joinPlaced, placeInstead, slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { optionSet, optionValue } from './options.ts';

const VALUED = optionSet('-C --directory -f --file --makefile -j --jobs -I -o -W');
const MOST_TARGETS = 40;
const MOST_RECIPES = 200;

interface Rule {
  readonly needs: readonly string[];
  readonly recipes: readonly PlacedText[];
}

interface Makefile {
  readonly rules: ReadonlyMap<string, Rule>;
  readonly variables: Map<string, Assigned>;
  readonly first: string | null;
}

interface Assigned {
  readonly value: string;
  /** `NAME ?= value`: the environment's value comes first. */
  readonly isDefault: boolean;
}

/** `make migrate`: the recipes of a target and of what it needs, each line a shell of its own. */
export const innerOfMake = ({ name, words, read, unknown }: Given): readonly Inner[] => {
  if (name !== 'make' && name !== 'gmake') return [];
  const folder = optionValue(words, ['-C', '--directory'])?.word.value;
  const named = optionValue(words, ['-f', '--file', '--makefile'])?.word.value;
  const prefix = folder === undefined ? '' : `${folder.replace(/\/$/, '')}/`;
  const names = named === undefined ? ['Makefile', 'makefile', 'GNUmakefile'] : [named];
  const found = names.map((each) => read(prefix + each)).find((file) => file !== null);
  if (found === undefined || found === null) return [];
  const makefile = copyOf(found.text);
  const targets: string[] = [];
  for (let at = 1; at < words.length; at += 1) {
    const word = words[at]?.value ?? '';
    const [, variable, value] = /^(\w+)=([^]*)$/.exec(word) ?? [];
    if (variable !== undefined && value !== undefined) makefile.variables.set(variable, { value, isDefault: false });
    else if (word.startsWith('-')) at += VALUED.has(word) ? 1 : 0;
    else targets.push(word);
  }
  const wanted = targets.length > 0 ? targets : makefile.first === null ? [] : [makefile.first];
  const recipes: PlacedText[] = [];
  const seen = new Set<string>();
  for (const target of wanted) collect(target, makefile, recipes, seen);
  return recipes.slice(0, MOST_RECIPES).map((recipe): Inner => {
    const expanded = expand(recipe, makefile.variables, unknown);
    const marks = /^[\s@+-]*/.exec(expanded.text)?.[0] ?? '';
    return {
      kind: 'text',
      text: slicePlaced(expanded, marks.length),
      layers: [{ kind: 'script', name: found.path }],
      flags: NO_FLAGS,
      inherits: true,
      isHere: true,
      takesInput: false,
      ...(folder === undefined ? {} : { folder }),
      ...(marks.includes('-') ? { ignored: { how: '-', span: spanOf(expanded, 0, marks.length) } } : {}),
    };
  });
};

const collect = (name: string, makefile: Makefile, recipes: PlacedText[], seen: Set<string>): void => {
  const rule = makefile.rules.get(name);
  if (rule === undefined || seen.has(name) || seen.size >= MOST_TARGETS) return;
  seen.add(name);
  for (const need of rule.needs) collect(need, makefile, recipes, seen);
  recipes.push(...rule.recipes);
};

const PARSED = new WeakMap<PlacedText, Makefile>();

/** A file is read once, however many commands name its targets; the variables that a command sets are its own. */
const copyOf = (placed: PlacedText): Makefile => {
  const known = PARSED.get(placed) ?? parseMakefile(placed);
  PARSED.set(placed, known);
  return { ...known, variables: new Map(known.variables) };
};

const parseMakefile = (placed: PlacedText): Makefile => {
  const { text } = placed;
  const rules = new Map<string, { needs: string[]; recipes: PlacedText[] }>();
  const variables = new Map<string, Assigned>();
  let first: string | null = null;
  let current: { needs: string[]; recipes: PlacedText[] }[] = [];
  // A backslash at the end of a line continues it on the next line.
  for (const { 0: line, index } of text.matchAll(/(?:[^\n\\]|\\\n|\\.)+/g)) {
    if (line.startsWith('\t')) {
      const recipe = slicePlaced(placed, index + 1, index + line.length);
      if (!/^\s*#/.test(recipe.text)) for (const rule of current) rule.recipes.push(recipe);
      continue;
    }
    const assigned = /^(?:export\s+|override\s+)?([\w.-]+)\s*(::?:?|\?|\+)?=\s*([^]*)$/.exec(line);
    if (assigned !== null) {
      assign(assigned, variables);
      continue;
    }
    const header = /^([\w./%$(){} -]+?)\s*::?(?!=)\s*([^;#]*)(?:;([^]*))?/.exec(line);
    if (header === null) {
      if (!/^\s|^#|^(?:if|else|endif|include|define|endef|-include)/.test(line)) current = [];
      continue;
    }
    const needs = (header[2] ?? '').split(/\s+/).filter((each) => each !== '' && each !== '|' && each !== '\\');
    current = (header[1] ?? '').split(/\s+/).map((name) => {
      const rule = rules.get(name) ?? { needs: [], recipes: [] };
      rule.needs.push(...needs);
      rules.set(name, rule);
      if (!name.startsWith('.')) first ??= name;
      return rule;
    });
  }
  return { rules, variables, first };
};

const assign = ([, name = '', how, written = '']: RegExpExecArray, variables: Map<string, Assigned>): void => {
  const value = written.replace(/\s+#.*$/, '').trim();
  const before = variables.get(name);
  if (how === '?') {
    if (before === undefined) variables.set(name, { value, isDefault: true });
  } else if (how === '+' && before !== undefined) {
    variables.set(name, { ...before, value: `${before.value} ${value}` });
  } else variables.set(name, { value, isDefault: false });
};

/** `$(NAME)` by its value, `$$` is the shell's `$`. */
const expand = (
  recipe: PlacedText,
  variables: ReadonlyMap<string, Assigned>,
  unknown: (name: string) => string,
): PlacedText => {
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { 0: found, index } of recipe.text.matchAll(
    /\$\$|\$\(([\w.-]+)\)|\$\{([\w.-]+)\}|\$\([^()]*(?:\([^()]*\)[^()]*)*\)|\$[@<^?*]/g,
  )) {
    parts.push(slicePlaced(recipe, from, index));
    const name = /^\$[({]([\w.-]+)[)}]$/.exec(found)?.[1];
    const at = slicePlaced(recipe, index, index + found.length);
    const value = found === '$$' ? '$' : name === undefined ? unknown(found) : valueOf(name, variables, unknown, 0);
    parts.push(placeInstead(value, at));
    from = index + found.length;
  }
  parts.push(slicePlaced(recipe, from));
  return joinPlaced(parts);
};

const valueOf = (
  name: string,
  variables: ReadonlyMap<string, Assigned>,
  unknown: (name: string) => string,
  depth: number,
): string => {
  if (name === 'MAKE') return 'make';
  const assigned = variables.get(name);
  if (assigned === undefined) return `\${${name}}`;
  if (depth > 5) return unknown(`$(${name})`);
  const value = assigned.value.replaceAll(/\$\$|\$[({]([\w.-]+)[)}]|\$\(/g, (found, inner: string | undefined) => {
    if (found === '$$') return '$';
    return inner === undefined ? found : valueOf(inner, variables, unknown, depth + 1);
  });
  // The shell knows the environment.
  const isPlain = /^\w+$/.test(name) && value.split('{').length === value.split('}').length;
  return assigned.isDefault && isPlain ? `\${${name}:-${value}}` : value;
};
