import { spanOf } from '../../core/placed-text.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { baseName } from '../model/django-command.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { secretArguments, type SecretArgument } from '../secrets/argument-secrets.ts';
import { eachOnce } from '../secrets/credentials-of-step.ts';

export const onArgv = defineRule({
  id: 'secret/on-argv',
  title: 'A secret is a word of a command',
  check: (audit) =>
    eachOnce(
      audit.pipelines.flatMap(({ jobs }) =>
        jobs.flatMap((job) => job.steps.flatMap((step) => ofStep(step, job, audit))),
      ),
    ),
});

const ofStep = (step: AuditedStep, job: AuditedJob, { holes }: Audit): readonly RuleFinding[] => {
  const found = step.calls.flatMap((call) => {
    const first = secretArguments(call, { environment: step.environment, holes }).find(({ isBuildArg }) => !isBuildArg);
    return first === undefined ? [] : [{ call, first }];
  });
  return found.filter((one) => !isToldInside(one, found)).map(({ call, first }) => tell(call, first, { job, step }));
};

/** A script for a server that is a word of ssh: the command in it that takes the secret is named, and not ssh too. */
const isToldInside = (
  { call, first }: { readonly call: ShellCall; readonly first: SecretArgument },
  found: readonly { readonly call: ShellCall; readonly first: SecretArgument }[],
): boolean =>
  found.some(
    (other) =>
      other.call !== call &&
      other.first.secret === first.secret &&
      other.call.layers.some(({ span }) => span.line === call.span.line && span.column === call.span.column),
  );

const tell = (
  call: ShellCall,
  { secret, word, at }: SecretArgument,
  { job, step }: { readonly job: AuditedJob; readonly step: AuditedStep },
): RuleFinding => ({
  span: spanOf(word.placed, at, at + 1),
  message: `${secret} is a word of ${baseName(call.words[0]?.value ?? '')}: every process on the machine can read it while that runs.`,
  fix: { sentence: 'Give it through standard input, a file, or the environment.', edits: [] },
  job: job.key,
  step: step.label,
});
