import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { pipelineRules } from './pipeline-rules.ts';
import { workflowFiles } from './workflow-files.ts';
import { workflowSecrets } from './workflow-secrets.ts';

export const PIPELINE_CHECKS: readonly Check<CheckContext>[] = [workflowFiles, workflowSecrets, pipelineRules];
