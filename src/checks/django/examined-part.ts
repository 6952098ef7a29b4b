import type { CheckOutcome } from '../../core/check.ts';
import type { Examination } from '../../django/examination.ts';

/** What a part of the examination leads to, unless it could not be examined. */
export const partOf = <Code extends string>(
  failures: Examination['failures'],
  part: keyof Examination,
  outcome: () => CheckOutcome<Code>,
  /** The finding that is to blame for whatever fails. */
  blockedBy?: string,
): CheckOutcome<Code> => {
  const reason = failures[part];
  if (reason === undefined) return outcome();
  return { kind: 'could-not-check', reason, ...(blockedBy === undefined ? {} : { blockedBy }) };
};
