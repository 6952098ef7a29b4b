import { defineRule, type RuleFinding } from '../finding.ts';
import { causeOfUse } from '../images/cause-of-use.ts';
import { evidenceOfUse, nameOfReference } from '../images/describe-use.ts';
import type { ImageUse } from '../images/image-use.ts';
import { judgeReference } from '../images/judge-tag.ts';
import { isOwnImage } from '../images/own-images.ts';
import { imagesOfPipeline, isDeploying, isTaking, pipelinesToJudge } from '../images/pipeline-images.ts';

const keyOf = ({ job, value }: ImageUse): string => JSON.stringify([job.key, value]);

/** A called workflow is one place, whatever its callers give it. */
const placeOf = ({ span: { file, line, column } }: ImageUse): string => JSON.stringify([file, line, column]);

export const unresolvedTag = defineRule({
  id: 'image/unresolved-tag',
  title: 'Which image a deployment takes does not show in the workflow',
  check: (audit) => {
    const places = new Set<string>();
    return pipelinesToJudge(audit).flatMap((pipeline) => {
      const { uses, own } = imagesOfPipeline(pipeline, audit);
      const seen = new Set<string>();
      return uses.flatMap((use): readonly RuleFinding[] => {
        if (!isTaking(use) || !isDeploying(use.job) || seen.has(keyOf(use))) return [];
        const verdicts = use.references.map((reference) => ({
          reference,
          verdict: judgeReference(reference, audit.holes),
        }));
        if (verdicts.some(({ verdict }) => verdict.kind === 'mutable')) return [];
        const open = verdicts.find(
          ({ reference, verdict }) => verdict.kind === 'unresolved' && isOwnImage(use, reference, own),
        );
        if (open === undefined) return [];
        seen.add(keyOf(use));
        if (places.has(placeOf(use))) return [];
        places.add(placeOf(use));
        const cause = causeOfUse(use, open.reference, audit);
        return [
          {
            span: use.span,
            ...(cause === null ? {} : { cause }),
            message: `Which tag ${nameOfReference(open.reference, audit.holes)} has is only known while the workflow runs.`,
            evidence: evidenceOfUse(use, audit.holes),
            fix: { sentence: 'Hand the tag on from the build as an output of its job, or use github.sha.', edits: [] },
            job: use.job.key,
            step: use.step.label,
          },
        ];
      });
    });
  },
});
