import { collect } from '../../core/collect.ts';
import { spanOf, type Span } from '../../core/placed-text.ts';
import type { Holes } from '../../shell/holes.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { defineRule } from '../finding.ts';
import { baseName } from '../model/django-command.ts';
import type { AuditedJob } from '../pipeline.ts';
import { hasSecret } from '../secrets/holes-of-secrets.ts';
import { onePerSecret, type OfSecret } from '../secrets/one-per-secret.ts';
import { findPrinted, inWords, printsEnvironment, type Printed } from '../secrets/printing.ts';

interface Shown {
  readonly secret: string;
  readonly span: Span;
  readonly how: string;
}

export const printed = defineRule({
  id: 'secret/printed',
  title: 'A secret is written to the log',
  check: ({ pipelines, holes }) =>
    onePerSecret(pipelines.flatMap(({ jobs }) => jobs.flatMap((job) => ofJob(job, holes)))),
});

const ofJob = (job: AuditedJob, holes: Holes): readonly OfSecret[] => {
  const before = new Set<string>();
  return job.steps.flatMap((step) => {
    let isTraced = false;
    const written = new Set<string>();
    return collect(step.calls, (call, index): readonly OfSecret[] => {
      const shown = showing(call, step.calls[index + 1], {
        environment: step.environment,
        files: { before, written },
        holes,
      });
      noteFile(call, written, holes);
      if (index === step.calls.length - 1) for (const file of written) before.add(file);
      const found = shown ?? (isTraced ? null : tracing(call, holes));
      if (found === null) return [];
      if (shown === null) isTraced = true;
      return [
        {
          // Which one a file holds is not known: each file is its own.
          secret: `${found.secret}${found.how.startsWith(':') ? found.how : ''}`,
          span: found.span,
          message: `${found.secret} goes to the log${found.how}; GitHub masks it only where it stands unchanged and whole.`,
          fix: { sentence: 'Say that it is there, or nothing; never what it is.', edits: [] },
          job: job.key,
          step: step.label,
        },
      ];
    });
  });
};

/**
 * The secret itself, where it is written at the command or below it; else, e.g. out of a file written before, the command.
 * A function that prints what it is given, e.g. `log`, is not the cause: its call is.
 */
const spanOfPrinted = ({ secret, word, at }: Printed, call: ShellCall, holes: Holes): Span => {
  if (word === null) return call.span;
  for (const { args } of call.layers.slice(call.layers.findLastIndex(({ kind }) => kind !== 'function') + 1)) {
    const given = args === undefined ? null : inWords(args, holes, secret);
    const { placed } = given?.word ?? {};
    if (given !== null && placed !== undefined && placed.segments.length > 0)
      return spanOf(placed, given.at, given.at + 1);
  }
  const span = spanOf(word.placed, at, at + 1);
  return span.file === call.span.file && span.line >= call.span.line ? span : call.span;
};

const showing = (
  call: ShellCall,
  next: ShellCall | undefined,
  given: Parameters<typeof printsEnvironment>[2] & { readonly files: Files },
): Shown | null => {
  const direct = findPrinted(call, given.holes);
  if (direct !== null) return { secret: direct.secret, span: spanOfPrinted(direct, call, given.holes), how: '' };
  const all = printsEnvironment(call, next, given);
  if (all !== null) return { secret: all, span: call.span, how: ' with the whole environment' };
  const file = call.output === 'shown' ? shownFile(call, given.files) : undefined;
  return file === undefined ? null : { secret: 'A secret', span: call.span, how: `: ${file} has it` };
};

/** `set -x` shows every command with its words. */
const tracing = (call: ShellCall, holes: Holes): Shown | null => {
  if (!call.isTraced) return null;
  const found = inWords(call.words, holes);
  return found === null
    ? null
    : { secret: found.secret, span: spanOfPrinted(found, call, holes), how: ' through `set -x`' };
};

/** Files with secrets that steps before, and this step, have written. */
interface Files {
  readonly before: ReadonlySet<string>;
  readonly written: ReadonlySet<string>;
}

const SHOWS_FILE = /^(?:cat|head|tail|less|more|bat|nl|tac|base64|xxd)$/;

/** The same path on a server and on the runner is two files. */
const fileKey = (path: string, { layers, directory }: ShellCall): string => {
  const where = layers.some(({ kind }) => kind === 'remote')
    ? 'remote'
    : path.startsWith('/')
      ? ''
      : (directory ?? '?');
  return `${where}:${path.replace(/^\.\//, '')}`;
};

const shownFile = (call: ShellCall, { before, written }: Files): string | undefined => {
  if (before.size === 0 && written.size === 0) return undefined;
  const [program, ...args] = call.words.map(({ value }) => withoutPadding(value));
  if (!SHOWS_FILE.test(baseName(program ?? ''))) return undefined;
  return args.find((path) => {
    const key = fileKey(path, call);
    // What `cat` reads of the step's own files is known, and was looked at.
    return before.has(key) || (baseName(program ?? '') !== 'cat' && written.has(key));
  });
};

/** Files that secrets are written to, by `>`, `tee`. */
const noteFile = (call: ShellCall, files: Set<string>, holes: Holes): void => {
  const program = baseName(call.words[0]?.value ?? '');
  if (call.output !== 'file' && program !== 'tee') return;
  const isSecret =
    call.words.some(({ value }) => hasSecret(value, holes)) ||
    (call.input !== null && hasSecret(call.input.value, holes));
  if (!isSecret) return;
  if (call.output === 'file' && call.outputTo !== null && /^(?:echo|printf|cat|base64|sed|envsubst)$/.test(program)) {
    files.add(fileKey(withoutPadding(call.outputTo), call));
  }
  if (program !== 'tee') return;
  for (const { value } of call.words.slice(1))
    if (!value.startsWith('-')) files.add(fileKey(withoutPadding(value), call));
};
