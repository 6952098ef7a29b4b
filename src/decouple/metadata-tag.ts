import type { TextEdit } from '../audit/finding.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import type { AuditedStep } from '../audit/pipeline.ts';
import { offsetsOf, type SourceFile } from '../core/placed-text.ts';
import { isHole, withoutPadding, type Hole, type Holes } from '../shell/holes.ts';
import type { Entry, Scalar } from '../workflows/workflow.ts';
import { linesOf } from './source-lines.ts';
import { SHA } from './tag-build.ts';

/** What docker/metadata-action gives where no tags are asked for, as its documentation lists them. */
const DEFAULTS = ['type=schedule', 'type=ref,event=branch', 'type=ref,event=tag', 'type=ref,event=pr'];

/** The step whose tags a build pushes, and no others; null: the tags come from somewhere else, or may be those of another commit. */
const metadataOf = ({ step, job }: ImageUse): AuditedStep | null => {
  const tags = step.step.with.get('tags')?.value.value.trim() ?? '';
  const id = /^\$\{\{\s*steps\.([\w-]+)\.outputs\.tags\s*\}\}$/.exec(tags)?.[1];
  const found = id === undefined ? undefined : job.steps.find((one) => one.step.id === id);
  if (found?.action !== 'docker/metadata-action' || job.calledBy.length > 0) return null;
  // With these the action takes another commit than that of the run.
  const isOfRun = (found.with.get('context')?.value ?? 'workflow') === 'workflow';
  return isOfRun && !found.environment.has('DOCKER_METADATA_PR_HEAD_SHA') ? found : null;
};

const textOf = (step: AuditedStep, name: string): string => step.step.with.get(name)?.value.value ?? '';

/** The tag that the action gives for every commit, and the hole in it for the commit; null: there is none, or not always. */
const givenTag = (
  push: ImageUse,
  holes: Holes,
): { readonly tag: string; readonly character: string; readonly hole: Hole } | null => {
  const step = metadataOf(push);
  const [reference] = push.references;
  if (step === null || reference === undefined || push.references.length > 1) return null;
  if (textOf(step, 'tags').includes('enable=')) return null;
  const tag = withoutPadding(reference.tag ?? '');
  const character = [...tag].find(isHole) ?? '';
  const hole = holes.get(character);
  const isOfCommit = hole?.kind === 'commit' && hole.name === 'github.sha';
  return isOfCommit && /^[\w.-]*$/.test(tag.replace(character, '')) ? { tag, character, hole } : null;
};

/** The tag of the commit that the action gives already, `sha-${{ github.sha }}`; [] if it does not always give one. */
export const tagOfMetadata = (push: ImageUse, holes: Holes): readonly string[] => {
  const given = givenTag(push, holes);
  return given !== null && given.hole.length === undefined ? [given.tag.replace(given.character, () => SHA)] : [];
};

/** `sha-${GITHUB_SHA::7}`, as a shell says the short one that the action gives. */
export const shortTagOfMetadata = (push: ImageUse, holes: Holes): string | null => {
  const given = givenTag(push, holes);
  const isUsual = metadataOf(push)?.environment.has('DOCKER_METADATA_SHORT_SHA_LENGTH') === false;
  return given?.hole.length === 7 && isUsual ? given.tag.replace(given.character, () => '${GITHUB_SHA::7}') : null;
};

/** One more rule in the `tags` of the action: the commit. The lowest priority, so that its other outputs stay; null: not mechanically. */
export const addMetadataTag = (push: ImageUse): readonly TextEdit[] | null => {
  const step = metadataOf(push);
  if (step === null || textOf(step, 'tags').includes('priority=')) return null;
  const rule = `type=sha,format=long,prefix=${textOf(step, 'flavor').includes('suffix=') ? ',suffix=' : ''}`;
  const { source } = push.job.workflow;
  const [tags, images] = [step.step.with.get('tags'), step.step.with.get('images')];
  if (tags !== undefined) return addLine(source, tags, rule);
  return images === undefined ? null : addKey(source, images, [...DEFAULTS, rule]);
};

/** The white space before a key that begins its line; null: another one stands there, e.g. in `{ a: b }`. */
const indentOfKey = ({ text, lineStarts }: SourceFile, { keySpan }: Entry<Scalar>): string | null => {
  const start = lineStarts[keySpan.line - 1] ?? 0;
  const before = text.slice(start, start + keySpan.column - 1);
  return /^ *$/.test(before) ? before : null;
};

/** Behind the last line of what a key has. */
const endOf = (source: SourceFile, { keySpan, value }: Entry<Scalar>): number => {
  const { line } = keySpan;
  const count = linesOf(source, { ...value.span, line }).length;
  return source.lineStarts[line - 1 + count] ?? source.text.length;
};

const insertAt = (source: SourceFile, start: number, lines: readonly string[]): readonly TextEdit[] => {
  const isOpen = start > 0 && source.text[start - 1] !== '\n';
  const text = lines.join('\n');
  return [{ file: source.file, start, end: start, text: isOpen ? `\n${text}` : `${text}\n` }];
};

const addLine = (source: SourceFile, tags: Entry<Scalar>, rule: string): readonly TextEdit[] | null => {
  const indent = indentOfKey(source, tags);
  if (indent === null) return null;
  const { start, end } = offsetsOf(source, tags.value.span);
  const lines = linesOf(source, { ...tags.value.span, line: tags.keySpan.line });
  if (/^\|[-+]?\s*$/.test(lines[0]?.replace(/^tags: */, '') ?? '')) {
    const own = /^ +/.exec(lines.slice(1).find((line) => line.trim() !== '') ?? '')?.[0];
    return own === undefined ? null : insertAt(source, endOf(source, tags), [`${indent}${own}${rule}`]);
  }
  const isAlone = lines.length === 1 && /^[ \t]*\r?(?:\n|$)/.test(source.text.slice(end));
  const inner = `${indent}  `;
  return isAlone
    ? [{ file: source.file, start, end, text: `|\n${inner}${tags.value.value.trim()}\n${inner}${rule}` }]
    : null;
};

const addKey = (source: SourceFile, images: Entry<Scalar>, rules: readonly string[]): readonly TextEdit[] | null => {
  const indent = indentOfKey(source, images);
  if (indent === null) return null;
  const lines = [`${indent}tags: |`, ...rules.map((rule) => `${indent}  ${rule}`)];
  return insertAt(source, endOf(source, images), lines);
};
