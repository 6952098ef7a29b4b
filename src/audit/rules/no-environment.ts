import { defineRule, type RuleFinding } from '../finding.ts';
import type { AuditedJob } from '../pipeline.ts';
import { eachOnce } from '../secrets/credentials-of-step.ts';

export const noEnvironment = defineRule({
  id: 'secret/no-environment',
  title: 'A deployment takes secrets of the whole repository',
  check: ({ pipelines }) =>
    eachOnce(
      pipelines.flatMap(({ jobs }) =>
        jobs.flatMap((job): readonly RuleFinding[] => {
          if (!['migrate', 'deploy', 'rollback'].includes(job.role) || job.isOpaque || job.job.environment !== null)
            return [];
          const secret = secretUsedBy(job);
          if (secret === null) return [];
          return [
            {
              span: job.job.idSpan,
              message: `${job.id} takes secrets.${secret} and has no environment: every workflow and branch can have that secret, and nobody can be asked to approve.`,
              fix: { sentence: 'Give the job its `environment:`, and keep the secret there.', edits: [] },
              job: job.key,
            },
          ];
        }),
      ),
    ),
});

const USE = /\$\{\{[^}]*?\bsecrets\s*(?:\.\s*(\w+)|\[\s*'(\w+)'\s*\])/g;

/** The first secret that the job, or what is around all jobs, names. GitHub's own token is no secret of the repository. */
const secretUsedBy = ({ workflow, job }: AuditedJob): string | null => {
  const { source, env } = workflow;
  const { line, endLine } = job.span;
  const own = source.text.slice(source.lineStarts[line - 1] ?? 0, source.lineStarts[endLine] ?? source.text.length);
  const around = [...env.values()].map(({ value }) => value.value);
  for (const text of [own.replaceAll(/^\s*#.*$/gm, ''), ...around]) {
    for (const [, dotted, indexed] of text.matchAll(USE)) {
      const name = dotted ?? indexed ?? '';
      if (!/^github_token$/i.test(name)) return name;
    }
  }
  return null;
};
