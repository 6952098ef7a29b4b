import type { TextEdit } from '../audit/finding.ts';
import type { ImageUse } from '../audit/images/image-use.ts';
import { offsetsOf } from '../core/placed-text.ts';

/** The commit, as every job of a run knows it. */
export const SHA = '${{ github.sha }}';

/** The edits that give a build a second tag, the commit, next to the one that moves; null: not mechanically. */
export const tagBuild = (builds: readonly ImageUse[]): readonly TextEdit[] | null => {
  const pushes = builds.filter(({ use }) => use === 'push');
  const ofActions = pushes.filter(({ call }) => call === null);
  if (ofActions.length === pushes.length) {
    const [only, ...others] = pushes;
    return only === undefined || others.some(({ step }) => step !== only.step) ? null : listTag(only);
  }
  const tagged = builds.filter(({ use, call }) => use === 'build' && call !== null);
  const [build, ...more] = tagged;
  const [push, ...others] = pushes;
  if (build === undefined || push === undefined || more.length > 0 || others.length > 0 || ofActions.length > 0)
    return null;
  const option = optionTag(build);
  const again = pushAgain(push);
  return option === null || again === null ? null : [...option, ...again];
};

/** The reference as it is written, and the name in it. */
const writtenIn = ({ span, job, saidIn }: ImageUse): { start: number; end: number; name: string } | null => {
  const { source } = job.workflow;
  if (saidIn !== null || span.file !== source.file || job.calledBy.length > 0) return null;
  const { start, end } = offsetsOf(source, span);
  const name = /^(.*[^:/]):[\w.-]+$/.exec(source.text.slice(start, end))?.[1];
  return name === undefined ? null : { start, end, name };
};

/** `tags` of an action: one more line of a block, or one more item behind a comma. */
const listTag = (push: ImageUse): readonly TextEdit[] | null => {
  const { source } = push.job.workflow;
  const written = writtenIn(push);
  const tags = push.step.step.with.get('tags')?.value;
  if (written === null || tags === undefined || push.step.action !== 'docker/build-push-action') return null;
  const { start, end, name } = written;
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const before = source.text.slice(lineStart, start);
  const tag = `${name}:${SHA}`;
  const place = { file: source.file };
  if (before.trim() === '') return [{ ...place, start: lineStart, end: lineStart, text: `${before}${tag}\n` }];
  return /^[ \t]*tags: +$/.test(before) && !source.text.slice(start, end).includes(',')
    ? [{ ...place, start: end, end, text: `,${tag}` }]
    : null;
};

/** `-t name:latest` gets a second `-t` behind it. */
const optionTag = (build: ImageUse): readonly TextEdit[] | null => {
  const { source } = build.job.workflow;
  const written = writtenIn(build);
  if (written === null) return null;
  const { start, end, name } = written;
  const option = /(-t|--tag)([ =])["']?$/.exec(source.text.slice(0, start).slice(-12));
  if (option === null) return null;
  const quote = /["']$/.exec(option[0])?.[0] ?? '';
  const close = end + (quote === '' ? 0 : 1);
  const text = ` ${option[1]}${option[2]}${quote}${name}:${SHA}${quote}`;
  return [{ file: source.file, start: close, end: close, text }];
};

/** `docker push name:latest`, alone on its line, gets a line before it; alone in its step or behind `&&`, a link before it. */
const pushAgain = (push: ImageUse): readonly TextEdit[] | null => {
  const { source } = push.job.workflow;
  const written = writtenIn(push);
  if (written === null || push.call === null) return null;
  const { start, end, name } = written;
  const lineStart = source.text.lastIndexOf('\n', start - 1) + 1;
  const lineEnd = source.text.indexOf('\n', end);
  const line = source.text.slice(lineStart, lineEnd < 0 ? source.text.length : lineEnd);
  const rest = source.text.slice(lineStart, start).replace(/["']$/, '');
  const [, before, command = ''] =
    /^([ \t]*|[ \t-]*run: +|.*[^&] && +)((?:sudo )?docker (?:image )?push +(?:-q |--quiet )?)$/.exec(rest) ?? [];
  if (before === undefined) return null;
  if (!/^["']?[ \t]*(?:#.*)?\r?$/.test(line.slice(end - lineStart))) return null;
  const quote = /["']$/.exec(source.text.slice(lineStart, start))?.[0] ?? '';
  const again = `${command}${quote}${name}:${SHA}${quote}`;
  const at = lineStart + before.length;
  return before.trim() === ''
    ? [{ file: source.file, start: lineStart, end: lineStart, text: `${before}${again}\n` }]
    : [{ file: source.file, start: at, end: at, text: `${again} && ` }];
};
