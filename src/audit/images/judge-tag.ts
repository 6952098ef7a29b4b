import { expandChoices, holesIn, isHole, type Hole, type Holes } from '../../shell/holes.ts';
import type { ImageReference } from './image-use.ts';
import { BRANCH_WORDS, MOVING_WORDS, STAGE_WORDS } from './tag-words.ts';

/** What a tag promises about the image behind it. */
export type TagVerdict =
  | { readonly kind: 'immutable'; readonly by: 'commit' | 'digest' | 'run' | 'git-tag' | 'version' }
  /** Another image can stand behind it tomorrow. */
  | {
      readonly kind: 'mutable';
      readonly by: 'untagged' | 'latest' | 'moving' | 'branch' | 'pull-request' | 'stage' | 'fixed';
    }
  | { readonly kind: 'unresolved' };

const UNRESOLVED: TagVerdict = { kind: 'unresolved' };

/** Names of values that are not known but say what they are: an input `sha`, an output `short-sha`. */
const HINTS: readonly (readonly [RegExp, TagVerdict])[] = [
  [/sha256|digest/i, { kind: 'immutable', by: 'digest' }],
  [
    /(?:^|[._-])(?:git)?_?(?:short|long)?_?-?(?:sha|commit|rev|revision|githash|hash)(?:$|[._-])|commitsha|sha_?short|shortsha/i,
    { kind: 'immutable', by: 'commit' },
  ],
  [
    /timestamp|build_?-?(?:number|id|num)|run_?-?(?:number|id)|(?:^|[._$-])date(?:$|[._-])/i,
    { kind: 'immutable', by: 'run' },
  ],
  [
    /(?:pull_request|issue|event)\.number$|(?:^|[._$-])pr_?(?:number|num|id)$/i,
    { kind: 'mutable', by: 'pull-request' },
  ],
  [/(?:^|[._$-])(?:branch(?:_?name)?|ref_name|ref_slug)$/i, { kind: 'mutable', by: 'branch' }],
  [/(?:^|[._$-])(?:(?:target_?|deploy_?)?env(?:ironment)?(?:_?name)?|stage)$/i, { kind: 'mutable', by: 'stage' }],
];

/** A ref that is cut the way names of Git tags are, `${GITHUB_REF#refs/tags/}`, is one; without a leading `v` it is probably one. */
const judgeBranch = (name: string): TagVerdict => {
  if (/refs.{0,3}tags/.test(name)) return { kind: 'immutable', by: 'git-tag' };
  return /\^v\b|[#/]v\b/.test(name) ? UNRESOLVED : { kind: 'mutable', by: 'branch' };
};

const verdictOfHole = (hole: Hole): TagVerdict => {
  switch (hole.kind) {
    case 'commit':
    case 'digest':
    case 'run':
    case 'git-tag':
      return { kind: 'immutable', by: hole.kind };
    case 'branch':
      return judgeBranch(hole.name);
    case 'secret':
    case 'choice':
      return UNRESOLVED;
    case 'unknown':
      // What GitHub itself gives is known by its kind.
      if (hole.name.startsWith('github.ref')) return UNRESOLVED;
      return HINTS.find(([pattern]) => pattern.test(hole.name))?.[1] ?? UNRESOLVED;
  }
};

const isVersion = (tag: string): boolean =>
  /^v?\d+(?:\.\d+)*(?:[-+._][0-9a-z.+-]*)?$/i.test(tag) || /\d+\.\d+/.test(tag) || /\d{6}|\d{4}-\d{2}-\d{2}/.test(tag);

const isCommit = (tag: string): boolean => /(?:^|[-_.])(?=[0-9a-f]*\d)(?=\d*[a-f])[0-9a-f]{7,40}$/.test(tag);

/** Of a tag without holes, or of what is literal in one. */
const judgeLiteral = (tag: string): TagVerdict => {
  const words = tag.toLowerCase().split(/[-_.]/);
  if (words.includes('latest')) return { kind: 'mutable', by: 'latest' };
  if (isCommit(tag)) return { kind: 'immutable', by: 'commit' };
  if (isVersion(tag)) return { kind: 'immutable', by: 'version' };
  if (words.some((word) => MOVING_WORDS.has(word))) return { kind: 'mutable', by: 'moving' };
  if (words.some((word) => BRANCH_WORDS.has(word))) return { kind: 'mutable', by: 'branch' };
  if (words.some((word) => STAGE_WORDS.has(word))) return { kind: 'mutable', by: 'stage' };
  return { kind: 'mutable', by: 'fixed' };
};

/** Judges one tag without choices in it. One part that is unique makes all of it unique, e.g. `prod-${github.sha}`. */
export const judgeOneTag = (tag: string, holes: Holes): TagVerdict => {
  const verdicts = holesIn(tag, holes).map(verdictOfHole);
  const unique = verdicts.find(({ kind }) => kind === 'immutable');
  if (unique !== undefined) return unique;
  if (verdicts.length === 0) return tag === '' ? UNRESOLVED : judgeLiteral(tag);
  if (/(?:^|[-_.])latest$/i.test(tag)) return { kind: 'mutable', by: 'latest' };
  if (verdicts.some(({ kind }) => kind === 'unresolved')) return UNRESOLVED;
  return verdicts.find(({ kind }) => kind === 'mutable') ?? UNRESOLVED;
};

/** Names that cannot hold a tag, e.g. `github.repository`. */
const NEVER_TAGGED =
  /github\.(?:repository|repository_owner|actor|event\.repository\.name)$|owner|user(?:name)?$|account(?:_?id)?$|project(?:_?id)?$|org(?:anization)?$|app(?:lication)?_?name$|service_?name$|repo(?:sitory)?(?:_?name)?$/i;

/** Whether what is not known at the end of an untagged name may be, or end in, a tag. */
const mayEndInTag = (name: string, holes: Holes): boolean => {
  const last = name.at(-1) ?? '';
  if (!isHole(last)) return false;
  const hole = holes.get(last);
  return hole === undefined || !NEVER_TAGGED.test(hole.name);
};

/** Judges a reference without choices in it. */
export const judgeReference = (reference: ImageReference, holes: Holes): TagVerdict => {
  if (reference.digest !== null) return { kind: 'immutable', by: 'digest' };
  if (reference.tag !== null) return judgeOneTag(reference.tag, holes);
  if (reference.repository === null || reference.repository === '') return UNRESOLVED;
  return mayEndInTag(reference.repository, holes) ? UNRESOLVED : { kind: 'mutable', by: 'untagged' };
};

/** Of a tag with choices: mutable if one of them is, else unresolved if one of them is. */
export const judgeTag = (tag: string, holes: Holes): TagVerdict =>
  worstOf(expandChoices(tag, holes).map((one) => judgeOneTag(one, holes)));

const RANK = { mutable: 2, unresolved: 1, immutable: 0 } as const;

export const worstOf = (verdicts: readonly TagVerdict[]): TagVerdict =>
  verdicts.reduce<TagVerdict | null>(
    (worst, one) => (worst === null || RANK[one.kind] > RANK[worst.kind] ? one : worst),
    null,
  ) ?? UNRESOLVED;
