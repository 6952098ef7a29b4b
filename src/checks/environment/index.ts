import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';

export const ENVIRONMENT_CHECKS: readonly Check<CheckContext>[] = [];
