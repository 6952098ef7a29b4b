import type { CheckOutcome } from '../../core/check.ts';
import type { Examination } from '../../django/examination.ts';

/** What a part of the examination leads to, unless it could not be examined. */
export const partOf = <Code extends string>(
  failures: Examination['failures'],
  part: keyof Examination,
  outcome: () => CheckOutcome<Code>,
): CheckOutcome<Code> => {
  const reason = failures[part];
  return reason === undefined ? outcome() : { kind: 'could-not-check', reason };
};
