import type { Check } from '../core/check.ts';
import { checkout } from './checkout/checkout.ts';
import type { CheckContext } from './context.ts';
import { DATABASE_CHECKS } from './database/index.ts';
import { DEV_CONTAINER_CHECKS } from './dev-container/index.ts';
import { DJANGO_CHECKS } from './django/index.ts';
import { ENVIRONMENT_CHECKS } from './environment/index.ts';
import { LAST_RUN_CHECKS } from './last-run/index.ts';
import { PIPELINE_CHECKS } from './pipelines/index.ts';
import { TOOLCHAIN_CHECKS } from './toolchain/index.ts';

/** Every check devsetup ships, in the order they are shown. The steps (group "setup") and a project's own come beside them. */
export const CHECKS: readonly Check<CheckContext>[] = [
  checkout,
  ...TOOLCHAIN_CHECKS,
  ...ENVIRONMENT_CHECKS,
  ...DATABASE_CHECKS,
  ...DJANGO_CHECKS,
  ...DEV_CONTAINER_CHECKS,
  ...PIPELINE_CHECKS,
  ...LAST_RUN_CHECKS,
];
