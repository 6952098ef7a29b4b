import type { YAMLError } from 'yaml';

/**
 * What is certainly no YAML, of the errors its parser reports; null: it is, or there is doubt. GitHub's parser is laxer than the
 * specification where brackets and quotes go over several lines and stand too far left: what it may accept is not called a mistake.
 */
export const yamlMistake = (
  errors: readonly YAMLError[],
  text: string,
): { readonly message: string; readonly offset: number } | null => {
  const [first] = errors;
  if (first === undefined || isInDoubt(first, text)) return null;
  const [line = ''] = first.message.split('\n');
  return { message: line.replace(/ at line \d+, column \d+:?$/, ''), offset: first.pos[0] };
};

const isInDoubt = ({ code, message, pos }: YAMLError, text: string): boolean =>
  (code === 'BAD_INDENT' && message.startsWith('Flow ') && isClosed(message, text, pos[0])) ||
  (code === 'MISSING_CHAR' && message.startsWith('Missing closing') && pos[0] < text.trimEnd().length);

/** Whether a bracket follows that may be the one missed; without it no parser takes the text. */
const isClosed = (message: string, text: string, from: number): boolean =>
  // The error stands at the bracket, or right behind it.
  text.includes(/end with a (\S)/.exec(message)?.[1] ?? '', from - 1);
