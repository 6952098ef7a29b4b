import type { Workflow } from '../../workflows/workflow.ts';
import { holesIn } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { nameOfReference } from '../images/describe-use.ts';
import type { ImageReference, ImageUse } from '../images/image-use.ts';
import { judgeReference } from '../images/judge-tag.ts';
import { isOfJob } from '../images/own-images.ts';
import { imageNameOf } from '../images/parse-reference.ts';
import { imagesOfPipeline, pipelinesToJudge } from '../images/pipeline-images.ts';
import { areOnlyForTags } from '../model/exclusive-conditions.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';

/** Runs for tags and releases only: a version written out is that release's. */
const isRelease = ({ triggers }: Workflow): boolean => {
  const pushes = triggers.filter(({ event }) => event !== 'workflow_dispatch' && event !== 'workflow_call');
  return (
    pushes.length > 0 &&
    pushes.every(({ event, tags, branches }) => event === 'release' || (tags.length > 0 && branches.length === 0))
  );
};

/** Whether this tag stays another build's for ever, or may. */
const isUnique = (
  reference: ImageReference,
  { isVersionUnique, isOfTag }: { readonly isVersionUnique: boolean; readonly isOfTag: boolean },
  { holes }: Audit,
): boolean => {
  const verdict = judgeReference(reference, holes);
  // The name of the ref is that of a tag there.
  if (isOfTag && holesIn(reference.tag ?? '', holes).some(({ kind }) => kind === 'branch')) return true;
  if (verdict.kind === 'immutable') return verdict.by !== 'version' || isVersionUnique;
  return verdict.kind === 'unresolved';
};

const isOnlyForTags = ({ job, step }: ImageUse): boolean =>
  areOnlyForTags([step.step.condition, job.job.condition, ...job.calledBy.map((caller) => caller.job.condition)]);

/** Layers kept for the next build. */
const isCache = ({ repository, tag }: ImageReference): boolean => /cache/i.test(`${repository ?? ''}:${tag ?? ''}`);

/** Gives another name to what was built before, in this run or another. */
const isCopy = ({ source, job, value, build }: ImageUse, uses: readonly ImageUse[]): boolean => {
  if (build !== null) return false;
  const tagged = uses.findLast((one) => one.use === 'tag' && one.job === job && one.value === value);
  const from = source ?? tagged?.source ?? null;
  return (
    source !== null ||
    (from !== null && uses.some((one) => one.use === 'pull' && one.job === job && one.value === from))
  );
};

/** Another job that builds the image again pushes a build of its own. */
const buildsItself = ({ job, value, source }: ImageUse, uses: readonly ImageUse[]): boolean => {
  const tagged = uses.findLast((one) => one.use === 'tag' && one.job === job && one.value === value);
  const from = source ?? tagged?.source ?? null;
  const isSame = (one: string): boolean => one === from || `${one}:latest` === from;
  return from !== null && uses.some((one) => one.use === 'build' && one.job === job && isSame(one.value));
};

/** What one build pushes: an action's step, or all of one image that a job's commands push. */
const groupByBuild = (uses: readonly ImageUse[]): readonly (readonly ImageUse[])[] => {
  const groups = new Map<string, ImageUse[]>();
  for (const use of uses) {
    const [first] = use.references;
    const name = first === undefined ? null : imageNameOf(first);
    if (use.use !== 'push' || use.job.role === 'test' || name === null || first === undefined) continue;
    if (use.references.some(isCache) || isOfJob(first) || isCopy(use, uses)) continue;
    const key = JSON.stringify([use.job.key, use.call === null ? use.step.step.index : null, name]);
    groups.set(key, [...(groups.get(key) ?? []), use]);
  }
  return [...groups.values()];
};

export const buildMissingShaTag = defineRule({
  id: 'image/build-missing-sha-tag',
  title: 'A build pushes no tag that is its own',
  check: (audit) =>
    pipelinesToJudge(audit).flatMap((pipeline) => {
      const { uses } = imagesOfPipeline(pipeline, audit);
      const isReleased = isRelease(pipeline.workflow);
      const hasUnique = (use: ImageUse): boolean => {
        const isOfTag = isOnlyForTags(use);
        return use.references.some((one) => isUnique(one, { isVersionUnique: isReleased || isOfTag, isOfTag }, audit));
      };
      // Names that are given such a tag elsewhere, by copying or tagging what was pushed.
      // What is only done for tags says nothing of other runs.
      const copies = uses.filter(
        (use) => use.use === 'push' && use.build === null && !isOnlyForTags(use) && hasUnique(use),
      );
      const isCopied = (name: string | null, job: AuditedJob): boolean =>
        copies.some(
          (use) =>
            use.references.some((one) => imageNameOf(one) === name) && (use.job === job || !buildsItself(use, uses)),
        );
      return groupByBuild(uses).flatMap((group): readonly RuleFinding[] => {
        const [first] = group;
        const [reference] = first?.references ?? [];
        if (first === undefined || reference === undefined || group.some(hasUnique)) return [];
        if (isCopied(imageNameOf(reference), first.job)) return [];
        if (sameStepHasUnique(uses, first, hasUnique)) return [];
        return [
          {
            span: first.span,
            message: `Nothing that ${first.job.id} pushes for ${nameOfReference({ ...reference, tag: null }, audit.holes)} carries the commit: the next build replaces it, and nothing is left to go back to.`,
            fix: { sentence: 'Push a tag with the commit beside it, e.g. ${{ github.sha }}.', edits: [] },
            job: first.job.key,
            step: first.step.label,
          },
        ];
      });
    }),
});

/** One build may push to several registries under different names; its own tag in one of them is enough to find it again. */
const sameStepHasUnique = (
  uses: readonly ImageUse[],
  first: ImageUse,
  hasUnique: (use: ImageUse) => boolean,
): boolean =>
  uses.some((use) => use.use === 'push' && use.step === first.step && use.call === first.call && hasUnique(use));
