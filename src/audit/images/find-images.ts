import { collect } from '../../core/collect.ts';
import { expandChoices } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob, AuditedStep } from '../pipeline.ts';
import { fillFromEnvFiles, findEnvFiles, mentionsOfEnvFiles, type EnvFiles } from './env-files.ts';
import { readAction } from './from-actions.ts';
import { readManifestAction } from './from-manifests.ts';
import type { ImageReference, ImageUse } from './image-use.ts';
import { findJobFiles } from './job-files.ts';
import type { Mention } from './mention.ts';
import { mentionsOfCalls, type Surroundings } from './mentions-of-calls.ts';
import { imageNameOf, parseReference } from './parse-reference.ts';
import { spanOfPart } from './part.ts';

const referencesOf = ({ part, isTagOnly }: Mention, { holes }: Surroundings): readonly ImageReference[] =>
  expandChoices(part.value, holes).flatMap((value) => {
    const text = value.trim();
    if (text === '') return [];
    return [isTagOnly === true ? { registry: null, repository: null, tag: text, digest: null } : parseReference(text)];
  });

interface StepMention extends Mention {
  readonly step: AuditedStep;
  readonly call?: ShellCall;
}

/** The mentions of all steps; variables that only a written file gives a value are filled in. */
const mentionsOfJob = (job: AuditedJob, envFiles: EnvFiles, around: Surroundings): readonly StepMention[] => {
  const used = new Set<string>();
  const jobFiles = findJobFiles(job, around);
  const found = collect(job.steps, (step) =>
    [
      ...readAction(step),
      ...readManifestAction(step, { ...around, jobFiles }),
      ...mentionsOfCalls(step, jobFiles, around),
    ].map((mention): StepMention => {
      const filled = fillFromEnvFiles(mention.part, envFiles, around.holes);
      for (const name of filled.used) used.add(name);
      return { ...mention, part: filled.part, step };
    }),
  );
  const written =
    envFiles.writtenBy.size === 0
      ? []
      : job.steps.flatMap((step) =>
          step.calls.flatMap((call) =>
            mentionsOfEnvFiles(call, envFiles, used).map((mention): StepMention => ({ ...mention, step, call })),
          ),
        );
  return withoutReplaced([...found, ...written]);
};

/** `kubectl apply` of a manifest, and then `kubectl set image` of the same: what is set counts. */
const withoutReplaced = (mentions: readonly StepMention[]): readonly StepMention[] => {
  const nameOf = ({ part }: Mention): string | null => imageNameOf(parseReference(part.value));
  const set = new Set(
    mentions.flatMap((one) => (one.use === 'deploy' && one.saidIn === undefined ? [nameOf(one)] : [])),
  );
  const isSet = (one: StepMention): boolean => one.isReplaceable === true && set.has(nameOf(one));
  return set.size === 0 ? mentions : mentions.filter((one) => !isSet(one));
};

/**
 * Every mention of an image in a job: built, tagged, pushed, pulled, run or handed to something that runs it. What a command does to
 * compose files of the checkout is read from them.
 */
export const findImages = (job: AuditedJob, around: Surroundings): readonly ImageUse[] => {
  const found: ImageUse[] = [];
  for (const mention of mentionsOfJob(job, findEnvFiles(job), around)) {
    const references = referencesOf(mention, around);
    if (references.length === 0) continue;
    const use: ImageUse = {
      use: mention.use,
      value: mention.part.value,
      references,
      span: spanOfPart(mention.part),
      written: mention.saidIn === undefined ? mention.part : null,
      origins: mention.part.origins,
      job,
      step: mention.step,
      call: mention.call ?? null,
      build: mention.build ?? null,
      source: mention.source ?? null,
      isHelper: mention.isHelper ?? false,
      isApp: mention.isApp ?? false,
      saidIn: mention.saidIn ?? null,
    };
    found.push(...(mention.isAllTags === true ? expandAllTags(use, found) : [use]));
  }
  return found;
};

/** What `docker push --all-tags` pushes: what the job has built or tagged under this name before. */
const expandAllTags = (push: ImageUse, before: readonly ImageUse[]): readonly ImageUse[] => {
  const names = new Set(push.references.map(imageNameOf));
  const made = before.filter(
    ({ use, references }) =>
      (use === 'build' || use === 'tag') && references.some((one) => names.has(imageNameOf(one))),
  );
  return made.map(({ value, references, build, source }) => ({ ...push, value, references, build, source }));
};
