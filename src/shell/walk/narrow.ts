import type { Word } from 'unbash';

import { expandChoices, hasHole, isHole, type Holes } from '../holes.ts';
import { quietly } from '../machine/effort.ts';
import { choiceOf, copyShell } from '../machine/join-shells.ts';
import type { Cell, Machine, Place } from '../machine/machine.ts';
import { lookUp } from '../words/look-up.ts';
import { matchesValue, plainPattern } from './decide.ts';
import type { Condition } from './read-condition.ts';

/**
 * Makes of a shell what it is where a condition is met, or is not: behind `[ "$in" = latest ]` the variable is `latest`, and in the `else`
 * it is not. The place's shell is changed.
 */
export const assume = (condition: Condition, isMet: boolean, place: Place, machine: Machine): void => {
  switch (condition.kind) {
    case 'not':
      assume(condition.inner, !isMet, place, machine);
      return;
    case 'empty':
      narrow(
        condition.word,
        isMet,
        { equal: [''], isEqual: (value) => (hasHole(value) ? null : value === '') },
        place,
        machine,
      );
      return;
    case 'equal': {
      const wanted = machine.evaluateOne(condition.right, quietly(place)).value;
      if (hasHole(wanted)) return;
      const isEqual = (value: string): boolean | null => (hasHole(value) ? null : value === wanted);
      narrow(condition.left, isMet, { equal: [wanted], isEqual }, place, machine);
      return;
    }
    case 'all':
    case 'any':
      // Of several parts all hold, or none does; otherwise it is not known which.
      if ((condition.kind === 'all') === isMet) for (const part of condition.parts) assume(part, isMet, place, machine);
      return;
    case 'known':
    case 'open':
      return;
  }
};

/** The same for a branch of `case`, and for what comes after it. */
const assumePattern = (word: Word, patterns: readonly Word[], isMet: boolean, place: Place, machine: Machine): void => {
  const plain = patterns.map(({ text }) => plainPattern(text));
  const equal = plain.filter((text) => text !== null);
  const isEqual = (value: string): boolean | null => matchesValue(value, patterns);
  narrow(word, isMet, { equal: equal.length === plain.length ? equal : null, isEqual }, place, machine);
};

interface Question {
  /** Every value that answers it; null: there are others. */
  readonly equal: readonly string[] | null;
  readonly isEqual: (value: string) => boolean | null;
}

const narrow = (word: Word, isMet: boolean, question: Question, place: Place, machine: Machine): void => {
  const name = nameIn(word);
  const before =
    name === null ? machine.evaluateOne(word, quietly(place)).value : lookUp(name, place, machine, null).value;
  if (before.length !== 1 || !isHole(before)) return;
  const after = narrowed(before, isMet, question, machine.holes);
  if (after === null || after === before) return;
  const { shell } = place;
  const change = (value: string): string => value.replaceAll(before, after);
  shell.assumed = new Map([
    ...[...shell.assumed].map(([hole, value]) => [hole, change(value)] as const),
    [before, after],
  ]);
  for (const [variable, cell] of shell.variables) {
    if (cell.value.includes(before)) shell.variables.set(variable, narrowCell(cell, change));
  }
  if (name !== null && !shell.variables.has(name)) {
    const value = {
      list: null,
      value: after,
      span: null,
      origins: [{ name: `$${name}`, span: null }],
      narrowedFrom: null,
    };
    shell.variables.set(name, value);
  }
};

const narrowCell = (cell: Cell, change: (value: string) => string): Cell => ({
  ...cell,
  value: change(cell.value),
  list: cell.list?.map(change) ?? null,
  narrowedFrom: cell.narrowedFrom === undefined ? cell : cell.narrowedFrom,
});

/** What is left of a value; null: nothing is known of it. */
const narrowed = (before: string, isMet: boolean, { equal, isEqual }: Question, holes: Holes): string | null => {
  const isChoice = holes.get(before)?.kind === 'choice';
  if (!isChoice) return isMet && equal !== null ? choiceOf(equal, holes.get(before)?.name ?? '', holes) : null;
  const left = expandChoices(before, holes).filter((option) => isEqual(option) !== !isMet);
  const isOpen = left.some(hasHole);
  if (left.length === 0) return null;
  if (isMet && isOpen && equal !== null) return choiceOf(equal, holes.get(before)?.name ?? '', holes);
  return choiceOf(left, holes.get(before)?.name ?? '', holes);
};

/** The variable a word is: `$X`, `"${X}"`, `"${X:-}"`; null: it is something else. */
const nameIn = ({ parts }: Pick<Word, 'parts'>): string | null => {
  const [part, ...others] = parts ?? [];
  if (part === undefined || others.length > 0) return null;
  switch (part.type) {
    case 'DoubleQuoted':
      return nameIn(part);
    case 'SimpleExpansion':
      return /^\$[A-Za-z_]\w*$/.test(part.text) ? part.text.slice(1) : null;
    case 'ParameterExpansion': {
      const { operation, prefix, index, parameter } = part;
      if (prefix !== undefined || index !== undefined || !/^[A-Za-z_]\w*$/.test(parameter)) return null;
      const isPlain =
        operation === undefined ||
        (operation.type === 'Default' && /^:?-$/.test(operation.operator) && operation.operand.text === '');
      return isPlain ? parameter : null;
    }
    default:
      return null;
  }
};

/** The place of a branch, where a condition is met or not. */
export const placeAssuming = (condition: Condition, isMet: boolean, place: Place, machine: Machine): Place => {
  const branch = { ...place, shell: copyShell(place.shell) };
  assume(condition, isMet, branch, machine);
  return branch;
};

export const placeAssumingPattern = (
  word: Word,
  patterns: readonly Word[],
  isMet: boolean,
  place: Place,
  machine: Machine,
): Place => {
  const branch = { ...place, shell: copyShell(place.shell) };
  assumePattern(word, patterns, isMet, branch, machine);
  return branch;
};
