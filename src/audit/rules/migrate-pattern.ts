import { groupBy } from '../../core/group-by.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { findRealMigrations } from '../model/find-real-migrations.ts';
import type { Migration } from '../model/migrations.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { Span } from '../../core/placed-text.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { Audit, AuditedJob, AuditedStep, Pipeline } from '../pipeline.ts';
import { missingJob } from './missing-job.ts';

/** How one environment is migrated: in each part equal texts mean the same. */
interface Lane {
  readonly family: string;
  readonly stage: string;
  readonly commands: string;
  readonly flags: string;
  /** Whether deploys wait for migrations, and these for builds and tests. */
  readonly wiring: string;
  readonly place: Place;
}

interface Place {
  readonly span: Span;
  readonly job: string;
  readonly step?: string;
}

/** From the first that a change reaches to the last: of two that differ, the later is told of. */
const STAGE_ORDER = ['dev', 'test', 'qa', 'uat', 'staging', 'preprod', 'prod'];
const STAGE_WORDS =
  /(?<![a-z])(?:dev|develop|development|test|testing|qa|uat|stag|stage|staging|stg|preprod|pre-prod|prod|prd|production|live|sandbox|demo)(?![a-z])/g;
/** Made for one pull request: what it does with its database is a matter of its own. */
const IS_PREVIEW = /preview|review|ephemeral|pr-env/;

export const migratePattern = defineRule({
  id: 'parity/migrate-pattern',
  title: 'Environments are migrated in different ways',
  check: (audit) => {
    const lanes = audit.pipelines.flatMap((pipeline) => lanesOf(pipeline, audit));
    const families = groupBy(lanes, ({ family }) => family);
    const missing = new Set(missingJob.check(audit).map(({ span }) => span.file));
    return [...families.values()].flatMap((family) => judgeFamily(family, missing));
  },
});

/** `.github/workflows/deploy-prod.yml` and `12-deploy-dev.yml` are of one family: what is left without stage and numbers. */
const familyOf = (file: string): string =>
  file
    .toLowerCase()
    .replace(/\.ya?ml$/, '')
    .replace(/[^/]*$/, (name) => name.replaceAll(STAGE_WORDS, '').replaceAll(/[\d\s._-]+/g, '-'));

const lanesOf = (pipeline: Pipeline, audit: Audit): readonly Lane[] => {
  const { jobs, workflow, isOnlyCalled } = pipeline;
  if (isOnlyCalled) return [];
  const working = jobs.filter((job) => !runsOnThrowAwayDatabase(job));
  const stages = new Set(working.flatMap(({ stage }) => stage ?? []));
  const file = workflow.source.file;
  // One workflow for several environments is compared within itself.
  if (stages.size > 1) {
    return [...stages].flatMap((stage) =>
      laneOf({ family: file, stage, jobs: working.filter((job) => job.stage === stage), all: jobs }, audit),
    );
  }
  const stage = pipeline.stage ?? [...stages][0];
  return stage === undefined ? [] : laneOf({ family: familyOf(file), stage, jobs: working, all: jobs }, audit);
};

const laneOf = (
  {
    family,
    stage,
    jobs,
    all,
  }: { family: string; stage: string; jobs: readonly AuditedJob[]; all: readonly AuditedJob[] },
  audit: Audit,
): readonly Lane[] => {
  if (IS_PREVIEW.test(stage)) return [];
  const deploys = jobs.filter(({ role, isOpaque }) => role === 'deploy' && !isOpaque);
  const found = jobs.flatMap((job) => findRealMigrations(job, audit).map((migration) => ({ job, migration })));
  const [first] = found;
  const at = first?.job ?? deploys[0];
  // What is hidden in a workflow or script elsewhere cannot be compared.
  if (at === undefined || jobs.some(({ isOpaque }) => isOpaque)) return [];
  if (first === undefined && jobs.some(({ steps }) => steps.some(hasUnknown))) {
    return [];
  }
  // A called job is that of other environments, too: the call makes the difference.
  const without = at.calledBy[0]?.job ?? at.job;
  const place = first === undefined ? { span: without.idSpan, job: at.key } : placeOf(first.migration, first.job);
  return [
    {
      family,
      stage,
      commands: onceInARow(found.map(({ migration }) => migration.command)).join(' → '),
      flags: onceInARow(found.map(({ migration }) => flagsOf(migration))).join(' → '),
      wiring: wiringOf(found, deploys, all),
      place,
    },
  ];
};

const hasUnknown = ({ unknownScripts, unfollowed }: AuditedStep): boolean =>
  unknownScripts.length > 0 || unfollowed.length > 0;

/** The same command for one case and the other is one. */
const onceInARow = (items: readonly string[]): readonly string[] =>
  items.filter((item, index) => item !== items[index - 1]);

const placeOf = ({ call, step }: Migration, job: AuditedJob): Place => ({
  span: call.span,
  job: job.key,
  step: step.label,
});

/** Whose values name an environment, and that say how much is told. */
const OF_ENVIRONMENTS =
  /^--(?:environment|env|settings|configuration|database|verbosity|traceback|no-color|force-color)\b|^-v\d?$/;

const flagsOf = ({ command, flags, call }: Migration): string => {
  const kept = flags
    // What an option is given may well differ, e.g. the domain of a site.
    .map((flag) =>
      withoutPadding(flag)
        .replace(/=.*$/s, '')
        .replace(/^--no-?input$/, '--noinput'),
    )
    .filter((flag) => !OF_ENVIRONMENTS.test(flag));
  const fate = call.fate.kind === 'swallowed' ? ' (failure hidden)' : '';
  return `${[command, ...kept.toSorted()].join(' ')}${fate}`;
};

const wiringOf = (
  found: readonly { readonly job: AuditedJob; readonly migration: Migration }[],
  deploys: readonly AuditedJob[],
  all: readonly AuditedJob[],
): string => {
  if (found.length === 0) return '';
  const migrating = new Set(found.map(({ job }) => job));
  const roles = [...migrating].map(({ role, allNeeds }) => {
    const waits = new Set(
      all.filter(({ key, role }) => allNeeds.has(key) && /^(?:build|test)$/.test(role)).map(({ role }) => role),
    );
    const after = [...waits].toSorted().join(' and ');
    return `${role === 'migrate' ? 'a job of its own' : `in a ${role} job`}${after === '' ? '' : ` after ${after}`}`;
  });
  const others = deploys.filter((job) => !migrating.has(job));
  const isWaitedFor = others.every(({ allNeeds }) => [...migrating].some(({ key }) => allNeeds.has(key)));
  return `${[...new Set(roles)].join(', ')}${isWaitedFor ? '' : ', deploys do not wait for it'}`;
};

const PARTS = ['commands', 'flags', 'wiring'] as const;
type LanePart = (typeof PARTS)[number];

/** @param missing files of which it is told already that they do not migrate */
const judgeFamily = (lanes: readonly Lane[], missing: ReadonlySet<string>): readonly RuleFinding[] => {
  if (new Set(lanes.map(({ stage }) => stage)).size < 2 || lanes.every(({ commands }) => commands === '')) return [];
  const rankOf = ({ stage }: Lane): number =>
    (STAGE_ORDER.indexOf(stage) + STAGE_ORDER.length + 1) % (STAGE_ORDER.length + 1);
  const inOrder = lanes.toSorted((a, b) => rankOf(a) - rankOf(b));
  const usual = new Map(PARTS.map((part) => [part, mostCommon(inOrder, part)]));
  return inOrder.flatMap((lane): readonly RuleFinding[] => {
    const part = PARTS.find((one) => lane[one] !== usual.get(one)?.[one]);
    const other = part === undefined ? undefined : usual.get(part);
    if (part === undefined || other === undefined) return [];
    // That it does not migrate at all is told by another rule.
    if (lane.commands === '' && missing.has(lane.place.span.file)) return [];
    return [
      {
        ...lane.place,
        message: `${lane.stage} is migrated in another way than ${other.stage}: ${difference(part, lane, other)}.`,
        evidence: [{ text: `${other.stage} is migrated here`, span: other.place.span }],
        fix: {
          sentence: 'Let all environments call one reusable workflow, so that they cannot differ.',
          edits: [],
        },
      },
    ];
  });
};

/** The first of those that most agree with; of two that differ, the earlier environment. */
const mostCommon = (lanes: readonly Lane[], part: LanePart): Lane | undefined =>
  [...groupBy(lanes, (lane) => lane[part]).values()].toSorted((a, b) => b.length - a.length)[0]?.[0];

const difference = (part: LanePart, lane: Lane, usual: Lane): string => {
  const said = (text: string): string => (text === '' ? 'nothing' : text);
  return `${part}: ${said(lane[part])} instead of ${said(usual[part])}`;
};
