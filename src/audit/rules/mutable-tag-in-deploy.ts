import type { Span } from '../../core/placed-text.ts';
import { showHoles } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { causeOfUse } from '../images/cause-of-use.ts';
import type { ImageUse } from '../images/image-use.ts';
import { judgeReference, type TagVerdict } from '../images/judge-tag.ts';
import { isOwnImage, type OwnImages } from '../images/own-images.ts';
import { imageNameOf } from '../images/parse-reference.ts';
import {
  imagesOfPipeline,
  isDeploying,
  isTaking,
  type PipelineImages,
  pipelinesToJudge,
} from '../images/pipeline-images.ts';
import { evidenceOfUse, nameOfReference } from '../images/describe-use.ts';
import type { Audit } from '../pipeline.ts';

const REASONS: Readonly<Record<Extract<TagVerdict, { kind: 'mutable' }>['by'], string>> = {
  untagged: 'has no tag, so latest is meant',
  latest: 'is moved with every build',
  moving: 'has a tag that is moved from build to build',
  branch: 'has the name of a branch for a tag, which is moved with every build',
  'pull-request': 'has the number of a pull request for a tag, which is moved with every push to it',
  stage: 'has the name of an environment for a tag, which is moved with every deployment',
  fixed: 'has a tag that stays while the image changes',
};

const VERBS: Readonly<Record<ImageUse['use'], string>> = {
  build: 'builds',
  tag: 'tags',
  push: 'pushes',
  pull: 'pulls',
  run: 'runs',
  deploy: 'deploys',
};

type Evidence = NonNullable<RuleFinding['evidence']>;

export interface MutableUse {
  readonly use: ImageUse;
  /** The first of its references that is mutable. */
  readonly reference: string;
  readonly cause: Span | null;
  readonly by: Extract<TagVerdict, { kind: 'mutable' }>['by'];
  /** Not all it may be is. */
  readonly isOneOf: boolean;
}

/** A tag that is just a word is only known to move where the pipeline itself builds the image. */
const isCertain = (verdict: TagVerdict, name: string | null, own: OwnImages): boolean =>
  verdict.kind === 'mutable' && (verdict.by !== 'fixed' || (name !== null && own.names.has(name)));

/** `kubectl run --rm`: a cluster takes the image from the registry. */
const isOnCluster = ({ call }: ImageUse): boolean => /^(?:kubectl|oc|k3s|microk8s)/.test(call?.words[0]?.value ?? '');

/** A tool that the job builds for itself is what was built, whatever its tag. */
const isBuiltHelper = (use: ImageUse, by: MutableUse['by'], uses: readonly ImageUse[]): boolean =>
  (use.isHelper ? !isOnCluster(use) : by === 'fixed') &&
  uses.some((one) => one.use === 'build' && one.job === use.job && one.value === use.value);

/** The mentions in deploying jobs of the project's own images by a tag that moves. */
export const findMutableUses = ({ uses, own }: PipelineImages, audit: Audit): readonly MutableUse[] => {
  const { holes } = audit;
  return uses.flatMap((use) => {
    if (!isTaking(use) || !isDeploying(use.job)) return [];
    for (const reference of use.references) {
      const verdict = judgeReference(reference, holes);
      if (verdict.kind !== 'mutable' || !isCertain(verdict, imageNameOf(reference), own)) continue;
      if (!isOwnImage(use, reference, own) || isBuiltHelper(use, verdict.by, uses)) continue;
      return [
        {
          use,
          reference: nameOfReference(reference, holes),
          by: verdict.by,
          cause: causeOfUse(use, reference, audit),
          isOneOf: use.references.some((one) => judgeReference(one, holes).kind !== 'mutable'),
        },
      ];
    }
    return [];
  });
};

/** `TAG=latest envsubst < web.yaml | kubectl apply -f -`: the image that is applied has the tag. */
const isFilledIn = ({ use }: MutableUse, found: readonly MutableUse[]): boolean =>
  /(?:^|\/)envsubst$/.test(use.call?.words[0]?.value ?? '') &&
  found.some(
    (other) =>
      other.use !== use &&
      other.use.saidIn !== null &&
      other.use.step === use.step &&
      other.use.references.some(({ tag }) => use.references.some((own) => own.tag === tag)),
  );

/** Pulled and then run by the same compose file is one fault; so is what one command takes from several lines of it. */
const groupByFault = (found: readonly MutableUse[]): readonly (readonly MutableUse[])[] => {
  const seen = new Set<string>();
  const groups = new Map<unknown, MutableUse[]>();
  for (const one of found) {
    if (isFilledIn(one, found)) continue;
    const { saidIn, span, job, step, call, references } = one.use;
    // The same variable for two commands: `TAG=x compose pull`, `TAG=x compose up`.
    const isVariable =
      references[0]?.repository === null && /compose/.test(call?.words.map(({ value }) => value).join(' ') ?? '');
    const place = isVariable ? one.reference : (saidIn?.span ?? span);
    const key = JSON.stringify([job.key, step.step.index, place]);
    if (seen.has(key)) continue;
    seen.add(key);
    const group = saidIn === null ? one : call;
    groups.set(group, [...(groups.get(group) ?? []), one]);
  }
  return [...groups.values()];
};

/** Variables of a script do not say which of a workflow's values they were made of. */
const withCause = (evidence: Evidence, cause: Span | null): Evidence => {
  const isShown = evidence.some(({ span }) => span?.file === cause?.file && span?.line === cause?.line);
  return cause === null || isShown ? evidence : [...evidence, { text: 'The value comes from here', span: cause }];
};

export const mutableTagInDeploy = defineRule({
  id: 'image/mutable-tag-in-deploy',
  title: 'A deployment takes an image by a tag that moves',
  check: (audit) =>
    pipelinesToJudge(audit).flatMap((pipeline) => {
      const images = imagesOfPipeline(pipeline, audit);
      return groupByFault(findMutableUses(images, audit)).flatMap((group): readonly RuleFinding[] => {
        const [first] = group;
        if (first === undefined) return [];
        const { use, reference, by, cause, isOneOf } = first;
        const choice = isOneOf ? 'may be what it takes and ' : '';
        const more = group.length > 1 ? ` (and ${group.length - 1} more)` : '';
        return [
          {
            span: use.span,
            ...(cause === null ? {} : { cause }),
            message: `The job ${use.job.id} ${VERBS[use.use]} ${reference}${more}, which ${choice}${REASONS[by]}: what runs cannot be told, nor gone back to.`,
            evidence: withCause(
              group.flatMap((one) => evidenceOfUse(one.use, audit.holes)),
              cause,
            ),
            fix: { sentence: adviseTag(use, images, audit), edits: [] },
            job: use.job.key,
            step: use.step.label,
          },
        ];
      });
    }),
});

/** The tag that the pipeline itself pushes for this commit, if there is one. */
const adviseTag = (use: ImageUse, { uses }: PipelineImages, { holes }: Audit): string => {
  const names = new Set(use.references.map(imageNameOf));
  const pushed = uses.find(
    ({ use: verb, references }) =>
      verb === 'push' &&
      references.some((one) => names.has(imageNameOf(one)) && judgeReference(one, holes).kind === 'immutable'),
  );
  return pushed === undefined
    ? 'Push the image with the commit in its tag, e.g. ${{ github.sha }}, and name that tag or the digest here.'
    : `Name what the build pushes for this commit: ${showHoles(pushed.value, holes)}.`;
};
