import type { Hole } from '../../shell/holes.ts';
import { defineRule, type RuleFinding } from '../finding.ts';
import { canonicalReference, hasHoleOf } from '../images/canonical.ts';
import { nameOfReference } from '../images/describe-use.ts';
import { mayExclude } from '../images/exclusive.ts';
import type { BuildInput, ImageReference, ImageUse } from '../images/image-use.ts';
import { judgeReference } from '../images/judge-tag.ts';
import { imageNameOf } from '../images/parse-reference.ts';
import { imagesOfPipeline, pipelinesToJudge } from '../images/pipeline-images.ts';
import { STAGE_WORDS } from '../images/tag-words.ts';
import type { Audit, Pipeline } from '../pipeline.ts';

/** A build, and the folder of the checkout that its command stands in; null: an action's, or not known. */
interface Built {
  readonly build: BuildInput;
  readonly folder: string | null;
}

const inputKey = (build: BuildInput): string =>
  JSON.stringify([build.context, build.file, build.target, build.platform, build.args]);

const isSameBuild = (one: Built, other: Built): boolean =>
  inputKey(one.build) === inputKey(other.build) &&
  (one.folder === null || other.folder === null || one.folder === other.folder);

const builtBy = (use: ImageUse | undefined): readonly Built[] =>
  use === undefined || use.build === null ? [] : [{ build: use.build, folder: use.call?.directory ?? null }];

/** The build behind a push: its own, or the last one before it in the same job that made this reference. */
const buildBehind = (push: ImageUse, uses: readonly ImageUse[]): Built | null => {
  const inJob = uses.filter(({ job }) => job === push.job);
  const before = inJob.slice(0, inJob.indexOf(push));
  const isMaking = ({ use, value }: ImageUse): boolean => (use === 'build' || use === 'tag') && value === push.value;
  const made = before.findLast(isMaking) ?? inJob.findLast(isMaking);
  const source = made?.source ?? null;
  const builds = [
    push,
    made,
    source === null ? undefined : before.findLast(({ use, value }) => use === 'build' && value === source),
    source === null ? undefined : inJob.find(({ use, value }) => use === 'build' && value === source),
  ];
  return builds.flatMap((use) => builtBy(use))[0] ?? null;
};

interface BuiltPush extends Built {
  readonly use: ImageUse;
  readonly reference: ImageReference;
}

/** Pushes of one certain reference with the build behind each. */
const builtPushes = (uses: readonly ImageUse[]): readonly BuiltPush[] =>
  uses.flatMap((use) => {
    const [reference] = use.references;
    if (use.use !== 'push' || use.references.length !== 1 || reference === undefined) return [];
    const built = buildBehind(use, uses);
    return built === null || imageNameOf(reference) === null ? [] : [{ use, reference, ...built }];
  });

const isMatrix = ({ name }: { readonly name: string }): boolean => /^matrix\b/.test(name);

const finding = (
  { use, reference }: BuiltPush,
  audit: Audit,
  message: string,
  before: ImageUse | null,
): RuleFinding => ({
  span: use.span,
  message: `${message} ${nameOfReference(reference, audit.holes)}: whichever is last replaces the others.`,
  evidence: before === null ? [] : [{ text: 'It is pushed here too', span: before.span }],
  fix: { sentence: 'Give each its own name, or a tag with what tells them apart.', edits: [] },
  job: use.job.key,
  step: use.step.label,
});

/** Legs of a matrix that build different things and push them by one name. */
const collidesWithItself = ({ use, build }: BuiltPush, { holes }: Audit): boolean => {
  if (use.job.job.matrix === null) return false;
  const inputs = [build.context, build.file, build.target, build.platform, ...build.args].join('\n');
  if (!hasHoleOf(inputs, holes, isMatrix)) return false;
  // What is not known of the name may come from the matrix.
  const isNamed = hasHoleOf(
    use.value,
    holes,
    ({ kind, name }) => isMatrix({ name }) || kind === 'unknown' || kind === 'choice',
  );
  return (
    !isNamed && !/matrix\./.test(`${use.step.condition?.placed.text ?? ''}${use.step.step.condition?.value ?? ''}`)
  );
};

const checkPipeline = (pipeline: Pipeline, audit: Audit): readonly RuleFinding[] => {
  const pushes = builtPushes(imagesOfPipeline(pipeline, audit).uses);
  const first = new Map<string, BuiltPush>();
  return pushes.flatMap((push): readonly RuleFinding[] => {
    if (collidesWithItself(push, audit))
      return [finding(push, audit, 'Every leg of the matrix pushes its own build as', null)];
    const isOfMatrix = hasHoleOf(push.use.value, audit.holes, isMatrix);
    const key = `${isOfMatrix ? push.use.job.key : ''} ${canonicalReference(push.reference, audit.holes)}`;
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, push);
      return [];
    }
    // The name may be another in each leg, whatever its steps build.
    if (isOfMatrix && before.use.step !== push.use.step) return [];
    if (isSameBuild(before, push) || mayExclude(before.use, push.use)) return [];
    return [finding(push, audit, 'Two different builds push', before.use)];
  });
};

const mayDiffer = ({ kind, name }: Hole, isScoped: boolean): boolean => {
  if (/^(?:secrets|vars)\./.test(name)) return isScoped;
  return kind === 'branch' || (kind === 'unknown' && !name.startsWith('github.repository'));
};

/** Two environments' workflows that move the same tag of the same image. */
const checkStages = (audit: Audit): readonly RuleFinding[] => {
  const first = new Map<string, { readonly push: BuiltPush; readonly pipeline: Pipeline }>();
  return pipelinesToJudge(audit).flatMap((pipeline) => {
    if (pipeline.stage === null) return [];
    return builtPushes(imagesOfPipeline(pipeline, audit).uses).flatMap((push): readonly RuleFinding[] => {
      if (judgeReference(push.reference, audit.holes).kind !== 'mutable') return [];
      // Secrets and variables of an environment have other values in another.
      const isScoped = push.use.job.environment !== null;
      if (hasHoleOf(push.use.value, audit.holes, (hole) => mayDiffer(hole, isScoped))) return [];
      const key = `${familyOf(pipeline.workflow.source.file)} ${canonicalReference(push.reference, audit.holes)}`;
      const before = first.get(key);
      if (before === undefined) {
        first.set(key, { push, pipeline });
        return [];
      }
      if (before.pipeline.stage === pipeline.stage || before.pipeline === pipeline) return [];
      return [
        finding(
          push,
          audit,
          `The workflows of ${before.pipeline.stage ?? ''} and ${pipeline.stage ?? ''} both push`,
          before.push.use,
        ),
      ];
    });
  });
};

export const tagCollision = defineRule({
  id: 'image/tag-collision',
  title: 'Different builds push the same reference',
  check: (audit) => [
    ...pipelinesToJudge(audit).flatMap((pipeline) => checkPipeline(pipeline, audit)),
    ...checkStages(audit),
  ],
});

/** A workflow's file name without environment and numbers: `11-dev-deployment.yml` and `13-prod-deployment.yml` are one family. */
const familyOf = (file: string): string => {
  const slash = file.lastIndexOf('/') + 1;
  const words = file
    .slice(slash)
    .replace(/\.ya?ml$/, '')
    .toLowerCase()
    .split(/[-_. ]+/)
    .filter((word) => !STAGE_WORDS.has(word) && !/^\d+$/.test(word));
  return file.slice(0, slash) + words.join('-');
};
