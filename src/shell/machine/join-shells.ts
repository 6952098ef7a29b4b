import type { Span } from '../../core/placed-text.ts';
import { expandChoices, type Holes } from '../holes.ts';
import type { Variable } from '../shell-run.ts';
import type { Cell, Shell } from './machine.ts';

const MOST_OPTIONS = 12;

/** One of several values as one text. */
export const choiceOf = (values: readonly string[], name: string, holes: Holes): string => {
  const options = [
    ...new Set(values.flatMap((value) => (isChoice(value, holes) ? expandChoices(value, holes) : [value]))),
  ];
  const [first = ''] = options;
  if (options.length === 1) return first;
  return holes.of({ kind: 'choice', name, options: options.slice(0, MOST_OPTIONS) });
};

const isChoice = (value: string, holes: Holes): boolean => value.length === 1 && holes.get(value)?.kind === 'choice';

export const copyShell = (shell: Shell): Shell => ({
  ...shell,
  variables: new Map(shell.variables),
  functions: new Map(shell.functions),
  exported: new Set(shell.exported),
  files: new Map(shell.files),
  environment: new Map(shell.environment),
  outputs: new Map(shell.outputs),
});

/** Makes of a shell what it is after one of several ways, none of which is known to be taken. */
export const joinInto = (shell: Shell, ways: readonly Shell[], holes: Holes): void => {
  const [first] = ways;
  if (first === undefined) return;
  if (ways.length === 1) {
    Object.assign(shell, first);
    return;
  }
  const before = shell.variables;
  shell.variables = joinCells(ways, before, holes);
  shell.environment = joinVariables(
    ways.map((way) => way.environment),
    holes,
  );
  shell.outputs = joinVariables(
    ways.map((way) => way.outputs),
    holes,
  );
  shell.assumed = new Map(
    [...first.assumed].filter(([hole, value]) => ways.every((way) => way.assumed.get(hole) === value)),
  );
  shell.functions = new Map(ways.flatMap((way) => [...way.functions]));
  shell.exported = new Set(ways.flatMap((way) => [...way.exported]));
  shell.files = new Map(ways.flatMap((way) => [...way.files]));
  shell.directory = ways.every((way) => way.directory === first.directory) ? first.directory : null;
  shell.elsewhere = ways.every((way) => way.elsewhere === first.elsewhere) ? first.elsewhere : '';
  shell.errexit = ways.every((way) => way.errexit);
  shell.errexitOff = shell.errexit ? null : (ways.find((way) => !way.errexit)?.errexitOff ?? null);
  shell.exitsWell = ways.every((way) => way.exitsWell !== null) ? first.exitsWell : null;
  shell.pipefail = ways.every((way) => way.pipefail);
  shell.isTraced = ways.some((way) => way.isTraced);
  shell.args = ways.every((way) => way.args === first.args) ? first.args : null;
};

const joinCells = (ways: readonly Shell[], before: ReadonlyMap<string, Cell>, holes: Holes): Map<string, Cell> => {
  const joined = new Map<string, Cell>();
  const names = new Set<string>();
  for (const { variables } of ways) for (const name of variables.keys()) names.add(name);
  for (const name of names) {
    const cells = ways.map((way) => way.variables.get(name));
    const [first] = cells;
    if (first !== undefined && cells.every((cell) => cell === first)) {
      joined.set(name, first);
      continue;
    }
    const unnarrowed = beforeNarrowing(cells, holes);
    if (unnarrowed !== undefined) {
      if (unnarrowed !== null) joined.set(name, unnarrowed);
      continue;
    }
    const known = cells.filter((cell) => cell !== undefined);
    const last = known.findLast((cell) => cell !== before.get(name)) ?? known[0];
    if (last === undefined) continue;
    const unset = known.length < cells.length ? [holes.of({ kind: 'unknown', name: `$${name}` })] : [];
    joined.set(name, {
      list: known.every(({ list }) => list === last.list) ? last.list : null,
      value: choiceOf([...known.map(({ value }) => value), ...unset], `$${name}`, holes),
      span: last.span,
      origins: known.flatMap(({ origins }) => origins).slice(0, 8),
    });
  }
  return joined;
};

/** A variable that conditions alone have changed, where the ways together allow all it was before; undefined: it is not one. */
const beforeNarrowing = (cells: readonly (Cell | undefined)[], holes: Holes): Cell | null | undefined => {
  const [first, ...others] = cells.map((cell) =>
    cell?.narrowedFrom === undefined ? (cell ?? null) : cell.narrowedFrom,
  );
  if (first === undefined || others.some((one) => one !== first)) return undefined;
  if (cells.some((cell) => (cell ?? null) === first)) return first;
  if (first === null) return undefined;
  const left = new Set(cells.flatMap((cell) => expandChoices(cell?.value ?? '', holes)));
  return expandChoices(first.value, holes).every((option) => left.has(option)) ? first : undefined;
};

const joinVariables = (ways: readonly ReadonlyMap<string, Variable>[], holes: Holes): Map<string, Variable> => {
  const joined = new Map<string, Variable>();
  for (const name of new Set(ways.flatMap((way) => [...way.keys()]))) {
    const found = ways.flatMap((way) => way.get(name) ?? []);
    const span: Span | null = found.at(-1)?.span ?? null;
    joined.set(name, {
      value: choiceOf(
        found.map(({ value }) => value),
        `$${name}`,
        holes,
      ),
      span,
    });
  }
  return joined;
};
