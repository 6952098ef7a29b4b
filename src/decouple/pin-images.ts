import type { TextEdit } from '../audit/finding.ts';
import { evidenceOfUse, nameOfReference } from '../audit/images/describe-use.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import { judgeReference } from '../audit/images/judge-tag.ts';
import { imagesOfPipeline } from '../audit/images/pipeline-images.ts';
import { findMutableUses } from '../audit/rules/mutable-tag-in-deploy.ts';
import type { Audit, AuditedJob, Pipeline } from '../audit/pipeline.ts';
import type { MovedPart } from '../core/decouple-report.ts';
import { groupBy } from '../core/group-by.ts';
import { createSource, offsetsOf, type Span } from '../core/placed-text.ts';
import { changedAudit, textIn, textsAfter } from './changed-audit.ts';
import { leave } from './cut-inline.ts';
import type { Left } from './decoupling.ts';
import { buildComposeAgain, composeFileOf, tagCompose, takesCommit, variableOf } from './compose-tag.ts';
import { findObstacle, mayBe, nameOf, type Named, type NotPinned, type Pin } from './named-image.ts';
import { addMetadataTag, tagOfMetadata } from './metadata-tag.ts';
import { shortTagFor } from './short-tag.ts';
import { SHA, tagBuild } from './tag-build.ts';
import { inScript, isRunElsewhere, scriptsOf } from './tag-variable.ts';

export interface Pinned {
  readonly audit: Audit;
  /** Files that are changed. */
  readonly files: readonly string[];
  /** What takes the commit now. */
  readonly uses: readonly ImageUse[];
  readonly moved: readonly MovedPart[];
  readonly left: readonly Left[];
}

interface PinnedPipeline {
  readonly uses: readonly ImageUse[];
  readonly edits: readonly TextEdit[];
  readonly moved: readonly MovedPart[];
  readonly left: readonly Left[];
}

/**
 * Deployments that take their own image by a tag that moves take the one of the commit: what the build pushes for it already, or a second tag
 * that it pushes from now on. Only where build and deployment stand in one workflow, so that both know the same commit.
 */
export const pinImages = (audit: Audit, isWanted: (file: string) => boolean): Pinned => {
  const wanted = audit.pipelines.filter(({ workflow }) => isWanted(workflow.source.file));
  const done = wanted.map((pipeline) => pinPipeline(pipeline, audit));
  // A compose file may be that of two workflows.
  const texts = textsAfter(
    audit,
    done.flatMap(({ edits }) => edits),
  );
  return {
    audit: texts.size === 0 ? audit : changedAudit(audit, texts),
    files: [...texts.keys()],
    uses: done.flatMap(({ uses }) => uses),
    moved: done.flatMap(({ moved }) => moved),
    left: done.flatMap(({ left }) => left),
  };
};

const pinPipeline = (pipeline: Pipeline, audit: Audit): PinnedPipeline => {
  const images = imagesOfPipeline(pipeline, audit);
  const mutable = findMutableUses(images, audit).map(({ use }) => use);
  const own = mutable.filter(({ job }) => job.calledBy.length === 0);
  const groups = [...groupBy(own, (use) => nameOf(use) ?? '')].map(([name, uses]): Named => {
    const builds = images.uses.filter((use) => (use.use === 'push' || use.use === 'build') && nameOf(use) === name);
    const pushed = images.uses.find((use) => use.use === 'push' && mayBe(name, nameOf(use) ?? '')) ?? null;
    return { name, uses, builds, pushed, pin: digestOf(name, uses, images.uses) ?? tagFor(builds, audit) };
  });
  const sure = groups.filter(
    (one) => findObstacle(one, audit) === null && (one.pin === null || one.pin.text === `:${SHA}`),
  );
  const parts = groups.map((one) =>
    pinName(
      one,
      sure.flatMap(({ uses }) => uses),
      audit,
    ),
  );
  const edits = parts.flatMap((one) => one.edits);
  const changed = new Set(edits.map(({ file, start }) => `${file}:${lineOf(textIn(audit, file), start)}`));
  return {
    uses: parts.flatMap(({ uses }) => uses),
    edits,
    moved: parts.flatMap(({ moved }) => moved),
    // What one name is left for may be changed for another: `TAG=latest` in front of compose.
    left: parts.flatMap(({ left }) => left).filter(({ span }) => !changed.has(`${span.file}:${span.line}`)),
  };
};

const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length;

/** `sure`: all uses for which the commit's image exists. */
const pinName = (named: Named, sure: readonly ImageUse[], audit: Audit): PinnedPipeline => {
  const { name, uses, pin } = named;
  const keep = ({ why, remedy }: NotPinned): PinnedPipeline => ({
    uses: [],
    edits: [],
    moved: [],
    left: uses.map((use) => leaveUse(use, why, audit, remedy)),
  });
  const obstacle = findObstacle(named, audit);
  if (obstacle !== null) return keep(obstacle);
  const spans = uses.map((use) => tagPlace(use, audit));
  const inCompose = composeFileOf(uses);
  if (inCompose !== null) return pinCompose(inCompose, named, { sure, audit, keep });
  const pulling = onlyPulls(uses);
  if (pulling !== null)
    return keep({ why: `${pulling.id} only pulls it, and what starts it takes the tag from somewhere else` });
  if (spans.includes(null)) {
    const isElsewhere = uses.every((use) => placeOf(use, audit).file !== use.job.workflow.source.file);
    return keep({
      why: isElsewhere
        ? 'its tag stands in another file than the workflow'
        : 'its tag is not written out in the workflow',
    });
  }
  const places = spans.flatMap((one) => one ?? []);
  const chosen = pin?.build.length === 0 ? pin : (shortTagFor(named, places, audit) ?? pin);
  if (chosen === null) return keep({ why: 'the way it is built cannot be given a second tag mechanically' });
  const script = places.find(({ file, isOf }) => file !== isOf)?.file ?? null;
  const pinned = places.map(({ isOf, tag, ...one }): TextEdit => ({
    ...one,
    text: one.file === isOf ? chosen.text : `:${inScript(tag)}`,
  }));
  const jobs = uses.map(({ job }) => job);
  const isCommit = chosen.text === `:${SHA}`;
  if (
    script !== null &&
    (!isCommit || isRunElsewhere(script, jobs, audit) || !takesCommit([...chosen.build, ...pinned], uses, audit))
  )
    return keep({
      why: `${script} takes it, and does not know there which commit is deployed`,
      remedy: `Give ${script} the commit as an argument, and let it take that tag.`,
    });
  const what = chosen.text.startsWith('@') ? 'the digest' : 'the tag';
  return {
    uses,
    edits: [...chosen.build, ...pinned],
    moved: uses.map(({ span, job, references }) => ({
      what: `image of ${job.id}`,
      from: `${span.file}:${span.line}, ${references[0] === undefined ? name : nameOfReference(references[0], audit.holes)}`,
      to: `${span.file}, ${what} ${chosen.text.slice(1)}${chosen.build.length === 0 ? '' : ', which the build pushes, too'}`,
    })),
    left: [],
  };
};

/** A job that takes the image and starts it by commands that do not say its tag, e.g. compose with a file of the server: the old image would be started. */
const onlyPulls = (uses: readonly ImageUse[]): AuditedJob | null =>
  uses.find(({ job }) => uses.every((one) => one.job !== job || one.use === 'pull'))?.job ?? null;

interface ComposePin {
  readonly sure: readonly ImageUse[];
  readonly audit: Audit;
  readonly keep: (why: NotPinned) => PinnedPipeline;
}

/** Images of a compose file of the checkout: it takes the tag from a variable, which the commands of the deployment set. */
const pinCompose = (file: string, { uses, builds, pin }: Named, { sure, audit, keep }: ComposePin): PinnedPipeline => {
  const build = pin === null ? buildComposeAgain(builds, file, variableOf(file, uses, audit)) : pin.build;
  if (build === null) return keep({ why: 'the way it is built cannot be given a second tag mechanically' });
  if (pin !== null && pin.text !== `:${SHA}`)
    return keep({ why: `its tag stands in a compose file, and the build pushes ${pin.text.slice(1)}` });
  const tagged = tagCompose(
    file,
    uses,
    sure.filter(({ saidIn }) => saidIn?.span.file === file),
    audit,
  );
  if ('why' in tagged) return keep(tagged);
  return {
    uses,
    edits: [...build, ...tagged.edits],
    moved: uses.map(({ job, references, saidIn }) => ({
      what: `image of ${job.id}`,
      from: `${file}:${saidIn?.span.line ?? 1}, ${references[0] === undefined ? '' : nameOfReference(references[0], audit.holes)}`,
      to: `${file}, the tag ${SHA}, which ${job.id} sets${build.length === 0 ? '' : ', and the build pushes, too'}`,
    })),
    left: [],
  };
};

/** The digest that the build hands on, where another deployment takes it already and all of these need the same job. */
const digestOf = (name: string, uses: readonly ImageUse[], all: readonly ImageUse[]): Pin | null => {
  for (const one of all) {
    if (nameOf(one) !== name || one.span.file !== one.job.workflow.source.file) continue;
    const { start, end } = offsetsOf(one.job.workflow.source, one.span);
    const written = one.job.workflow.source.text.slice(start, end).replace(/["']$/, '');
    const [text, build] = /@\$\{\{\s*needs\.([\w-]+)\.outputs\.[\w-]+\s*\}\}$/.exec(written) ?? [];
    if (text === undefined || one.references.some(({ digest }) => digest === null)) continue;
    if (uses.every(({ job }) => job.job.needs.some(({ value }) => value === build))) return { text, build: [] };
  }
  return null;
};

/** The tag of the commit: one that the build pushes already, or a second one. */
const tagFor = (builds: readonly ImageUse[], audit: Audit): Pin | null => {
  const pushes = builds.filter(({ use }) => use === 'push');
  const known = pushes.flatMap((push) => [...commitTag(push, audit), ...tagOfMetadata(push, audit.holes)])[0];
  if (known !== undefined) return { text: `:${known}`, build: [] };
  const [first, ...others] = pushes;
  const isOneStep = others.every(({ step }) => step === first?.step);
  const build = (first !== undefined && isOneStep ? addMetadataTag(first) : null) ?? tagBuild(builds);
  return build === null ? null : { text: `:${SHA}`, build };
};

const placeOf = (use: ImageUse, { holes }: Pick<Audit, 'holes'>): Span =>
  evidenceOfUse(use, holes)[0]?.span ?? use.span;

const COMMIT = 'Push the image with the commit in its tag, and deploy that tag or its digest.';

export const leaveUse = (use: ImageUse, why: string, { holes }: Audit, remedy = COMMIT): Left => {
  const [reference] = use.references;
  const name = reference === undefined ? use.value : nameOfReference(reference, holes);
  return leave(placeOf(use, { holes }), `${name} in ${use.job.id}`, why, remedy);
};

interface TagPlace extends Omit<TextEdit, 'text'> {
  /** The workflow whose job takes the image; it may stand in a script. */
  readonly isOf: string;
  readonly tag: string;
}

/** From the colon of the tag to its end, or where it would stand; null: it is not written there. */
const tagPlace = ({ span, saidIn, job, references }: ImageUse, audit: Audit): TagPlace | null => {
  const { holes } = audit;
  const isOf = job.workflow.source.file;
  if (span.file !== isOf && !scriptsOf(job).has(span.file)) return null;
  const source = span.file === isOf ? job.workflow.source : createSource(span.file, textIn(audit, span.file));
  const [reference] = references;
  if (saidIn !== null || references.length !== 1 || reference === undefined) return null;
  const { start, end } = offsetsOf(source, span);
  const written = source.text.slice(start, end).replace(/["']$/, '');
  const [name, tag] = [nameOfReference({ ...reference, tag: null }, holes), reference.tag];
  if (tag !== null && !/^[\w.-]+$/.test(tag)) return null;
  const suffix = tag === null ? '' : `:${tag}`;
  // `api=registry/api:latest`: what is before the name belongs to the command.
  if (!written.endsWith(suffix) || name === '' || (tag === null && /[:}]$/.test(written))) return null;
  const stop = start + written.length;
  return { file: source.file, start: stop - suffix.length, end: stop, isOf, tag: tag ?? 'latest' };
};

/** `${{ github.sha }}`, as a tag is written that the build pushes for the commit. Other values may not be known to the deployment. */
const commitTag = ({ span, references, job, saidIn }: ImageUse, { holes }: Audit): readonly string[] => {
  const isOfCommit = references.every((one) => judgeReference(one, holes).kind === 'immutable');
  if (!isOfCommit || saidIn !== null || span.file !== job.workflow.source.file) return [];
  const { start, end } = offsetsOf(job.workflow.source, span);
  const tag = /:((?:[\w.-]|\$\{\{\s*github\.sha\s*\}\})*\$\{\{\s*github\.sha\s*\}\})$/.exec(
    job.workflow.source.text.slice(start, end).replace(/["']$/, ''),
  )?.[1];
  return tag === undefined ? [] : [tag];
};
