import type { HoleKind } from '../../shell/holes.ts';

/** What an output of an action that is not here means, by the action's and the output's name. */
interface OutputRow {
  readonly action: RegExp;
  readonly output: RegExp;
  readonly kind: HoleKind;
}

const ROWS: readonly OutputRow[] = [
  { action: /^docker\/(?:build-push-action|bake-action)$/, output: /^(?:digest|imageid)$/, kind: 'digest' },
  { action: /^actions\/checkout$/, output: /^commit$/, kind: 'commit' },
  { action: /^actions\/checkout$/, output: /^ref$/, kind: 'branch' },
  // Actions that name the next release or look one up.
  {
    action: /tag|version|release|semver/,
    output:
      /^(?:new_?)?(?:release_?)?(?:git_?)?(?:tag|version|tag_name|release_version|semver|semver2|fullsemver|previous_tag)$/i,
    kind: 'git-tag',
  },
  { action: /branch|ref-/, output: /branch|^ref/, kind: 'branch' },
  { action: /time|date/, output: /./, kind: 'run' },
  { action: /short-sha|commit-hash|git-sha|slug/, output: /^(?:short|long|sha|sha7|sha8)$/, kind: 'commit' },
];

/** Words of a name that say it is the commit's: `short_sha`, `git-hash`, `commitId`; not `shared`. */
const COMMIT_NAME = /(?:^|[_\-.]|(?<=[a-z]))(?:sha|commit|git_?hash|revision)\d*(?=$|[_\-.A-Z])/i;
const isCommitName = (name: string): boolean =>
  COMMIT_NAME.test(name) && !/message|author|date|count|changed|sha(?:256|512)?sum/i.test(name);

/**
 * The kind of an output nothing else is known of, by what it is called. `action` is null for a script's and a job's output.
 * null: its name says nothing.
 */
export const kindOfOutput = (action: string | null, output: string): HoleKind | null => {
  const row = ROWS.find((one) => action !== null && one.action.test(action) && one.output.test(output));
  if (row !== undefined) return row.kind;
  if (/(?:^|[_-])digest$/i.test(output)) return 'digest';
  return isCommitName(output) ? 'commit' : null;
};

/** Variables that actions put into `$GITHUB_ENV`. */
export const environmentOfAction = (action: string): readonly (readonly [string, HoleKind])[] => {
  if (action === 'benjlevesque/short-sha') return [['SHA', 'commit']];
  if (action === 'rlespinasse/github-slug-action' || action === 'rlespinasse/shortify-git-revision') {
    return [
      ['GITHUB_SHA_SHORT', 'commit'],
      ['GITHUB_EVENT_PULL_REQUEST_HEAD_SHA_SHORT', 'commit'],
      ['GITHUB_REF_SLUG', 'branch'],
      ['GITHUB_REF_NAME_SLUG', 'branch'],
      ['GITHUB_REF_SLUG_URL', 'branch'],
      ['GITHUB_HEAD_REF_SLUG', 'branch'],
    ];
  }
  return [];
};
