import type { CompoundList, PipelineNode, Statement, TestExpression, Word } from 'unbash';

/** What a test asks, however it is written: `[ … ]`, `test …`, `[[ … ]]`, `!`, `&&`. */
export type Condition =
  | { readonly kind: 'known'; readonly isMet: boolean }
  | { readonly kind: 'empty'; readonly word: Word }
  | { readonly kind: 'equal'; readonly left: Word; readonly right: Word }
  /** A file of that name is there. */
  | { readonly kind: 'file'; readonly word: Word }
  /** A folder of that name is there, and something is in it. */
  | { readonly kind: 'folder'; readonly word: Word }
  | { readonly kind: 'not'; readonly inner: Condition }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly Condition[] }
  /** A command, or something that is not read, e.g. a number. */
  | { readonly kind: 'open' };

const OPEN: Condition = { kind: 'open' };

const not = (inner: Condition): Condition => (inner.kind === 'open' ? OPEN : { kind: 'not', inner });

export const readConditions = ({ commands }: CompoundList): Condition => {
  const [only] = commands;
  return only === undefined || commands.length > 1 ? OPEN : readCondition(only.command);
};

export const readCondition = (node: PipelineNode | Statement['command']): Condition => {
  switch (node.type) {
    case 'TestCommand':
      return readTest(node.expression);
    case 'Command': {
      const name = node.name?.value;
      if (name === 'true' || name === ':') return { kind: 'known', isMet: true };
      if (name === 'false') return { kind: 'known', isMet: false };
      if (name !== '[' && name !== 'test') return OPEN;
      const words = node.args.filter((word) => word.type === 'Word');
      return readWords(name === '[' ? words.slice(0, -1) : words);
    }
    case 'Pipeline': {
      const [first] = node.commands;
      if (node.commands.length !== 1 || first === undefined) return OPEN;
      const turns = node.prefixes.filter(({ type }) => type === 'Negation').length;
      return turns % 2 === 1 ? not(readCondition(first)) : readCondition(first);
    }
    case 'AndOr': {
      const [operator, ...others] = new Set(node.operators);
      if (others.length > 0) return OPEN;
      return { kind: operator === '&&' ? 'all' : 'any', parts: node.commands.map(readCondition) };
    }
    default:
      return OPEN;
  }
};

const readTest = (test: TestExpression): Condition => {
  switch (test.type) {
    case 'TestUnary':
      return readUnary(test.operator, test.operand);
    case 'TestBinary':
      return readBinary(test.left, test.operator, test.right);
    case 'TestLogical':
      return { kind: test.operator === '&&' ? 'all' : 'any', parts: test.operands.map(readTest) };
    case 'TestNot':
      return test.negations.length % 2 === 1 ? not(readTest(test.operand)) : readTest(test.operand);
    case 'TestGroup':
      return readTest(test.expression);
  }
};

const readWords = (words: readonly Word[]): Condition => {
  const joint = words.findIndex(({ value, parts }) => parts === undefined && (value === '-a' || value === '-o'));
  if (joint > 0 && joint < words.length - 1) {
    const parts = [readWords(words.slice(0, joint)), readWords(words.slice(joint + 1))];
    return { kind: words[joint]?.value === '-a' ? 'all' : 'any', parts };
  }
  const [first, second, third, ...rest] = words;
  if (first?.value === '!' && words.length > 1) return not(readWords(words.slice(1)));
  if (first === undefined || rest.length > 0) return OPEN;
  if (second === undefined) return readUnary('-n', first);
  if (third === undefined) return readUnary(first.value, second);
  return readBinary(first, second.value, third);
};

const readUnary = (operator: string, word: Word): Condition => {
  const listed = /^-[zn]$/.test(operator) ? listedBy(word) : null;
  if (listed !== null) return operator === '-z' ? not(listed) : listed;
  if (operator === '-z') return { kind: 'empty', word };
  if (/^-[efrs]$/.test(operator)) return { kind: 'file', word };
  if (operator === '-d') return { kind: 'folder', word };
  return operator === '-n' ? not({ kind: 'empty', word }) : OPEN;
};

/** `"$(ls -A folder)"` */
const listedBy = ({ parts = [] }: Word): Condition | null => {
  const [outer, beside] = parts;
  const [first, second] = outer?.type === 'DoubleQuoted' && beside === undefined ? outer.parts : parts;
  if (first?.type !== 'CommandExpansion' || second !== undefined) return null;
  const [only, more] = first.script?.commands ?? [];
  const command = only?.command.type === 'Redirected' ? only.command.command : only?.command;
  if (command?.type !== 'Command' || more !== undefined || command.name?.value !== 'ls') return null;
  const [word, other] = command.args.filter((one) => one.type === 'Word' && !one.value.startsWith('-'));
  return word?.type !== 'Word' || other !== undefined ? null : { kind: 'folder', word };
};

const readBinary = (left: Word, operator: string, right: Word): Condition => {
  if (!/^(?:==?|!=)$/.test(operator) || /[*?[]/.test(right.text.replace(/\[@\]/, ''))) return OPEN;
  const equal: Condition = { kind: 'equal', left, right };
  return operator === '!=' ? not(equal) : equal;
};
