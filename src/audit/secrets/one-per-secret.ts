import { groupBy } from '../../core/group-by.ts';
import type { RuleFinding } from '../finding.ts';
import { eachOnce } from './credentials-of-step.ts';

export interface OfSecret extends RuleFinding {
  /** What the findings of a file are one by, e.g. `secrets.TOKEN`. */
  readonly secret: string;
}

const inOrder = (a: OfSecret, b: OfSecret): number => a.span.line - b.span.line || a.span.column - b.span.column;

const placeOf = ({ span, job, step }: OfSecret): NonNullable<RuleFinding['others']>[number] => ({
  span,
  ...(job === undefined ? {} : { job }),
  ...(step === undefined ? {} : { step }),
});

/** One finding for each secret of each file, at the first place; the others are its evidence. */
export const onePerSecret = (found: readonly OfSecret[]): readonly RuleFinding[] =>
  [...groupBy(eachOnce(found), ({ secret, span }) => `${span.file}\n${secret}`).values()].flatMap((group) => {
    const [first, ...others] = group.toSorted(inOrder);
    if (first === undefined) return [];
    const { secret: _, ...finding } = first;
    if (others.length === 0) return [finding];
    const more = others.map(({ step, span }) => ({
      text: step === undefined ? 'also here' : `also in step ${step}`,
      span,
    }));
    return [{ ...finding, evidence: [...(finding.evidence ?? []), ...more], others: others.map(placeOf) }];
  });
