import type { TextEdit } from '../audit/finding.ts';
import { assignmentsOf, writtenToEnvFile } from '../audit/images/from-variables.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import { partOfWord, spanOfPart } from '../audit/images/part.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { createSource, offsetsOf, type Span } from '../core/placed-text.ts';
import { textIn } from './changed-audit.ts';
import { textOfJob } from './source-lines.ts';
import { SHA } from './tag-build.ts';

/** The variable that a compose file takes a tag, or an image with its tag, from. */
const REFERENCE = /(?:^|:)\$(?:\{(\w+)(?::?[-?][^{}]*)?\}|(\w+))$/;

/** The variable that decides about the tag in a compose file; null: the tag is written there. */
export const variableOfTag = (text: string): string | null => {
  const [, braced, plain] = REFERENCE.exec(text) ?? [];
  return braced ?? plain ?? null;
};

/** What a deployment sets, and to what: the commit, or the whole image by the commit. null: the image's name is not written there. */
export interface TagVariable {
  readonly name: string;
  readonly value: string | null;
}

/** The value for an image as a compose file has it: `app:${TAG}`, `${IMAGE:-acme/app:latest}`. */
export const valueForCommit = (text: string): string | null => {
  if (REFERENCE.exec(text)?.index !== 0 || !text.startsWith('$')) return SHA;
  const name = /:?-([^\s${}]+)\}$/.exec(text)?.[1]?.replace(/:[\w.-]+$/, '');
  return name === undefined ? null : `${name}:${SHA}`;
};

/** How often a text mentions a variable. */
export const countMentions = (text: string, variable: string): number =>
  [...text.matchAll(new RegExp(`\\b${variable}\\b`, 'g'))].length;

/** The commit in a script of the checkout, which runs on the runner: there GitHub gives it; by hand the script takes the tag that it had. */
export const inScript = (tag: string): string => `\${GITHUB_SHA:-${tag}}`;

/** Scripts of the checkout whose commands a job runs. */
export const scriptsOf = ({ steps, workflow }: AuditedJob): ReadonlySet<string> =>
  new Set(
    steps.flatMap(({ calls }) => calls.map(({ span }) => span.file)).filter((file) => file !== workflow.source.file),
  );

/** Another workflow runs a script, too, maybe for a commit that has no image. */
export const isRunElsewhere = (script: string, jobs: readonly AuditedJob[], audit: Audit): boolean =>
  audit.pipelines.some(({ jobs: all }) =>
    all.some((job) => !jobs.some((one) => one.job === job.job) && scriptsOf(job).has(script)),
  );

/** Where a job gives a variable its value; its `env` is one of the places. */
const settingsOf = (variable: string, job: AuditedJob): readonly (Span | null)[] => [
  ...[job.job.env, ...job.job.steps.map(({ env }) => env)].flatMap((env) => {
    const entry = env.get(variable);
    return entry === undefined ? [] : [entry.value.span];
  }),
  ...job.steps.flatMap(({ calls }) =>
    calls.flatMap((call) => {
      const before = call.prefix.get(variable);
      const exported = call.words[0]?.value === 'export' ? assignmentsOf(call.words.slice(1).map(partOfWord)) : [];
      const parts = [...exported, ...writtenToEnvFile(call)].filter(({ name }) => name === variable);
      return [...(before === undefined ? [] : [before.span]), ...parts.map(({ value }) => spanOfPart(value))];
    }),
  ),
];

/** The edits that let every place where a job sets a variable set it to the commit; null: not all are written as a plain tag, or something else reads it. */
export const setToCommit = (
  { name: variable, value }: TagVariable,
  job: AuditedJob,
  audit: Audit,
): readonly TextEdit[] | null => {
  const own = job.workflow.source.file;
  const spans = settingsOf(variable, job);
  const edits = spans.map((span): TextEdit | null => {
    if (span === null) return null;
    const source = span.file === own ? job.workflow.source : createSource(span.file, textIn(audit, span.file));
    const { start, end } = offsetsOf(source, span);
    const [, before, tag] =
      /^((?:\w+=)?["']?(?:[^\s"'$]+:)?)([\w][\w.-]*)["']?$/.exec(source.text.slice(start, end)) ?? [];
    if (before === undefined || tag === undefined) return null;
    // `IMAGE=app` is a name without a tag.
    if (value !== SHA && !before.endsWith(':')) return null;
    const from = start + before.length;
    return { file: source.file, start: from, end: from + tag.length, text: span.file === own ? SHA : inScript(tag) };
  });
  const places = new Map(
    edits.flatMap((edit) => (edit === null ? [] : [[`${edit.file} ${edit.start}`, edit] as const])),
  );
  const scripts = [...scriptsOf(job)].map((file) => textIn(audit, file));
  const known = places.size + mentionsAround(variable, job);
  const isAll = !edits.includes(null) && known === countMentions([textOfJob(job), ...scripts].join('\n'), variable);
  return isAll ? [...places.values()] : null;
};

/** Mentions that do not read it: what `sed` looks for to write it, and `envs` of an SSH action, which hands it on. */
const mentionsAround = (variable: string, { job, steps }: AuditedJob): number => {
  const passed = job.steps.flatMap((step) => step.with.get('envs')?.value.value ?? []);
  const counts = steps.flatMap(({ calls }) =>
    calls.flatMap((call) =>
      writtenToEnvFile(call).some(({ name }) => name === variable)
        ? [countMentions(call.words.map(({ value }) => value).join(' '), variable)]
        : [],
    ),
  );
  return countMentions(passed.join(' '), variable) + counts.reduce((sum, one) => sum + Math.max(0, one - 1), 0);
};

/** Whether all images that take their tag from a variable of a compose file are those of these uses. */
export const isOnlyFor = (variable: string, text: string, uses: readonly ImageUse[]): boolean =>
  new Set(uses.flatMap(({ saidIn }) => saidIn?.span.line ?? [])).size === countMentions(text, variable);
