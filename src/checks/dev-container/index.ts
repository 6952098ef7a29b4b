import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';

export const DEV_CONTAINER_CHECKS: readonly Check<CheckContext>[] = [];
