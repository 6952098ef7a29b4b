import { CheckStopped } from '../core/check.ts';
import type { DevsetupError } from '../core/errors.ts';
import { findingCode } from '../core/finding-code.ts';

/** What is asked for does not exist here. */
export const notThere = (reason: string): CheckStopped => new CheckStopped({ kind: 'not-applicable', reason });

/** What is asked for cannot be had, and no finding says why. */
export const unknown = (reason: string): CheckStopped => new CheckStopped({ kind: 'could-not-check', reason });

/** What is asked for cannot be had before that finding is mended. */
export const blocked = (blockedBy: string, reason: string): CheckStopped =>
  new CheckStopped({ kind: 'could-not-check', reason, blockedBy });

/** What is asked for cannot be had because of this error, which is a finding of its own. */
export const stopped = (error: DevsetupError | undefined, reason: string): CheckStopped =>
  error === undefined ? unknown(reason) : blocked(findingCode(error.code), reason);
