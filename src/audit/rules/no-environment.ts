import type { Holes } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { AuditedJob } from '../pipeline.ts';
import { isOwnToken, namedSecretsIn } from '../secrets/secret-holes.ts';

export const noEnvironment = defineRule({
  id: 'secret/no-environment',
  title: 'Secrets of a deployment are not those of an environment',
  check: ({ pipelines, holes }) => {
    const seen = new Set<unknown>();
    return pipelines.flatMap(({ jobs }) =>
      jobs.flatMap((job): readonly RuleFinding[] => {
        if (!/^(?:migrate|deploy)$/.test(job.role) || job.environment !== null || runsOnThrowAwayDatabase(job))
          return [];
        const names = secretsOf(job, holes);
        if (names.length === 0 || seen.has(job.job)) return [];
        seen.add(job.job);
        return [
          {
            span: job.job.idSpan,
            message: `${job.id} uses ${names.slice(0, 3).join(', ')} without an environment: every branch's workflow can read it, and nobody has to approve.`,
            fix: { sentence: 'Give the job its `environment`, and move the secrets there.', edits: [] },
            job: job.key,
          },
        ];
      }),
    );
  },
});

const secretsOf = ({ steps }: AuditedJob, holes: Holes): readonly string[] => {
  const texts = steps.flatMap((step) => [
    ...[...step.environment.values(), ...step.with.values()].map(({ value }) => value),
    ...step.calls.flatMap(({ words, input }) => [...words.map(({ value }) => value), input?.value ?? '']),
  ]);
  const names = texts.flatMap((text) => namedSecretsIn(text, holes));
  return [...new Set(names)].filter((name) => !isOwnToken(name));
};
