import { defineRule, type RuleFinding } from '../finding.ts';
import { canonicalText } from '../images/canonical.ts';
import { evidenceOfUse, nameOfReference } from '../images/describe-use.ts';
import type { ImageReference, ImageUse } from '../images/image-use.ts';
import { judgeReference } from '../images/judge-tag.ts';
import { imageNameOf } from '../images/parse-reference.ts';
import { imagesOfPipeline, isDeploying, isTaking, pipelinesToJudge } from '../images/pipeline-images.ts';
import type { Audit } from '../pipeline.ts';

interface Pushed {
  readonly tags: ReadonlySet<string>;
  /** One of them may be anything. */
  readonly isOpen: boolean;
  readonly first: ImageUse;
}

const tagOf = ({ tag }: ImageReference): string => tag ?? 'latest';

/** What the pipeline pushes, by the image's name. */
const pushedByName = (uses: readonly ImageUse[], { holes }: Audit): ReadonlyMap<string, Pushed> => {
  const found = new Map<string, Pushed>();
  for (const use of uses) {
    if (use.use !== 'push') continue;
    for (const reference of use.references) {
      const name = imageNameOf(reference);
      if (name === null) continue;
      const before = found.get(name);
      const tag = reference.digest === null ? canonicalText(tagOf(reference), holes) : null;
      found.set(name, {
        tags: new Set([...(before?.tags ?? []), ...(tag === null ? [] : [tag])]),
        isOpen: before?.isOpen === true || tag === null,
        first: before?.first ?? use,
      });
    }
  }
  return found;
};

/** Whether the pipeline pushes this image, and certainly never by this tag. */
const isNeverPushed = (reference: ImageReference, pushed: ReadonlyMap<string, Pushed>, audit: Audit): Pushed | null => {
  const name = imageNameOf(reference);
  const known = name === null ? undefined : pushed.get(name);
  if (known === undefined || known.isOpen || reference.digest !== null) return null;
  const tag = canonicalText(tagOf(reference), audit.holes);
  return tag === null || known.tags.has(tag) ? null : known;
};

export const deployNotBuilt = defineRule({
  id: 'image/deploy-not-built',
  title: 'A deployment takes an image that the workflow pushes under other tags only',
  check: (audit) =>
    pipelinesToJudge(audit).flatMap((pipeline) => {
      const { uses } = imagesOfPipeline(pipeline, audit);
      const pushed = pushedByName(uses, audit);
      return uses.flatMap((use): readonly RuleFinding[] => {
        // Going back means taking what another run has pushed.
        if (!isTaking(use) || !isDeploying(use.job) || use.job.role === 'rollback') return [];
        if (use.references.some((one) => judgeReference(one, audit.holes).kind !== 'immutable')) return [];
        const missed = use.references.map((one) => isNeverPushed(one, pushed, audit));
        const [reference] = use.references;
        const [first] = missed;
        if (reference === undefined || first === undefined || first === null || missed.includes(null)) return [];
        return [
          {
            span: use.span,
            message: `${nameOfReference(reference, audit.holes)} is none of the tags that this workflow pushes.`,
            evidence: [
              ...evidenceOfUse(use, audit.holes),
              {
                text: `The image is pushed here as ${first.first.references.map((one) => nameOfReference(one, audit.holes)).join(', ')}`,
                span: first.first.span,
              },
            ],
            fix: { sentence: 'Build the tag once and hand it on as an output of the building job.', edits: [] },
            job: use.job.key,
            step: use.step.label,
          },
        ];
      });
    }),
});
