import { defineRule, type RuleFinding } from '../finding.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import type { Holes } from '../../shell/holes.ts';
import { keysIn } from '../secrets/secret-holes.ts';

export const onArgv = defineRule({
  id: 'secret/on-argv',
  title: 'A secret is a word of a command',
  check: ({ pipelines, holes }) =>
    pipelines.flatMap(({ jobs }) => jobs.flatMap((job) => job.steps.flatMap((step) => ofStep(job, step, holes)))),
});

/** They are part of the shell, or only tell: no other process sees their words. */
const BUILT_IN =
  /^(?:echo|printf|export|set|test|\[|\[\[|local|declare|readonly|read|:|true|false|cat|tee|unset|eval|source|\.|alias|return|exit)$/;

const ofStep = (job: AuditedJob, step: AuditedStep, holes: Holes): readonly RuleFinding[] => {
  const lines = new Set<string>();
  return step.calls.flatMap((call): readonly RuleFinding[] => {
    const program = call.words[0]?.value ?? '';
    if (BUILT_IN.test(program)) return [];
    const word = call.words.find(
      ({ value }, index) =>
        index > 0 &&
        keysIn(value, holes).length > 0 &&
        !(call.words[index - 1]?.value ?? value).startsWith('--build-arg'),
    );
    const key = `${word?.span.file}:${word?.span.line}`;
    // A wrapper and the command in it share their words.
    if (word === undefined || lines.has(key) || word.value.startsWith('--build-arg=')) return [];
    lines.add(key);
    return [
      {
        span: word.span,
        message: `${keysIn(word.value, holes).join(', ')} is a word of ${program}: every process of that machine can read it while it runs.`,
        fix: { sentence: 'Hand it over by standard input, a file, or an environment variable.', edits: [] },
        job: job.key,
        step: step.label,
      },
    ];
  });
};
