import type { TextEdit } from '../audit/finding.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import { imageNameOf } from '../audit/images/parse-reference.ts';
import { imagesOfPipeline } from '../audit/images/pipeline-images.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { findMutableUses } from '../audit/rules/mutable-tag-in-deploy.ts';
import { createSource, offsetsOf } from '../core/placed-text.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import { changedAudit, textIn, textsAfter } from './changed-audit.ts';
import { isBrought } from './brought-files.ts';
import { nameOf, type NotPinned } from './named-image.ts';
import { textOfJob } from './source-lines.ts';
import { SHA } from './tag-build.ts';
import {
  isOnlyFor,
  isRunElsewhere,
  scriptsOf,
  setToCommit,
  valueForCommit,
  variableOfTag,
  type TagVariable,
} from './tag-variable.ts';

/** What a compose file takes its tag from, and the commands of the deployment set, where it has no variable of its own. */
const VARIABLE = 'IMAGE_TAG';

/** The edits that let a deployment give a compose file its tag, or why not. */
export type ComposeTag = { readonly edits: readonly TextEdit[]; readonly file: string } | NotPinned;

/** null: these images do not all stand in one compose file. */
export const composeFileOf = (uses: readonly ImageUse[]): string | null => {
  const files = new Set(uses.map(({ saidIn, job }) => saidIn?.span.file ?? job.workflow.source.file));
  const [file] = files;
  return file !== undefined && files.size === 1 && uses.every(isOfCompose) ? file : null;
};

const isOfCompose = ({ saidIn, call }: ImageUse): boolean => saidIn !== null && call !== null && verbOf(call) !== null;

interface Written {
  readonly start: number;
  /** Without quotes. */
  readonly text: string;
}

/** What stands behind `image:` of each. */
const writtenIn = (file: string, uses: readonly ImageUse[], audit: Audit): readonly Written[] => {
  const source = createSource(file, textIn(audit, file));
  return uses.flatMap(({ saidIn }): readonly Written[] => {
    if (saidIn?.span.file !== file) return [];
    const { start, end } = offsetsOf(source, saidIn.span);
    const [, quote = '', text] = /^(["']?)([^\s"']+)\1$/.exec(source.text.slice(start, end)) ?? [];
    return text === undefined ? [] : [{ start: start + quote.length, text }];
  });
};

/** The variable that all these images have, or will have, their tag from. */
export const variableOf = (file: string, uses: readonly ImageUse[], audit: Audit): TagVariable => {
  const texts = writtenIn(file, uses, audit).map(({ text }) => text);
  const [name = null, ...others] = new Set(texts.map(variableOfTag));
  if (name === null || others.length > 0) return { name: VARIABLE, value: SHA };
  const [value = null, ...different] = new Set(texts.map(valueForCommit));
  return { name, value: different.length === 0 ? value : null };
};

/** The edits of one compose file and of the deployments that use it. `all`: every image in it that the build pushes for the commit. */
export const tagCompose = (
  file: string,
  uses: readonly ImageUse[],
  all: readonly ImageUse[],
  audit: Audit,
): ComposeTag => {
  const setting = variableOf(file, uses, audit);
  const variable = setting.name;
  const jobs = [...new Set(uses.map(({ job }) => job))];
  const written = writtenIn(file, uses, audit);
  const text = textIn(audit, file);
  const isOwn = written.length > 0 && written.every((one) => variableOfTag(one.text) === variable);
  const script = findScript(jobs);
  const inScripts: NotPinned = {
    why: `${script} starts it, and a script does not know the commit`,
    remedy: `Give ${script} the commit as an argument, and let it set ${variable} to that before it starts compose.`,
  };
  if (script !== null && (!isOwn || isRunElsewhere(script, jobs, audit))) return inScripts;
  const isSetBy = (job: AuditedJob): boolean =>
    isOwn &&
    [textOfJob(job), ...[...scriptsOf(job)].map((one) => textIn(audit, one))].some((one) => one.includes(variable));
  if (!jobs.every((job) => isSetBy(job) || isBrought(job, uses, file)))
    return {
      why: `nothing in the deployment brings ${file} to the server`,
      remedy: `Let the deployment send ${file}, or pull it by Git, and start decouple again.`,
    };
  if (!isOwn) {
    if (text.includes(variable) || jobs.some((job) => job.workflow.source.text.includes(variable)))
      return { why: `${variable} is used for something else already` };
    if (isBuiltInParts(file, audit))
      return {
        why: `one workflow pushes one image of ${file}, and another one pushes another: their commits differ`,
        remedy: `Give each image of ${file} a variable of its own for the tag, and start decouple again.`,
      };
    const tags = written.map(({ start, text: image }): TextEdit | null => {
      const [, name, tag] = /^([^$]+?)(?::([\w.-]+))?$/.exec(image) ?? [];
      if (name === undefined) return null;
      return {
        file,
        start: start + name.length,
        end: start + image.length,
        text: `:\${${variable}:-${tag ?? 'latest'}}`,
      };
    });
    const settings = jobs.flatMap((job) => startingIn(job).map((call) => setFor(call, job, setting)));
    return whole(file, [...tags, ...settings], uses.length + settings.length);
  }
  if (!isOnlyFor(variable, text, all))
    return {
      why: `${variable} is used for something else, too`,
      remedy: `Give this image a variable of its own in ${file}, and start decouple again.`,
    };
  const edits = jobs.flatMap((job): readonly (TextEdit | null)[] => {
    const set = setToCommit(setting, job, audit);
    if (set === null) return [null];
    // In front of each command, or for all that follow.
    const isForAll = set.length > startingIn(job).filter(({ prefix }) => prefix.has(variable)).length;
    const open = isForAll ? [] : startingIn(job).filter(({ prefix }) => !prefix.has(variable));
    return [...set, ...open.map((call) => setFor(call, job, setting))];
  });
  const tagged = whole(file, edits, edits.length);
  if (!('why' in tagged) && takesCommit(tagged.edits, uses, audit)) return tagged;
  return script === null ? ('why' in tagged ? tagged : { why: FORM }) : inScripts;
};

/** Whether a workflow pushes some of a file's own images, and not all: one variable would give the others a commit that they were not built from. */
const isBuiltInParts = (file: string, audit: Audit): boolean => {
  const all = audit.pipelines.map((pipeline) => imagesOfPipeline(pipeline, audit).uses);
  const namesOf = (uses: readonly ImageUse[]): readonly string[] => uses.flatMap((use) => nameOf(use) ?? []);
  const inFile = new Set(namesOf(all.flat().filter(({ saidIn }) => saidIn?.span.file === file)));
  const pushed = all.map(
    (uses) => new Set(namesOf(uses.filter(({ use }) => use === 'push')).filter((name) => inFile.has(name))),
  );
  const own = new Set(pushed.flatMap((names) => [...names]));
  return pushed.some((names) => names.size > 0 && names.size < own.size);
};

/** A script of the checkout that starts compose. */
const findScript = (jobs: readonly AuditedJob[]): string | null =>
  jobs.flatMap((job) =>
    startingIn(job).flatMap(({ span: { file } }) => (file === job.workflow.source.file ? [] : file)),
  )[0] ?? null;

const FORM = 'its tag, or the command that starts it, is not written in a form that can be changed mechanically';

const whole = (file: string, edits: readonly (TextEdit | null)[], count: number): ComposeTag => {
  const made = edits.flatMap((edit) => edit ?? []);
  return made.length < count ? { why: FORM } : { edits: made, file };
};

/** Whether the deployments take nothing by a tag that moves any more: another place may decide about the variable. */
export const takesCommit = (edits: readonly TextEdit[], uses: readonly ImageUse[], audit: Audit): boolean => {
  const after = changedAudit(audit, textsAfter(audit, edits));
  const names = new Set(uses.flatMap(({ references }) => references.map(imageNameOf)));
  return uses.every(({ job }) =>
    after.pipelines
      .filter(({ workflow }) => workflow.source.file === job.workflow.source.file)
      .flatMap((pipeline) => findMutableUses(imagesOfPipeline(pipeline, after), after))
      .every(({ use }) => use.job.key !== job.key || !use.references.some((one) => names.has(imageNameOf(one)))),
  );
};

const startingIn = ({ steps }: AuditedJob): readonly ShellCall[] =>
  steps.flatMap(({ calls }) => calls.filter(isStarting));

const VERBS = /^(?:pull|up|run|create|build|push)$/;

/** `up` of `docker compose -f prod.yml up -d`; null: it takes or makes no image of a compose file. */
const verbOf = ({ words }: ShellCall): string | null => {
  const [program = '', second = '', ...rest] = words.map(({ value }) => value);
  if (/^docker-compose$/.test(program)) return [second, ...rest].find((word) => VERBS.test(word)) ?? null;
  if (program !== 'docker') return null;
  if (second === 'stack') return rest[0] === 'deploy' ? 'deploy' : null;
  return second === 'compose' ? (rest.find((word) => VERBS.test(word)) ?? null) : null;
};

/** What builds and pushes is run twice, with the variable and without. */
const isStarting = (call: ShellCall): boolean => !['build', 'push', null].includes(verbOf(call));

const settingOf = ({ name, value }: TagVariable): string => `${name}=${value} `;

/** Before the command; null: something stands there that may drop it, e.g. `sudo`, or it stands in another file. */
const setFor = (
  { span, prefix }: ShellCall,
  { workflow: { source } }: AuditedJob,
  variable: TagVariable,
): TextEdit | null => {
  if (span.file !== source.file || prefix.size > 0 || variable.value === null) return null;
  const { start } = offsetsOf(source, span);
  return source.text.startsWith('docker', start)
    ? { file: source.file, start, end: start, text: settingOf(variable) }
    : null;
};

/** `docker compose build` and `push` are run for the commit, too, before they are run as they are; null: not mechanically. */
export const buildComposeAgain = (
  builds: readonly ImageUse[],
  file: string,
  variable: TagVariable,
): readonly TextEdit[] | null => {
  const made = builds.filter(({ saidIn }) => saidIn?.span.file === file);
  const calls = new Map(made.flatMap(({ call, job }) => (call === null ? [] : [[call, job] as const])));
  if (made.length < builds.length || ![...calls.keys()].some((call) => verbOf(call) === 'build')) return null;
  const edits = [...calls].map(([call, job]) => runBefore(call, job, variable));
  return edits.flatMap((edit) => edit ?? []).length < edits.length ? null : edits.flatMap((edit) => edit ?? []);
};

/** A command alone on its line gets a line before it; one that is all of its step, `run: command`, a link before it. */
const runBefore = (call: ShellCall, job: AuditedJob, variable: TagVariable): TextEdit | null => {
  const { source } = job.workflow;
  if (setFor(call, job, variable) === null || call.layers.length > 0) return null;
  const { start, end } = offsetsOf(source, call.span);
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const before = source.text.slice(lineStart, start);
  if (!/^[ \t]*(?:#.*)?\r?(?:\n|$)/.test(source.text.slice(end))) return null;
  const again = `${settingOf(variable)}${source.text.slice(start, end)}`;
  if (before.trim() === '') return { file: source.file, start: lineStart, end: lineStart, text: `${before}${again}\n` };
  return /^[ -]*run: +$/.test(before) ? { file: source.file, start, end: start, text: `${again} && ` } : null;
};
