import type { CompoundList, PipelineNode, Statement, TestExpression, Word } from 'unbash';

import { expandChoices, hasHole } from '../holes.ts';
import { quietly } from '../machine/effort.ts';
import type { Machine, Place } from '../machine/machine.ts';

/** Whether a condition holds, where the values it compares are known; null: only the run knows. */
export const decide = ({ commands }: CompoundList, place: Place, machine: Machine): boolean | null => {
  const [only] = commands;
  return only === undefined || commands.length > 1 ? null : decideNode(only.command, place, machine);
};

/** Of a `case`: whether a pattern is the word; null: not known. */
export const matches = (word: Word, patterns: readonly Word[], place: Place, machine: Machine): boolean | null => {
  if (place.loop !== null) return null;
  const values = valuesOf(word, place, machine);
  const answers = values.map((value) => {
    const each = patterns.map(({ text }) => {
      if (text === '*') return true;
      const isPlain = /^["']?[\w.-]+["']?$/.test(text);
      return isPlain && !hasHole(value) ? value === text.replaceAll(/["']/g, '') : null;
    });
    return combine(each, '||');
  });
  return agreed(answers);
};

export const decideNode = (
  node: PipelineNode | Statement['command'],
  place: Place,
  machine: Machine,
): boolean | null => {
  // What a loop changes is not followed from one round to the next.
  if (place.loop !== null) return null;
  switch (node.type) {
    case 'TestCommand':
      return decideTest(node.expression, place, machine);
    case 'Command': {
      const name = node.name?.value;
      if (name === 'true' || name === ':') return true;
      if (name === 'false') return false;
      if (name !== '[' && name !== 'test') return null;
      const words = node.args.filter((word) => word.type === 'Word');
      return decideWords(name === '[' ? words.slice(0, -1) : words, place, machine);
    }
    case 'Pipeline': {
      const [first] = node.commands;
      if (node.commands.length !== 1 || first === undefined) return null;
      const inner = decideNode(first, place, machine);
      const turns = node.prefixes.filter(({ type }) => type === 'Negation').length;
      return inner === null ? null : turns % 2 === 1 ? !inner : inner;
    }
    case 'AndOr': {
      const operators = new Set(node.operators);
      if (operators.size !== 1) return null;
      const parts = node.commands.map((part) => decideNode(part, place, machine));
      return combine(parts, operators.has('&&') ? '&&' : '||');
    }
    default:
      return null;
  }
};

const combine = (parts: readonly (boolean | null)[], operator: '&&' | '||'): boolean | null => {
  const settles = operator === '||';
  if (parts.includes(settles)) return settles;
  return parts.includes(null) ? null : !settles;
};

const decideTest = (test: TestExpression, place: Place, machine: Machine): boolean | null => {
  switch (test.type) {
    case 'TestUnary':
      return decideUnary(test.operator, test.operand, place, machine);
    case 'TestBinary':
      return compare(test.left, test.operator, test.right, place, machine);
    case 'TestLogical':
      return combine(
        test.operands.map((operand) => decideTest(operand, place, machine)),
        test.operator,
      );
    case 'TestNot': {
      const inner = decideTest(test.operand, place, machine);
      return inner === null ? null : test.negations.length % 2 === 1 ? !inner : inner;
    }
    case 'TestGroup':
      return decideTest(test.expression, place, machine);
  }
};

const decideWords = (words: readonly Word[], place: Place, machine: Machine): boolean | null => {
  const [first, second, third, ...rest] = words;
  if (first?.value === '!' && words.length > 1) {
    const inner = decideWords(words.slice(1), place, machine);
    return inner === null ? null : !inner;
  }
  if (first === undefined || rest.length > 0) return null;
  if (second === undefined) return decideUnary('-n', first, place, machine);
  if (third === undefined) return decideUnary(first.value, second, place, machine);
  return compare(first, second.value, third, place, machine);
};

const decideUnary = (operator: string, word: Word, place: Place, machine: Machine): boolean | null => {
  if (operator !== '-n' && operator !== '-z') return null;
  const answers = valuesOf(word, place, machine).map((value) => {
    if (value === '') return false;
    // Text around a hole is enough.
    const { holes } = machine;
    const isCertain = [...value].some(
      (character) => !hasHole(character) || /^(?:commit|run)$/.test(holes.get(character)?.kind ?? ''),
    );
    return isCertain ? true : null;
  });
  const answer = agreed(answers);
  return answer === null ? null : operator === '-n' ? answer : !answer;
};

const compare = (left: Word, operator: string, right: Word, place: Place, machine: Machine): boolean | null => {
  if (!/^(?:==?|!=)$/.test(operator) || /[*?[]/.test(right.text.replace(/\[@\]/, ''))) return null;
  const answers = valuesOf(left, place, machine).flatMap((one) =>
    valuesOf(right, place, machine).map((other) => (hasHole(one) || hasHole(other) ? null : one === other)),
  );
  const answer = agreed(answers);
  return answer === null ? null : operator === '!=' ? !answer : answer;
};

const valuesOf = (word: Word, place: Place, machine: Machine): readonly string[] =>
  expandChoices(machine.evaluateOne(word, quietly(place)).value, machine.holes);

const agreed = (answers: readonly (boolean | null)[]): boolean | null => {
  const [first = null] = answers;
  return answers.every((answer) => answer === first) ? first : null;
};
