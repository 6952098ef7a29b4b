import type { Concurrency, Trigger } from '../../workflows/workflow.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { isTagTriggered } from '../model/github-context.ts';
import { runsOnThrowAwayDatabase } from '../model/throw-away-database.ts';
import type { AuditedJob, Pipeline } from '../pipeline.ts';

/**
 * A group keeps one run that waits; the next one takes its place, also with `cancel-in-progress: false` (GitHub's "Control the concurrency
 * of workflows and jobs"). `queue: max` keeps a hundred; a group of one commit or run has nobody to drop.
 */
export const dropsQueuedDeploys = defineRule({
  id: 'concurrency/drops-queued-deploys',
  title: 'Deployments that wait are dropped',
  check: ({ pipelines }) => onceEach(pipelines.flatMap(judge)),
});

/** A group that several jobs stand in, or several workflows call, is one. */
const onceEach = (findings: readonly RuleFinding[]): readonly RuleFinding[] => [
  ...new Map(findings.toReversed().map((finding) => [JSON.stringify(finding.span), finding])).values(),
];

const judge = (pipeline: Pipeline): readonly RuleFinding[] => {
  const { workflow, jobs } = pipeline;
  const { triggers } = workflow;
  const moving = jobs.filter((job) => /^(?:migrate|deploy|rollback)$/.test(job.role) && !mayBeDropped(job));
  if (moving.length === 0) return [];
  const isPreview = isForPullRequests(triggers);
  const tell = (concurrency: Concurrency | null, who: string, job?: string): readonly RuleFinding[] =>
    concurrency === null || keepsAll(concurrency, triggers) || (isPreview && isOfOne(concurrency))
      ? []
      : [findingOf(concurrency, who, job)];
  return [
    ...tell(workflow.concurrency, 'This workflow deploys'),
    ...dropsForPulls(pipeline, moving),
    ...moving.flatMap((job) => {
      const who = `${job.id} ${job.role === 'migrate' ? 'migrates' : 'deploys'}`;
      // Of a called workflow: the jobs that call it on the way, and what the files called say of themselves.
      const inner = job.calledBy.length === 0 ? [] : [...job.calledBy.slice(1), { workflow: job.workflow }];
      return [
        ...tell(job.job.concurrency, who, job.key),
        ...job.calledBy.flatMap((caller) => tell(caller.job.concurrency, who, job.key)),
        ...inner.flatMap((called) => tell(called.workflow.concurrency, who, job.key)),
      ];
    }),
  ];
};

/** Test databases, and static pages, of which only the newest is of use. */
const mayBeDropped = (job: AuditedJob): boolean =>
  runsOnThrowAwayDatabase(job) ||
  (job.role === 'deploy' && job.steps.some(({ action }) => action === 'actions/deploy-pages'));

/** What a pull request sets up for itself is replaced by its next commit; a group that is called like no pull request is that of all of them. */
const isOfOne = ({ group }: Concurrency): boolean => group?.value.includes('${{') === true;

const isForPullRequests = (triggers: readonly Trigger[]): boolean => {
  const telling = triggers.filter(({ event }) => !/^workflow_(?:dispatch|call)$/.test(event));
  return telling.length > 0 && telling.every(({ event }) => /^pull_request(?:_target)?$/.test(event));
};

/** A group of its own for every run: with the commit, or the number of the run, in its name. */
const keepsAll = ({ group, others }: Concurrency, triggers: readonly Trigger[]): boolean => {
  const queue = others.get('queue')?.value.value.trim();
  if (group === null || queue === 'max' || queue?.includes('${{') === true) return true;
  const { value } = group;
  return (
    /github\.(?:sha|run_id|run_number|event\.(?:after|head_commit\.id|pull_request\.head\.sha))\b|inputs\.\w*sha\b/.test(
      value,
    ) ||
    // Each tag is a group of its own.
    (isTagTriggered(triggers) && /github\.(?:ref|ref_name|event\.release\.\w+)\b/.test(value))
  );
};

/** One group for all runs of a pull request, and one for each other run: `github.head_ref || github.run_id`. */
const OF_PULL =
  /github\.(?:head_ref|event\.pull_request\.(?:number|head\.ref)|event\.number)\s*\|\|\s*github\.(?:sha|run_id|run_number)\b/;

/** Where pull requests deploy as everything else does: a job, and all it waits for, that asks for nothing. */
const dropsForPulls = ({ workflow, jobs }: Pipeline, moving: readonly AuditedJob[]): readonly RuleFinding[] => {
  const { concurrency, triggers } = workflow;
  const pulls = triggers.some(({ event }) => /^pull_request(?:_target)?$/.test(event)) && !isForPullRequests(triggers);
  if (concurrency === null || concurrency.group === null || !pulls || !OF_PULL.test(concurrency.group.value)) return [];
  if (concurrency.others.has('queue')) return [];
  const always = moving.find((job) => [job, ...jobs.filter(({ key }) => job.allNeeds.has(key))].every(asksForNothing));
  return always === undefined
    ? []
    : [findingOf(concurrency, `${always.id} deploys for pull requests, too`, always.key)];
};

const asksForNothing = ({ job, calledBy, steps }: AuditedJob): boolean =>
  job.condition === null &&
  calledBy.every((caller) => caller.job.condition === null) &&
  steps.every(({ condition }) => condition === null || /^[^=!]*(?:always|success)\(\)[^=!]*$/.test(condition.value));

const findingOf = ({ span, cancelInProgress }: Concurrency, who: string, job: string | undefined): RuleFinding => {
  const cancels = cancelInProgress?.value.trim() === 'true';
  return {
    span,
    message: cancels
      ? `${who}, and a newer run cancels it half-way.`
      : `${who}; of the runs that wait in this group only the newest is kept, the others are dropped.`,
    ...(cancels ? { evidence: [{ text: 'cancel-in-progress: true', span: cancelInProgress?.span ?? null }] } : {}),
    fix: {
      sentence: `${cancels ? 'Leave out cancel-in-progress and add' : 'Add'} queue: max, or make the group one of the commit or run and let deployments take turns by a lock.`,
      edits: [],
    },
    ...(job === undefined ? {} : { job }),
  };
};
