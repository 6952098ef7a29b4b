import { spanOf, type PlacedText, type Span } from '../../core/placed-text.ts';
import { splitExpressions } from '../../workflows/expressions/split-expressions.ts';
import type { Scalar } from '../../workflows/workflow.ts';
import type { AuditedStep } from '../pipeline.ts';
import { findCredentials, findDefaults } from './find-credentials.ts';
import { isFallbackCredential, type Strictness } from './judge-value.ts';
import { isNamedForPlace, isPublicName, isSecretName } from './secret-name.ts';
import { fixedResults } from './written-values.ts';
import { isInWorkflow, placeInWord } from './written-place.ts';

/** A fixed value that is taken where a secret is not there. */
export interface Fallback {
  /** `secrets.DB_PASSWORD`, `$DB_PASSWORD` */
  readonly of: string;
  readonly span: Span;
  /** The secret only says where or who, e.g. a port: the value opens nothing. */
  readonly isPlace?: boolean;
}

/** A URL counts by the password in it. */
const isKept = (value: string, strictness: Strictness): boolean =>
  /^[a-z][a-z\d+.-]*:/i.test(value)
    ? findCredentials(value, { strictness, hasPairs: true, isCode: false }).length > 0
    : isFallbackCredential(value, strictness);

const lastOf = (name: string): string => name.split('.').at(-1) ?? name;

/** Of those that are asked before, the one that is a secret. */
const secretAmong = (names: readonly string[], target: string): string | undefined =>
  names.find((name) => {
    if (isPublicName(lastOf(name))) return false;
    if (name.startsWith('secrets.')) return !isNamedForPlace(name) && !/secrets\.GITHUB_TOKEN$/i.test(name);
    return isSecretName(lastOf(name)) || (isSecretName(target) && !isNamedForPlace(name));
  });

const isPlaceAmongSecrets = (name: string): boolean =>
  name.startsWith('secrets.') && isNamedForPlace(name) && !isPublicName(lastOf(name));

/** `${{ secrets.X || 'value' }}` in a text that is given to `target`. */
export const fallbacksInExpressions = (scalar: Scalar, target: string, strictness: Strictness): readonly Fallback[] =>
  splitExpressions(scalar.placed).flatMap((part): readonly Fallback[] => {
    if (part.kind === 'text' || part.expression === null) return [];
    return fixedResults(part.expression).flatMap(({ value, written, insteadOf }): readonly Fallback[] => {
      const of = secretAmong(insteadOf, target);
      const span = spanOfLiteral(part.placed, written);
      if (of !== undefined && isKept(value, strictness)) return [{ of, span }];
      const place = insteadOf.find(isPlaceAmongSecrets);
      if (of !== undefined || place === undefined || strictness !== 'serving' || value.trim() === '') return [];
      return [{ of: place, span, isPlace: true }];
    });
  });

const spanOfLiteral = (placed: PlacedText, written: string): Span => {
  const at = placed.text.lastIndexOf(written);
  const quote = written.startsWith("'") ? 1 : 0;
  return at < 0 ? spanOf(placed) : spanOf(placed, at + quote, at + written.length - quote);
};

/** `${DB_PASSWORD:-value}` in the scripts of a step, and in files that they write. */
export const fallbacksInScripts = (step: AuditedStep, strictness: Strictness): readonly Fallback[] => {
  const inShell = step.settings.flatMap(({ kind, name, word }): readonly Fallback[] => {
    if (kind !== 'default') return [];
    const isOfSecret = isSecretName(name) || /_ur[li]$/i.test(name);
    if (!isOfSecret || !isKept(word.value, strictness)) return [];
    if (!isSecretName(name) && !/:\/\//.test(word.value)) return [];
    const span = placeInWord(word, 0, word.value.length, step);
    return span === null ? [] : [{ of: `$${name}`, span }];
  });
  const inFiles = step.calls.flatMap(({ input, output }) =>
    input === null || output !== 'file'
      ? []
      : findDefaults(input.value, strictness).flatMap(({ as, start, end }): readonly Fallback[] => {
          const span = placeInWord(input, start, end, step);
          return span === null ? [] : [{ of: `$${as}`, span }];
        }),
  );
  return [...inShell, ...inFiles].filter(({ span }) => isInWorkflow(span));
};
