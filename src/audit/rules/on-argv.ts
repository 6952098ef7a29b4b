import { collect } from '../../core/collect.ts';
import { spanOf } from '../../core/placed-text.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { defineRule } from '../finding.ts';
import { baseName } from '../model/django-command.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { secretArguments, type SecretArgument } from '../secrets/argument-secrets.ts';
import { onePerSecret, type OfSecret } from '../secrets/one-per-secret.ts';

export const onArgv = defineRule({
  id: 'secret/on-argv',
  title: 'A secret is a word of a command',
  check: (audit) =>
    onePerSecret(
      audit.pipelines.flatMap(({ jobs }) =>
        jobs.flatMap((job) => job.steps.flatMap((step) => ofStep(step, job, audit))),
      ),
    ),
});

interface Found {
  readonly call: ShellCall;
  readonly argument: SecretArgument;
}

const ofStep = (step: AuditedStep, job: AuditedJob, { holes }: Audit): readonly OfSecret[] => {
  const found = collect(step.calls, (call) =>
    secretArguments(call, { environment: step.environment, holes })
      .filter(({ isBuildArg }) => !isBuildArg)
      .map((argument): Found => ({ call, argument })),
  );
  return found.filter((one) => !isToldInside(one, found)).map((one) => tell(one, { job, step }));
};

/** A script for a server that is a word of ssh: the command in it that takes the secret is named, and not ssh too. */
const isToldInside = ({ call, argument }: Found, found: readonly Found[]): boolean =>
  found.some(
    (other) =>
      other.call !== call &&
      other.argument.secret === argument.secret &&
      other.call.layers.some(({ span }) => span.line === call.span.line && span.column === call.span.column),
  );

const tell = (
  { call, argument: { secret, word, at } }: Found,
  { job, step }: { readonly job: AuditedJob; readonly step: AuditedStep },
): OfSecret => ({
  secret,
  span: spanOf(word.placed, at, at + 1),
  message: `${secret} is a word of ${baseName(call.words[0]?.value ?? '')}: every process on the machine can read it while that runs.`,
  fix: { sentence: 'Give it through standard input, a file, or the environment.', edits: [] },
  job: job.key,
  step: step.label,
});
