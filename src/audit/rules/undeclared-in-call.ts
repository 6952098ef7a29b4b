import type { Workflow, WorkflowJob } from '../../workflows/workflow.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { callTrigger, passedSecrets } from '../model/local-workflow.ts';
import type { AuditedJob } from '../pipeline.ts';
import { onePerSecret, type OfSecret } from '../secrets/one-per-secret.ts';
import { usedSecrets, type UsedSecret } from '../secrets/used-secrets.ts';

/**
 * A called workflow has the secrets that its caller passes, and `GITHUB_TOKEN`. Those of an environment, too, are empty in it unless they
 * are passed or inherited (github.com/actions/runner/issues/1490).
 */
export const undeclaredInCall = defineRule({
  id: 'secret/undeclared-in-call',
  title: 'A called workflow uses a secret that it does not get',
  check: ({ pipelines }) => onePerSecret(pipelines.flatMap(({ jobs }) => jobs.flatMap(ofJob))),
});

type Caller = AuditedJob['calledBy'][number];

/** The secrets of the job, and of the jobs that call on the way to it. */
const ofJob = ({ job, workflow, calledBy }: AuditedJob): readonly OfSecret[] => {
  let has: ReadonlySet<string> | 'all' = 'all';
  return calledBy.flatMap((caller, index) => {
    const passed = passedSecrets(caller.job);
    has = passed === 'all' ? has : passed;
    const called: Caller = calledBy[index + 1] ?? { job, workflow };
    return has === 'all' ? [] : missing(called, caller, has);
  });
};

const missing = (called: Caller, caller: Caller, has: ReadonlySet<string>): readonly OfSecret[] =>
  usedSecrets(called.job, called.workflow)
    .filter(({ name }) => !has.has(name))
    .flatMap((used) => {
      const declared = [...(callTrigger(called.workflow)?.secrets.values() ?? [])].find(
        ({ key }) => key.toUpperCase() === used.name,
      );
      if (declared === undefined) return [undeclared(used, called.job, caller)];
      // A required one that is not passed is refused: `workflow/invalid`.
      return declared.value.required?.value.trim() === 'true' ? [] : [notPassed(used, called.workflow, caller)];
    });

const undeclared = ({ name, span }: UsedSecret, { id }: WorkflowJob, { job, workflow }: Caller): OfSecret => ({
  secret: name,
  span,
  message: `secrets.${name} is empty where ${job.id} of ${workflow.source.file} calls this workflow: it is not declared here, and the call does not inherit secrets.`,
  evidence: [{ text: `${job.id} calls it`, span: job.uses?.span ?? job.idSpan }],
  fix: {
    sentence: `Declare \`${name}\` under \`on.workflow_call.secrets\` and pass it, or write \`secrets: inherit\` in the call.`,
    edits: [],
  },
  job: id,
});

const notPassed = ({ name, span }: UsedSecret, called: Workflow, { job }: Caller): RuleFinding & OfSecret => ({
  secret: name,
  severity: 'warning',
  span: job.uses?.span ?? job.idSpan,
  message: `${job.id} does not pass secrets.${name}: it is empty in ${called.source.file}, which uses it.`,
  evidence: [{ text: `${name} is used here`, span }],
  fix: { sentence: `Add \`${name}\` to \`secrets\` of ${job.id}, or write \`secrets: inherit\`.`, edits: [] },
  job: job.id,
});
