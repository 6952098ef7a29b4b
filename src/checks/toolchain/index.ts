import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';

export const TOOLCHAIN_CHECKS: readonly Check<CheckContext>[] = [];
