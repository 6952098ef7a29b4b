import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { lastRun } from './last-run.ts';

export const LAST_RUN_CHECKS: readonly Check<CheckContext>[] = [lastRun];
