import type { TextEdit } from '../audit/finding.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import { imageNameOf } from '../audit/images/parse-reference.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { hasHole, showHoles } from '../shell/holes.ts';

/** Deployments that take one image. */
export interface Named {
  readonly name: string;
  readonly uses: readonly ImageUse[];
  readonly builds: readonly ImageUse[];
  /** A push of the image, or of one that may be the same: parts of their names are not known. */
  readonly pushed: ImageUse | null;
  /** null: no tag of the commit is pushed, nor can be mechanically. */
  readonly pin: Pin | null;
}

/** What the deployments take instead, and what the build needs for that. */
export interface Pin {
  /** With the `:` or `@` before it. */
  readonly text: string;
  readonly build: readonly TextEdit[];
}

/** Why an image keeps its tag. */
export interface NotPinned {
  readonly why: string;
  readonly remedy?: string;
}

/** `image: ${WEB:-acme/web:latest}` in a compose file: the name that is written. */
export const nameOf = ({ references, saidIn }: ImageUse): string | null => {
  const written = references.filter(
    ({ repository, tag }) => tag !== null || !/^[\uE000-\uF8FE]$/.test(repository ?? ''),
  );
  const names = new Set((saidIn === null || written.length === 0 ? references : written).map(imageNameOf));
  const [name] = names;
  return names.size === 1 ? (name ?? null) : null;
};

/** Why the commit's image does not exist when the deployment starts; null: it does, or can. */
export const findObstacle = (
  { name, uses, builds, pushed }: Named,
  { holes }: Pick<Audit, 'holes'>,
): NotPinned | null => {
  const pushes = builds.filter(({ use }) => use === 'push');
  if (pushes.length === 0) {
    if (name === '' && uses.every(({ references }) => references.every(({ repository }) => repository === null)))
      return { why: 'which image takes it stands in a file that is not in the checkout' };
    if (isUnknown(name)) return { why: 'its name comes from a variable whose value is not known here' };
    if (pushed === null) return { why: 'no job of this workflow pushes it' };
    return {
      why: `whether it is ${showHoles(nameOf(pushed) ?? '', holes)}, which ${pushed.job.id} pushes, is not known: their names are written in different ways`,
      remedy: 'Write the name in the same way where the image is built and where it is deployed.',
    };
  }
  const isLate = uses.some(({ job }) => pushes.every((push) => push.job !== job && !job.allNeeds.has(push.job.key)));
  if (isLate) return { why: 'the deployment does not wait for the job that pushes it' };
  return uses.some((use) => pushes.every((push) => !isAskedAlike(push, use) && mayBeMissing(push, use.job)))
    ? {
        why: 'a condition decides whether it is pushed, and the deployment runs without that, too',
        remedy:
          'Push the commit in every run that deploys, or hand on the tag that was pushed, as an output of the build.',
      }
    : null;
};

/** Steps of one job with the same condition run together. */
const isAskedAlike = (push: ImageUse, use: ImageUse): boolean =>
  push.job === use.job && push.step.step.condition?.value === use.step.step.condition?.value;

/** Whether a deployment runs where a build has found nothing to do: its step asks another step, or its job is skipped. */
const mayBeMissing = ({ step, job }: ImageUse, deploy: AuditedJob): boolean => {
  if (/\b(?:steps|needs)\./.test(step.step.condition?.value ?? '')) return true;
  const { condition } = deploy.job;
  if (job === deploy || job.job.condition === null || condition === null) return false;
  const heeds = new RegExp(`\\bneeds\\.${job.id}\\.(?:result\\s*==\\s*'success'|outputs\\.)`);
  return /\b(?:always|cancelled|failure)\s*\(/.test(condition.value) && !heeds.test(condition.value);
};

/** `$WEB_IMAGE`: the workflow does not contain any part of the name, so every job may push it. */
const isUnknown = (name: string): boolean => name === '' || (hasHole(name) && !/[a-z\d]/.test(name));

/** Whether two names are the same for some values of what is not known of them. */
export const mayBe = (a: string, b: string): boolean => fits(a, b) || fits(b, a);

const fits = (pattern: string, name: string): boolean =>
  hasHole(pattern) &&
  new RegExp(`^${pattern.replaceAll(/[.+*?^$(){}|[\]\\]/g, '\\$&').replaceAll(/[\uE000-\uF8FE]/g, '.+')}$`, 's').test(
    name,
  );
