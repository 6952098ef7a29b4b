import type { SourceFile } from '../../core/placed-text.ts';
import type { Origin, ShellCall, ShellWord } from '../../shell/shell-run.ts';
import { splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import type { Scalar } from '../../workflows/workflow.ts';
import { referencesOf, type Scope } from './evaluate-expression.ts';

/** Where the values of expressions come from, by the offset in the file that an expression stands at. */
interface ScriptOrigins {
  readonly source: SourceFile;
  readonly byOffset: ReadonlyMap<number, readonly Origin[]>;
}

const findScriptOrigins = ({ placed }: Pick<Scalar, 'placed'>, scope: Scope): ScriptOrigins | null => {
  const byOffset = new Map<number, readonly Origin[]>();
  let source: SourceFile | undefined;
  for (const part of splitExpressions(placed)) {
    const [segment] = part.placed.segments;
    if (part.kind === 'text' || part.expression === null || segment === undefined) continue;
    const origins = referencesOf(part.expression).flatMap(scope.originsOf);
    if (origins.length === 0) continue;
    source = segment.source;
    byOffset.set(segment.offset, origins);
  }
  return source === undefined ? null : { source, byOffset };
};

const withOrigins = (word: ShellWord, { source, byOffset }: ScriptOrigins): ShellWord => {
  const added = word.placed.segments.flatMap((segment) =>
    segment.length === null || segment.source !== source ? [] : (byOffset.get(segment.offset) ?? []),
  );
  return added.length === 0 ? word : { ...word, origins: [...word.origins, ...added] };
};

/**
 * A script's calls, their words with where the values of `${{ … }}` in them come from: the shell only sees the values. Every layer keeps
 * the places of its text, so the words of here-documents know them as well.
 */
export const withScriptOrigins = (
  calls: readonly ShellCall[],
  script: Pick<Scalar, 'placed'>,
  scope: Scope,
): readonly ShellCall[] => {
  const found = script.placed.text.includes('${{') ? findScriptOrigins(script, scope) : null;
  if (found === null) return calls;
  // Calls that nothing is added to stay the same objects: others are found by them.
  return calls.map((call) => {
    const words = call.words.map((word) => withOrigins(word, found));
    return words.every((word, index) => word === call.words[index]) ? call : { ...call, words };
  });
};
