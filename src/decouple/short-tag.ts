import type { TextEdit } from '../audit/finding.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import { imagesOfPipeline } from '../audit/images/pipeline-images.ts';
import type { Audit } from '../audit/pipeline.ts';
import { changedAudit, textsAfter } from './changed-audit.ts';
import { shortTagOfMetadata } from './metadata-tag.ts';
import { nameOf, type Named, type Pin } from './named-image.ts';

/**
 * The short tag that docker/metadata-action gives for the commit, `sha-${GITHUB_SHA::7}`: expressions of GitHub cannot shorten, so only where every deployment
 * takes the image in a shell of its runner that fills that in. null: there is none, or a server would have to fill it in.
 */
export const shortTagFor = (
  { name, uses, builds }: Named,
  places: readonly Omit<TextEdit, 'text'>[],
  audit: Audit,
): Pin | null => {
  const tag = builds.flatMap((use) => (use.use === 'push' ? (shortTagOfMetadata(use, audit.holes) ?? []) : []))[0];
  if (tag === undefined || !uses.every(isInBash)) return null;
  const pin: Pin = { text: `:${tag}`, build: [] };
  const edits = places.map((one): TextEdit => ({ ...one, text: pin.text }));
  const after = changedAudit(audit, textsAfter(audit, edits));
  const file = uses[0]?.job.workflow.source.file;
  const pipeline = after.pipelines.find(({ workflow }) => workflow.source.file === file);
  if (pipeline === undefined) return null;
  const images = imagesOfPipeline(pipeline, after).uses.filter((use) => nameOf(use) === name);
  const pushed = new Set(images.flatMap((use) => (use.use === 'push' ? tagsOf(use) : [])));
  const isTaken = uses.every((use) => {
    const now = images.find(
      (one) => one.job.key === use.job.key && one.use === use.use && one.span.line === use.span.line,
    );
    return now !== undefined && tagsOf(now).every((one) => pushed.has(one));
  });
  return isTaken ? pin : null;
};

const tagsOf = ({ references }: ImageUse): readonly string[] => references.flatMap(({ tag }) => tag ?? []);

/** Other shells, e.g. that of a container, do not shorten. */
const isInBash = ({ call, step: { step }, job: { job, workflow } }: ImageUse): boolean => {
  const shell = step.shell ?? job.defaults.shell ?? workflow.defaults.shell;
  return call !== null && step.run !== null && (shell === null ? job.container === null : /^bash\b/.test(shell.value));
};
