import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { workflowFiles } from './workflow-files.ts';
import { workflowSecrets } from './workflow-secrets.ts';

/** What `devsetup audit` finds will be one more check here, condensed to a line. */
export const PIPELINE_CHECKS: readonly Check<CheckContext>[] = [workflowFiles, workflowSecrets];
