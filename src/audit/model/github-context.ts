import type { Hole, HoleKind, Holes } from '../../shell/holes.ts';
import type { Trigger } from '../../workflows/workflow.ts';
import { type Alternative, type Alternatives, EMPTY, textValue, uniteAlternatives } from './alternatives.ts';

/** What a run was started by, as far as the values of `github.*` depend on it. */
export interface RunKind {
  readonly triggers: readonly Trigger[];
  /** Only tags or releases start it, or a job's condition lets only tags through. */
  readonly isOfTag: boolean;
}

/** Events that are about a Git tag. `workflow_dispatch` beside them is taken for a choice of a tag. */
const isTagEvent = ({ event, branches, tags }: Trigger): boolean =>
  event === 'release' || (event === 'push' && tags.length > 0 && branches.length === 0);

const isNeutral = ({ event }: Trigger): boolean => event === 'workflow_dispatch' || event === 'workflow_call';

/** Whether only Git tags start a workflow. */
export const isTagTriggered = (triggers: readonly Trigger[]): boolean => {
  const telling = triggers.filter((trigger) => !isNeutral(trigger));
  return telling.length > 0 && telling.every(isTagEvent);
};

const IS_NEVER_OF_TAG =
  /^(?:schedule|workflow_run|pull_request(?:_target)?|merge_group|issue_comment|repository_dispatch)$/;

/** Whether no Git tag starts a workflow, unless somebody chooses one by hand. */
export const isNeverTagTriggered = (triggers: readonly Trigger[]): boolean => {
  const telling = triggers.filter((trigger) => !isNeutral(trigger));
  return (
    telling.length > 0 &&
    telling.every(
      ({ event, branches, tags }) =>
        IS_NEVER_OF_TAG.test(event) || (event === 'push' && branches.length > 0 && tags.length === 0),
    )
  );
};

const COMMITS: ReadonlySet<string> = new Set([
  'sha',
  'workflow_sha',
  'event.after',
  'event.before',
  'event.head_commit.id',
  'event.pull_request.head.sha',
  'event.pull_request.base.sha',
  'event.pull_request.merge_commit_sha',
  'event.workflow_run.head_sha',
  'event.workflow_run.head_commit.id',
  'event.check_suite.head_sha',
  'event.check_run.head_sha',
  'event.deployment.sha',
  'event.merge_group.head_sha',
]);

const BRANCHES: ReadonlySet<string> = new Set([
  'ref_name',
  'ref',
  'head_ref',
  'base_ref',
  'event.ref',
  'event.repository.default_branch',
  'event.pull_request.head.ref',
  'event.pull_request.base.ref',
  'event.workflow_run.head_branch',
  'event.base_ref',
]);

const RUNS: ReadonlySet<string> = new Set([
  'run_id',
  'run_number',
  'run_attempt',
  'event.workflow_run.id',
  'event.workflow_run.run_number',
]);

const TAGS: ReadonlySet<string> = new Set(['event.release.tag_name', 'event.release.name']);

const kindOf = (path: string, run: RunKind): HoleKind | null => {
  if (COMMITS.has(path)) return 'commit';
  if (RUNS.has(path)) return 'run';
  if (TAGS.has(path)) return 'git-tag';
  if (path === 'token') return 'secret';
  if (!BRANCHES.has(path)) return null;
  if (!/^(?:ref_name|ref|event\.ref)$/.test(path)) return 'branch';
  if (run.isOfTag) return 'git-tag';
  // Who calls it decides.
  const isCalled = run.triggers.length > 0 && run.triggers.every(({ event }) => event === 'workflow_call');
  return isCalled ? 'unknown' : 'branch';
};

const isAlwaysThere = (path: string): boolean => /^(?:sha|workflow_sha|ref|ref_name|token|run_\w+)$/.test(path);

/** Events that bring something along, by its path in `github`. */
const PAYLOADS: readonly (readonly [path: RegExp, events: RegExp])[] = [
  [/^(?:head_ref|base_ref|event\.pull_request)(?:\.|$)/, /^pull_request/],
  [/^event\.workflow_run(?:\.|$)/, /^workflow_run$/],
  [/^event\.release(?:\.|$)/, /^release$/],
  [/^event\.client_payload(?:\.|$)/, /^repository_dispatch$/],
  [/^event\.merge_group(?:\.|$)/, /^merge_group$/],
  [/^event\.deployment(?:_status)?(?:\.|$)/, /^deployment/],
  [/^event\.check_(?:run|suite)(?:\.|$)/, /^check_/],
  [/^event\.issue(?:\.|$)/, /^issue/],
  [/^event\.comment(?:\.|$)/, /comment$/],
];

/** Whether the event that starts a run decides if there is anything at this path. */
export const isOfEvent = (path: string): boolean => PAYLOADS.some(([pattern]) => pattern.test(path));

/**
 * `github.head_ref` is empty where no pull request starts the workflow, `github.event.release` where no release does. A workflow that is
 * called has the event of its caller.
 */
const isNeverThere = (path: string, { triggers }: RunKind): boolean => {
  const events = PAYLOADS.find(([pattern]) => pattern.test(path))?.[1];
  return (
    events !== undefined &&
    triggers.length > 0 &&
    triggers.every(({ event }) => event !== 'workflow_call' && !events.test(event))
  );
};

const eventName = ({ triggers }: RunKind): Alternatives | undefined => {
  const events = [...new Set(triggers.map(({ event }) => event))];
  if (events.length === 0 || events.includes('workflow_call')) return undefined;
  return uniteAlternatives(events.map(textValue));
};

/** `github.…`; the path without `github`. undefined: nothing is known of it. */
export const lookUpGithub = (names: readonly string[], run: RunKind, holes: Holes): Alternatives | undefined => {
  const path = names.join('.').toLowerCase();
  if (path === 'event_name') return eventName(run);
  // Paths below it are looked up in the checkout.
  if (path === 'workspace') return [textValue('.')];
  if (path === 'server_url') return [textValue('https://github.com')];
  if (isNeverThere(path, run)) return [EMPTY];
  const kind = kindOf(path, run);
  if (kind === null) return undefined;
  const hole: Hole = { kind, name: `github.${names.join('.')}` };
  const found: Alternative = { text: holes.of(hole), truth: isAlwaysThere(path) ? true : null };
  return [found];
};
