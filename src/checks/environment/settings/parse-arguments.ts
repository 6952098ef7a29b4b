import type { Token } from './tokenize-python.ts';

/** The arguments of a call. */
export interface Arguments {
  readonly positional: readonly (readonly Token[])[];
  readonly keywords: Readonly<Record<string, readonly Token[]>>;
  /** `*args` or `**kwargs`: there may be more. */
  readonly isOpen: boolean;
  /** Index of the token behind the closing bracket. */
  readonly end: number;
}

/** Reads the arguments of a call whose opening bracket is at `open`. */
export const parseArguments = (tokens: readonly Token[], open: number): Arguments => {
  const parts: Token[][] = [[]];
  let depth = 0;
  let at = open;
  for (; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    const isOperator = token.kind === 'operator';
    if (isOperator && '([{'.includes(token.text)) {
      depth += 1;
      if (depth === 1) continue;
    }
    if (isOperator && ')]}'.includes(token.text)) {
      depth -= 1;
      if (depth === 0) break;
    }
    if (isOperator && token.text === ',' && depth === 1) parts.push([]);
    else parts.at(-1)?.push(token);
  }
  const given = parts.filter((part) => part.length > 0);
  const isKeyword = (part: readonly Token[]): boolean => part[0]?.kind === 'name' && part[1]?.text === '=';
  const isStar = (part: readonly Token[]): boolean => part[0]?.text === '*' || part[0]?.text === '**';
  return {
    positional: given.filter((part) => !isKeyword(part) && !isStar(part)),
    keywords: Object.fromEntries(given.filter(isKeyword).map((part) => [part[0]?.text ?? '', part.slice(2)])),
    isOpen: given.some(isStar),
    end: at + 1,
  };
};

/** What a single string literal says; undefined for anything else. */
export const literal = (part: readonly Token[] | undefined): string | undefined =>
  part?.length === 1 && part[0]?.kind === 'string' ? (part[0].value ?? undefined) : undefined;
