import type { Span } from '../../core/placed-text.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { pipelinesToJudge } from '../images/pipeline-images.ts';
import { startsOfPipeline, type DeployedStart } from '../start/find-starts.ts';
import type { StartMigration } from '../start/follow-start.ts';
import type { Audit } from '../pipeline.ts';

export const onContainerStart = defineRule({
  id: 'migrate/on-container-start',
  title: 'A container migrates whenever it starts',
  check: (audit) => [...findMigrating(audit).values()].map(describe),
});

interface Migrating {
  readonly migration: StartMigration;
  readonly deployed: DeployedStart[];
}

/** One script may be the start of several containers, and of several pipelines: it is one fault. */
const findMigrating = (audit: Audit): ReadonlyMap<string, Migrating> => {
  const found = new Map<string, Migrating>();
  for (const pipeline of pipelinesToJudge(audit)) {
    for (const deployed of startsOfPipeline(pipeline, audit)) {
      const migration = certainMigration(deployed);
      if (migration === undefined) continue;
      const key = keyOf(migration.call.span);
      const known = found.get(key) ?? { migration, deployed: [] };
      known.deployed.push(deployed);
      found.set(key, known);
    }
  }
  return found;
};

const keyOf = ({ file, line, column }: Span): string => `${file}:${line}:${column}`;

/** The first that no condition may skip, in a container that is started again and again. */
const certainMigration = ({ followed }: DeployedStart): StartMigration | undefined => {
  const { start, migrations, isServing, unknown } = followed;
  if (start.kind === 'once') return undefined;
  if (start.kind === 'kept' && !isServing && unknown.length === 0) return undefined;
  return migrations.find(({ isCertain }) => isCertain);
};

const describe = ({ migration, deployed }: Migrating): RuleFinding => {
  const names = [...new Set(deployed.map(({ followed }) => followed.start.what))];
  const started = names.length > 3 ? `${names.slice(0, 3).join(', ')} and others` : names.join(', ');
  const { span } = migration.call;
  const starts = new Map(deployed.map(({ followed }) => [keyOf(followed.start.span), followed.start]));
  const jobs = new Map(deployed.map(({ job }) => [keyOf(job.job.idSpan), job]));
  return {
    span,
    message: `\`${migration.command}\` runs whenever a container starts (${started}): two replicas migrate at the same time, and a failed migration is a crash loop.`,
    evidence: [
      ...[...starts.values()].slice(0, 3).map((start) => ({ text: `${start.what} starts with it`, span: start.span })),
      ...[...jobs.values()].slice(0, 3).map((job) => ({ text: `${job.id} deploys it`, span: job.job.idSpan })),
    ],
    fix: {
      sentence: 'Take it out of the start command, and run `devsetup migrate` in a job before the deployment.',
      edits: [],
    },
  };
};
