import type { TextEdit } from '../audit/finding.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { createSource, offsetsOf } from '../core/placed-text.ts';
import type { ShellCall } from '../shell/shell-run.ts';
import { textIn } from './changed-audit.ts';
import { SHA } from './tag-build.ts';

/** What a compose file takes its tag from, and the commands of the deployment set. */
const VARIABLE = 'IMAGE_TAG';
const SETTING = `${VARIABLE}=${SHA} `;

/** The edits that let a deployment give a compose file its tag, or why not. */
export type ComposeTag = { readonly edits: readonly TextEdit[]; readonly file: string } | { readonly why: string };

/** null: these images do not all stand in one compose file. */
export const composeFileOf = (uses: readonly ImageUse[]): string | null => {
  const files = new Set(uses.map(({ saidIn, job }) => saidIn?.span.file ?? job.workflow.source.file));
  const [file] = files;
  return file !== undefined && files.size === 1 && uses.every(isOfCompose) ? file : null;
};

const isOfCompose = ({ saidIn, call }: ImageUse): boolean => saidIn !== null && call !== null && verbOf(call) !== null;

/** `image: app:latest` becomes `image: app:${IMAGE_TAG:-latest}`, and every command of compose of the deployment sets it. */
export const tagCompose = (file: string, uses: readonly ImageUse[], audit: Audit): ComposeTag => {
  const text = textIn(audit, file);
  const jobs = [...new Set(uses.map(({ job }) => job))];
  if (text.includes(VARIABLE) || jobs.some((job) => job.workflow.source.text.includes(VARIABLE)))
    return { why: `${VARIABLE} is used for something else already` };
  if (!jobs.every((job) => isBrought(job, uses, file)))
    return { why: `nothing in the deployment brings ${file} to the server` };
  const source = createSource(file, text);
  const tags = uses.map(({ saidIn }): TextEdit | null => {
    if (saidIn === null) return null;
    const { start, end } = offsetsOf(source, saidIn.span);
    const [, quote = '', name, tag] = /^(["']?)([^\s"'$]+?)(?::([\w.-]+))?\1$/.exec(text.slice(start, end)) ?? [];
    if (name === undefined) return null;
    const from = start + quote.length + name.length;
    return { file, start: from, end: end - quote.length, text: `:\${${VARIABLE}:-${tag ?? 'latest'}}` };
  });
  const settings = jobs.flatMap((job) =>
    job.steps.flatMap(({ calls }) => calls.filter(isStarting).map((call) => setFor(call, job))),
  );
  const edits = [...tags, ...settings].flatMap((edit) => edit ?? []);
  return edits.length < tags.length + settings.length
    ? { why: 'its tag, or the command that starts it, is not written in a form that can be changed mechanically' }
    : { edits, file };
};

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

/** Before the command; null: something stands there that may drop it, e.g. `sudo`, or it stands in another file. */
const setFor = ({ span, prefix }: ShellCall, { workflow: { source } }: AuditedJob): TextEdit | null => {
  if (span.file !== source.file || prefix.size > 0) return null;
  const { start } = offsetsOf(source, span);
  return source.text.startsWith('docker', start) ? { file: source.file, start, end: start, text: SETTING } : null;
};

const isRemote = ({ layers }: ShellCall): boolean => layers.some(({ kind }) => kind === 'remote');

/** Whether the file that the commands read is that of the commit: on the runner, sent by the job, or pulled by Git on the server. */
const isBrought = (job: AuditedJob, uses: readonly ImageUse[], file: string): boolean => {
  const calls = uses.flatMap((use) => (use.job === job && use.call !== null ? [use.call] : []));
  if (!calls.some(isRemote)) return calls.every(({ directory }) => directory !== null);
  return job.steps.some(
    ({ action, with: inputs, calls: all }) =>
      (/scp|rsync/.test(action ?? '') && (inputs.get('source')?.value ?? '').split(/[\s,]+/).some(isFile(file))) ||
      all.some((call) => {
        const [program = '', ...rest] = call.words.map(({ value }) => value);
        if (/^(?:scp|rsync)$/.test(program)) return rest.some(isFile(file));
        return program === 'git' && isRemote(call) && rest.some((word) => /^(?:pull|reset|clone|checkout)$/.test(word));
      }),
  );
};

const isFile =
  (file: string) =>
  (word: string): boolean =>
    word.replace(/^\.\//, '') === file;

/** `docker compose build` and `push` are run for the commit, too, before they are run as they are; null: not mechanically. */
export const buildComposeAgain = (builds: readonly ImageUse[], file: string): readonly TextEdit[] | null => {
  const made = builds.filter(({ saidIn }) => saidIn?.span.file === file);
  const calls = new Map(made.flatMap(({ call, job }) => (call === null ? [] : [[call, job] as const])));
  if (made.length < builds.length || ![...calls.keys()].some((call) => verbOf(call) === 'build')) return null;
  const edits = [...calls].map(([call, job]) => runBefore(call, job));
  return edits.flatMap((edit) => edit ?? []).length < edits.length ? null : edits.flatMap((edit) => edit ?? []);
};

/** A command alone on its line gets a line before it; one that is all of its step, `run: command`, a link before it. */
const runBefore = (call: ShellCall, job: AuditedJob): TextEdit | null => {
  const { source } = job.workflow;
  if (setFor(call, job) === null || call.layers.length > 0) return null;
  const { start, end } = offsetsOf(source, call.span);
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const before = source.text.slice(lineStart, start);
  if (!/^[ \t]*(?:#.*)?\r?(?:\n|$)/.test(source.text.slice(end))) return null;
  const again = `${SETTING}${source.text.slice(start, end)}`;
  if (before.trim() === '') return { file: source.file, start: lineStart, end: lineStart, text: `${before}${again}\n` };
  return /^[ -]*run: +$/.test(before) ? { file: source.file, start, end: start, text: `${again} && ` } : null;
};
