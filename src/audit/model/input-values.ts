import type { Holes } from '../../shell/holes.ts';
import type { WorkflowInput } from '../../workflows/workflow.ts';
import {
  ABSENT,
  type Alternative,
  type Alternatives,
  booleanValue,
  EMPTY,
  textValue,
  uniteAlternatives,
} from './alternatives.ts';

const isBoolean = ({ type }: WorkflowInput): boolean => type?.value === 'boolean';

const isTrue = (text: string): boolean => text.trim() === 'true';

/** What an input is when its caller says nothing. */
export const defaultOf = (
  input: WorkflowInput,
  evaluate: (text: WorkflowInput['default']) => Alternatives,
): Alternatives => {
  if (input.default === null) return [isBoolean(input) ? booleanValue(false) : EMPTY];
  return isBoolean(input) ? [booleanValue(isTrue(input.default.value))] : evaluate(input.default);
};

/** What a caller gives an input, of its type: the text `false` of a boolean is not true. */
export const typedValues = (input: WorkflowInput, given: Alternatives): Alternatives =>
  isBoolean(input)
    ? given.map((one) => (/^(?:true|false)$/.test(one.text) ? booleanValue(isTrue(one.text)) : one))
    : given;

/**
 * What an input may be when a person starts the workflow, or a caller that is not here: its options, both of a boolean, else its default
 * or what nobody knows, which is empty where another event starts it.
 */
export const openValuesOf = (
  name: string,
  input: WorkflowInput,
  evaluate: (text: WorkflowInput['default']) => Alternatives,
  holes: Holes,
): Alternatives => {
  if (isBoolean(input)) return [booleanValue(true), booleanValue(false)];
  if (input.options.length > 0) {
    const options = input.options.flatMap((option) => evaluate(option)).map(({ text }) => textValue(text));
    return uniteAlternatives([...options, ABSENT]);
  }
  const open: Alternative = { text: holes.of({ kind: 'unknown', name: `inputs.${name}` }), truth: null };
  const given = input.default === null ? [] : evaluate(input.default).filter(({ text }) => text !== '');
  return uniteAlternatives([...given, open, ABSENT]);
};
