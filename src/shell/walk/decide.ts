import type { CompoundList, PipelineNode, Statement, Word } from 'unbash';

import { expandChoices, hasHole } from '../holes.ts';
import { quietly } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';
import { readCheckout } from './read-checkout.ts';
import { readCondition, readConditions, type Condition } from './read-condition.ts';

/** Whether a condition holds, where the values it compares are known; null: only the run knows. */
export const decide = (clause: CompoundList, place: Place, machine: Machine): boolean | null =>
  decideCondition(readConditions(clause), place, machine);

export const decideNode = (node: PipelineNode | Statement['command'], place: Place, machine: Machine): boolean | null =>
  decideCondition(readCondition(node), place, machine);

/** Of a `case`: whether a pattern is the word; null: not known. */
export const matches = (word: Word, patterns: readonly Word[], place: Place, machine: Machine): boolean | null =>
  place.loop === null ? agreed(valuesOf(word, place, machine).map((value) => matchesValue(value, patterns))) : null;

/** Whether one of a case's patterns is this value; null: not known. */
export const matchesValue = (value: string, patterns: readonly Word[]): boolean | null =>
  combine(
    patterns.map(({ text }) => {
      if (text === '*') return true;
      const plain = plainPattern(text);
      return plain === null || hasHole(value) ? null : value === plain;
    }),
    'any',
  );

/** What a pattern without wildcards matches; null: it has some. */
export const plainPattern = (text: string): string | null =>
  /^["']?[\w.-]*["']?$/.test(text) ? text.replaceAll(/["']/g, '') : null;

const decideCondition = (condition: Condition, place: Place, machine: Machine): boolean | null => {
  // What a loop changes is not followed from one round to the next.
  if (place.loop !== null) return null;
  switch (condition.kind) {
    case 'known':
      return condition.isMet;
    case 'empty':
      return isEmpty(condition.word, place, machine);
    case 'equal':
      return areEqual(condition.left, condition.right, place, machine);
    case 'file':
    case 'folder':
      return isInCheckout(condition, place, machine) ? true : null;
    case 'not': {
      const inner = decideCondition(condition.inner, place, machine);
      return inner === null ? null : !inner;
    }
    case 'all':
    case 'any':
      return combine(
        condition.parts.map((part) => decideCondition(part, place, machine)),
        condition.kind,
      );
    case 'open':
      return null;
  }
};

/** Where only what holds by default counts, a file or folder of the checkout is there. One that is not may be made elsewhere. */
const isInCheckout = (
  { kind, word }: Extract<Condition, { readonly kind: 'file' | 'folder' }>,
  place: Place,
  machine: Machine,
): boolean => {
  if (!machine.takesDefaults) return false;
  const { value } = machine.evaluateOne(word, quietly(place));
  if (hasHole(value)) return false;
  // `-e` is true of folders, too.
  return machine.hasFolder(value) || (kind === 'file' && readCheckout(value, place, machine) !== null);
};

const combine = (parts: readonly (boolean | null)[], kind: 'all' | 'any'): boolean | null => {
  const settles = kind === 'any';
  if (parts.includes(settles)) return settles;
  return parts.includes(null) ? null : !settles;
};

const isEmpty = (word: Word, place: Place, machine: Machine): boolean | null => {
  const answers = valuesOf(word, place, machine).map((value) => {
    if (value === '') return true;
    // Text around a hole is enough.
    const { holes } = machine;
    const isCertain = [...value].some(
      (character) => !hasHole(character) || /^(?:commit|run)$/.test(holes.get(character)?.kind ?? ''),
    );
    return isCertain ? false : null;
  });
  return agreed(answers);
};

const areEqual = (left: Word, right: Word, place: Place, machine: Machine): boolean | null =>
  agreed(
    valuesOf(left, place, machine).flatMap((one) =>
      valuesOf(right, place, machine).map((other) => (hasHole(one) || hasHole(other) ? null : one === other)),
    ),
  );

const valuesOf = (word: Word, place: Place, machine: Machine): readonly string[] =>
  expandChoices(machine.evaluateOne(word, quietly(place)).value, machine.holes);

const agreed = (answers: readonly (boolean | null)[]): boolean | null => {
  const [first = null] = answers;
  return answers.every((answer) => answer === first) ? first : null;
};
