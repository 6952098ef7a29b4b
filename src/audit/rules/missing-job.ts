import { defineRule, type RuleFinding } from '../finding.ts';
import { findRealMigrations } from '../model/find-real-migrations.ts';
import { mayHideMigrations, startsUnknown } from '../model/hidden-migrations.ts';
import { isOfBackend } from '../model/is-of-backend.ts';
import { isMigration } from '../model/migrations.ts';
import { otherMigrationOf } from '../model/other-migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Audit, AuditedJob, Pipeline } from '../pipeline.ts';
import { deploysDjango } from '../start/deploys-django.ts';
import { usedSecrets } from '../secrets/used-secrets.ts';
import { mayStartMigrating } from '../start/may-start-migrating.ts';

export const missingJob = defineRule({
  id: 'migrate/missing-job',
  title: 'A pipeline deploys and never migrates',
  check: (audit) => findMissing(audit),
});

/** Found once: the rule on environments asks for it, too. */
const findMissing = (audit: Audit): readonly RuleFinding[] => {
  const known = KNOWN.get(audit) ?? audit.pipelines.flatMap((pipeline) => judge(pipeline, audit));
  KNOWN.set(audit, known);
  return known;
};

const KNOWN = new WeakMap<Audit, readonly RuleFinding[]>();

const judge = (pipeline: Pipeline, audit: Audit): readonly RuleFinding[] => {
  const { jobs } = pipeline;
  // Called from elsewhere, it is one part of a pipeline that is not seen.
  const starters = startersOf(pipeline, audit);
  if (isPart(pipeline, audit) || starters === null) return [];
  const deploys = jobs.filter(
    (job) => job.role === 'deploy' && job.roleReason.startsWith('runs') && isOfBackend(job, audit),
  );
  const [first] = deploys;
  if (first === undefined || !deploysDjango(pipeline, audit) || watchesOtherFolders(pipeline, audit)) return [];
  const promised = jobs.filter((job) => promises(job) && deploys.some(({ allNeeds }) => allNeeds.has(job.key)));
  const empty = promised.find((job) => isNamedForNothing(job, audit));
  const all = [...jobs, ...starters.flatMap((starter) => starter.jobs)];
  const migrates = all.some((job) => !runsOnThrowAwayDatabase(job) && findRealMigrations(job, audit).some(isMigration));
  if (migrates || all.some((job) => job.role !== 'test' && migratesOtherwise(job))) return [];
  if (empty !== undefined) return [doesNothing(empty)];
  if (audit.pipelines.some((other) => other !== pipeline && onlyMigrates(other, audit))) return [];
  // A job that is there for it, and does it in a way that cannot be seen.
  if (promised.length > 0 || all.some((job) => isHiding(job, deploys, audit))) return [];
  if ([pipeline, ...starters].some((one) => mayStartMigrating(one, audit))) return [];
  return [
    {
      span: first.calledBy[0]?.job.idSpan ?? first.job.idSpan,
      message: `${first.id} deploys, and nothing in this pipeline migrates: new code will run on the old schema.`,
      evidence: [{ text: `${first.id} deploys: ${first.roleReason}`, span: null }],
      fix: {
        sentence: 'Add a job that runs `devsetup migrate`, after build and tests, and let every deployment need it.',
        edits: [],
      },
      job: first.key,
    },
  ];
};

/** A workflow of its own for migrations: somebody starts it in time, or it starts with the deployment. */
const onlyMigrates = ({ jobs, isOnlyCalled }: Pipeline, audit: Audit): boolean =>
  !isOnlyCalled &&
  !jobs.some(({ role, does }) => role === 'deploy' || does.has('deploy')) &&
  jobs.some((job) => job.role === 'migrate' && findRealMigrations(job, audit).some(isMigration));

/** Behind the deployments, a request or a push tells of them. */
const isHiding = (job: AuditedJob, deploys: readonly AuditedJob[], audit: Audit): boolean => {
  if (job.role === 'test' || (deploys.every(takesSecrets) && hasNoAccess(job))) return false;
  const isBehind = deploys.some(({ key }) => job.allNeeds.has(key)) && !deploys.includes(job);
  return isBehind ? startsUnknown(job) : mayHideMigrations(job, audit);
};

const takesSecrets = ({ job, workflow }: AuditedJob): boolean => usedSecrets(job, workflow).length > 0;

/** Where deployments need secrets: it is handed nothing that a server or a database asks for, on a runner that is gone afterwards: what it starts stays there. */
const hasNoAccess = ({ job, workflow, calledBy, environment }: AuditedJob): boolean =>
  calledBy.length === 0 &&
  job.uses === null &&
  environment === null &&
  job.runsOn?.kind === 'scalar' &&
  /^(?:ubuntu|windows|macos)-/i.test(job.runsOn.scalar.value) &&
  usedSecrets(job, workflow).length === 0 &&
  !/id-token|github[._]token|toJSON\(\s*secrets|secrets\s*\[/i.test(workflow.source.text);

const MIGRATE =
  /^(?:run[-_])?(?:(?:db|database|django|backend|schema|dev|uat|staging|prod|production)[-_])*(?:migrate|migrations?)(?:[-_](?:db|database|schema|dev|uat|staging|prod|production))*$/i;

/** A job that looks whether models have migrations promises none. */
const promises = ({ id, job, steps }: AuditedJob): boolean =>
  MIGRATE.test(id) &&
  !/check|lint|valid|missing|dry|plan|test/i.test(job.name?.value ?? '') &&
  !steps.some(({ calls }) => calls.some(({ words }) => words.some(({ value }) => value === 'makemigrations')));

/** Its name promises a migration, everything it does can be seen, and none is there. */
const isNamedForNothing = (job: AuditedJob, audit: Audit): boolean =>
  !mayHideMigrations(job, audit) &&
  !migratesOtherwise(job) &&
  !job.steps.some(({ calls }) => calls.some(({ words }) => namesMigration(words.map(({ value }) => value))));

/** By a tool that is not Django's. */
const migratesOtherwise = ({ steps }: AuditedJob): boolean =>
  steps.some(({ calls }) => calls.some((call) => otherMigrationOf(call) !== null));

/** A program that nobody knows, by the name of what it does. */
const namesMigration = (words: readonly string[]): boolean =>
  !/^(?:echo|printf|:|cat)$/.test(words[0] ?? '') &&
  !words.some((word) => /manage\.py|django|devsetup/.test(word)) &&
  words.some((word) => /migrat|upgrade/i.test(word));

const doesNothing = (job: AuditedJob): RuleFinding => ({
  span: job.job.idSpan,
  message: `${job.id} does not migrate: nothing in it runs a migration.`,
  fix: { sentence: 'Run `devsetup migrate` in it.', edits: [] },
  job: job.key,
});

/** Called by another of this checkout, or with nothing before the deployment: its callers do the rest. */
const isPart = ({ workflow, jobs, isOnlyCalled }: Pipeline, { pipelines }: Audit): boolean => {
  if (!isOnlyCalled) return false;
  const isCalled = pipelines.some((other) =>
    other.jobs.some((job) => job.calledBy.length > 0 && job.workflow === workflow),
  );
  return isCalled || !jobs.some(({ role }) => role === 'build' || role === 'test');
};

/** A workflow that only starts for folders of the checkout without a manage.py is of another part of it. */
const watchesOtherFolders = ({ workflow }: Pipeline, { project }: Audit): boolean => {
  const { djangoFolders = [] } = project;
  const watching = workflow.triggers.filter(({ event }) => /^(?:push|pull_request)/.test(event));
  const paths = watching.flatMap((trigger) => trigger.paths.map(({ value }) => value));
  const folders = paths.filter((path) => !path.startsWith('!') && !path.startsWith('.github/'));
  if (djangoFolders.length === 0 || folders.length === 0) return false;
  if (watching.some((trigger) => trigger.paths.length === 0)) return false;
  return !folders.some((path) => djangoFolders.some((folder) => isAround(path, folder)));
};

/** Whether files that a pattern means may be in a folder: one is a part of the other, as far as the pattern is fixed. */
const isAround = (pattern: string, folder: string): boolean => {
  const fixed = pattern.replace(/[*?[+].*$/s, '');
  return folder === '' || `${folder}/`.startsWith(fixed) || `${fixed}/`.startsWith(`${folder}/`);
};

/**
 * The pipelines after which this one runs, by `workflow_run`; [] where it starts by itself, null where something starts it that is not
 * in the checkout. A workflow without a name is called by its path.
 */
const startersOf = ({ workflow: { triggers } }: Pipeline, { pipelines }: Audit): readonly Pipeline[] | null => {
  if (triggers.length === 0 || !triggers.every(({ event }) => EVENTS.test(event))) return [];
  if (triggers.some(({ event, workflows }) => event !== 'workflow_run' || workflows.length === 0)) return null;
  const names = triggers.flatMap(({ workflows }) => workflows.map(({ value }) => value));
  const found = names.map((name) =>
    pipelines.filter(({ workflow }) => (workflow.name?.value ?? workflow.source.file) === name),
  );
  return found.some((those) => those.length === 0) ? null : found.flat();
};

const EVENTS = /^(?:workflow_run|repository_dispatch|deployment)$/;
