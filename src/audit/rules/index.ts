import type { Rule } from '../finding.ts';
import { buildArg } from './build-arg.ts';
import { defaultLiteral } from './default-literal.ts';
import { literalCredential } from './literal-credential.ts';
import { noEnvironment } from './no-environment.ts';
import { onArgv } from './on-argv.ts';
import { printed } from './printed.ts';
import { buildMissingShaTag } from './build-missing-sha-tag.ts';
import { deployNotBuilt } from './deploy-not-built.ts';
import { deployNotWired } from './deploy-not-wired.ts';
import { dropsQueuedDeploys } from './drops-queued-deploys.ts';
import { duplicateBuildTag } from './duplicate-build-tag.ts';
import { hiddenInScript } from './hidden-in-script.ts';
import { inlineInDeploy } from './inline-in-deploy.ts';
import { inputDefaultMutable } from './input-default-mutable.ts';
import { maskingFallback } from './masking-fallback.ts';
import { migratePattern } from './migrate-pattern.ts';
import { missingJob } from './missing-job.ts';
import { mutableTagInDeploy } from './mutable-tag-in-deploy.ts';
import { onContainerStart } from './on-container-start.ts';
import { order } from './order.ts';
import { sequence } from './sequence.ts';
import { swallowedFailure } from './swallowed-failure.ts';
import { tagCollision } from './tag-collision.ts';
import { tooComplex } from './too-complex.ts';
import { unresolvedTag } from './unresolved-tag.ts';
import { undeclaredInCall } from './undeclared-in-call.ts';
import { unterminatedHeredoc } from './unterminated-heredoc.ts';
import { workflowInvalid } from './workflow-invalid.ts';

/** Every rule that reads an audit, in the order of RULES. Those of the family `suppression` judge what the others have found. */
export const AUDIT_RULES: readonly Rule[] = [
  workflowInvalid,
  tooComplex,
  missingJob,
  onContainerStart,
  inlineInDeploy,
  hiddenInScript,
  deployNotWired,
  order,
  sequence,
  swallowedFailure,
  maskingFallback,
  mutableTagInDeploy,
  unresolvedTag,
  deployNotBuilt,
  duplicateBuildTag,
  tagCollision,
  buildMissingShaTag,
  inputDefaultMutable,
  migratePattern,
  literalCredential,
  defaultLiteral,
  printed,
  onArgv,
  buildArg,
  noEnvironment,
  undeclaredInCall,
  unterminatedHeredoc,
  dropsQueuedDeploys,
];
