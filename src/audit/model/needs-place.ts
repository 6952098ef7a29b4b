import type { Span } from '../../core/placed-text.ts';
import type { AuditedJob } from '../pipeline.ts';

/**
 * Where it is written whether a job waits for another: its own `needs`, or those of the job that calls its workflow where the other is not of
 * that call, as a called workflow cannot need what its caller has.
 */
export const needsPlaceOf = ({ job, calledBy }: AuditedJob, other: AuditedJob | undefined): Span => {
  const at = calledBy.findIndex((caller, index) => other?.calledBy[index]?.job !== caller.job);
  const where = calledBy[at]?.job ?? job;
  return where.needsSpan ?? where.idSpan;
};
