import type { TextEdit } from '../audit/finding.ts';
import { addNeeds } from '../audit/model/add-needs.ts';
import { findRealMigrations } from '../audit/model/find-real-migrations.ts';
import { runsOnThrowAwayDatabase } from '../audit/model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../audit/pipeline.ts';
import { deployNotWired } from '../audit/rules/deploy-not-wired.ts';
import type { MovedPart } from '../core/decouple-report.ts';
import { offsetsOf, type SourceFile } from '../core/placed-text.ts';
import { changedAudit, textsAfter } from './changed-audit.ts';
import { textOfJob } from './source-lines.ts';

export interface Turned {
  readonly audit: Audit;
  readonly moved: readonly MovedPart[];
}

/** Migrate jobs that wait for the deployment: they wait for what the deployment waits for, and the deployment for them. */
export const migrateFirst = (audit: Audit, isWanted: (file: string) => boolean): Turned => {
  const late = new Set(
    deployNotWired.check(audit).flatMap(({ span, job }) => (isWanted(span.file) ? [`${span.file} ${job}`] : [])),
  );
  const turned = audit.pipelines.flatMap((pipeline) => {
    const deploys = pipeline.jobs.filter(({ key, workflow }) => late.has(`${workflow.source.file} ${key}`));
    return pipeline.jobs.flatMap((migrate) => {
      const mine = deploys.filter((one) => migrate.allNeeds.has(one.key) && isOfStage(one, migrate));
      const edits = mine.length > 0 && isMovable(migrate, audit) ? turn(migrate, mine, pipeline) : [];
      return edits.length === 0 ? [] : [{ migrate, mine, edits }];
    });
  });
  const edits = turned.flatMap((one) => one.edits);
  if (edits.length === 0) return { audit, moved: [] };
  return {
    audit: changedAudit(audit, textsAfter(audit, edits)),
    moved: turned.map(({ migrate: { id, job, workflow }, mine }) => ({
      what: `order of ${id}`,
      from: `${workflow.source.file}:${(job.needsSpan ?? job.idSpan).line}, after ${mine.map((one) => one.id).join(', ')}`,
      to: `${workflow.source.file}, before ${mine.map((one) => one.id).join(', ')}`,
    })),
  };
};

const isOfStage = (deploy: AuditedJob, { stage }: AuditedJob): boolean =>
  deploy.stage === null || stage === null || deploy.stage === stage;

/** It migrates by itself, and not in what has just been deployed. */
const isMovable = (job: AuditedJob, audit: Audit): boolean => {
  if (job.role !== 'migrate' || job.calledBy.length > 0 || runsOnThrowAwayDatabase(job)) return false;
  const calls = findRealMigrations(job, audit).map(({ call }) => call);
  return calls.length > 0 && !calls.some(({ layers }) => layers.some(({ kind }) => ELSEWHERE.has(kind)));
};

const ELSEWHERE: ReadonlySet<string> = new Set(['remote', 'container']);

const turn = (migrate: AuditedJob, deploys: readonly AuditedJob[], { jobs }: Pipeline): readonly TextEdit[] => {
  const { source } = migrate.workflow;
  const after = new Set(
    jobs
      .filter(({ key, allNeeds }) => deploys.some((one) => one.key === key || allNeeds.has(one.key)))
      .map(({ id }) => id),
  );
  if ([...after].some((id) => textOfJob(migrate).includes(`needs.${id}.`)) || migrate.job.needsSpan === null) return [];
  const kept = [migrate, ...deploys]
    .flatMap(({ job }) => job.needs.map(({ value }) => value))
    .filter((id) => !after.has(id));
  const needs = [...new Set(kept)];
  const range = offsetsOf(source, migrate.job.needsSpan);
  const written = source.text.slice(range.start, range.end).trimEnd();
  const wiring = deploys.map((one) => addNeeds(one, [{ ...migrate, allNeeds: new Set() }]));
  if (!written.startsWith('needs:') || /[#&*]/.test(written) || wiring.some((edits) => edits.length === 0)) return [];
  const end = range.start + written.length;
  if (needs.length === 0) return [lineOf(source, range.start, end), ...wiring.flat()];
  const text = `needs: ${needs.length === 1 ? needs[0] : `[${needs.join(', ')}]`}`;
  return [{ file: source.file, start: range.start, end, text }, ...wiring.flat()];
};

/** Removes what stands there with its line. */
const lineOf = ({ file, text }: SourceFile, from: number, to: number): TextEdit => {
  const start = text.lastIndexOf('\n', from) + 1;
  const next = text.indexOf('\n', to);
  return { file, start, end: next < 0 ? text.length : next + 1, text: '' };
};
