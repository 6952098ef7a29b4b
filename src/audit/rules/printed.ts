import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { namedSecretsIn } from '../secrets/secret-holes.ts';

export const printed = defineRule({
  id: 'secret/printed',
  title: 'A secret is written to the log',
  check: (audit) => {
    const seen = new Set<string>();
    return audit.pipelines
      .flatMap(({ jobs }) => jobs.flatMap((job) => job.steps.flatMap((step) => ofStep(job, step, audit))))
      .filter(({ span }) => {
        const key = `${span.file}:${span.line}:${span.column}`;
        return seen.has(key) ? false : (seen.add(key), true);
      });
  },
});

const SAYS = /^(?:echo|printf|print)$/;

const ofStep = (job: AuditedJob, step: AuditedStep, { holes }: Audit): readonly RuleFinding[] =>
  step.calls.flatMap((call): readonly RuleFinding[] => {
    const names = shownBy(call, step, (text) => namedSecretsIn(text, holes));
    if (names.length === 0) return [];
    return [
      {
        span: call.span,
        message: `${names.join(', ')} is written to the log, and masking finds it only as long as it is written exactly so.`,
        fix: { sentence: 'Do not show it: say that it is set, or how long it is.', edits: [] },
        job: job.key,
        step: step.label,
      },
    ];
  });

const shownBy = (call: ShellCall, step: AuditedStep, find: (text: string) => readonly string[]): readonly string[] => {
  const [program, ...rest] = call.words.map(({ value }) => withoutPadding(value));
  const name = (program ?? '').slice((program ?? '').lastIndexOf('/') + 1);
  const inWords = [...new Set(rest.flatMap(find))];
  // `set -x` shows every command with its values.
  if (call.isTraced && inWords.length > 0 && !/^(?:set|:)$/.test(name)) return inWords;
  if (call.output !== 'shown') return [];
  if (SAYS.test(name)) return rest.some((word) => word.includes('::add-mask::')) ? [] : inWords;
  if (/^(?:cat|tee)$/.test(name)) return call.input === null ? [] : find(call.input.value);
  const isEverything = (name === 'env' || name === 'printenv') && rest.length === 0;
  const isRemote = call.layers.some(({ kind }) => kind === 'remote' || kind === 'container');
  return isEverything && !isRemote ? [...step.environment.values()].flatMap(({ value }) => find(value)) : [];
};
