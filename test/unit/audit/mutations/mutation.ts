import type { RuleId } from '../../../../src/core/rule-ids.ts';

/** A checkout: paths relative to its root. */
export type Checkout = Readonly<Record<string, string>>;

/** What somebody may do to a generated pipeline. null: there is nothing of the kind in this one. */
export type Change = (checkout: Checkout) => Checkout | null;

export interface Mutation {
  readonly name: string;
  readonly change: Change;
  /** The rule that has to tell of it; null: none may. */
  readonly rule: RuleId | null;
}

export const PIPELINE = '.github/workflows/deployment.yml';

/** Replaces the first match in one file. */
export const replaced =
  (file: string, from: string | RegExp, to: string | ((match: string) => string)): Change =>
  (checkout) => {
    const text = checkout[file];
    if (text === undefined || text.search(typeof from === 'string' ? escaped(from) : from) < 0) return null;
    const after = typeof to === 'string' ? text.replace(from, () => to) : text.replace(from, to);
    return { ...checkout, [file]: after };
  };

const escaped = (text: string): RegExp => new RegExp(text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));

/** Edits the text of one job of the pipeline, its key included. */
export const inJob =
  (id: string, edit: (job: string) => string): Change =>
  (checkout) => {
    const text = checkout[PIPELINE] ?? '';
    const start = text.indexOf(`\n  ${id}:\n`);
    if (start < 0) return null;
    const next = /\n {2}[\w-]+:\n/g;
    next.lastIndex = start + id.length + 4;
    const end = next.exec(text)?.index ?? text.length;
    const job = text.slice(start, end);
    const after = edit(job);
    return after === job ? null : { ...checkout, [PIPELINE]: text.slice(0, start) + after + text.slice(end) };
  };

export const inJobReplaced = (id: string, from: string | RegExp, to: string): Change =>
  inJob(id, (job) => job.replace(from, () => to));

/** One after the other; null where one of them finds nothing to change. */
export const all =
  (...changes: readonly Change[]): Change =>
  (checkout) =>
    changes.reduce<Checkout | null>((done, change) => (done === null ? null : change(done)), checkout);

/** A step at the end of a job: the lines of a shell script. */
export const withStep = (id: string, script: string, more = ''): Change =>
  inJob(id, (job) => `${job.trimEnd()}\n      - name: Added\n${more}        run: |\n${indented(script)}\n`);

export const indented = (script: string): string =>
  script
    .split('\n')
    .map((line) => `          ${line}`.trimEnd())
    .join('\n');

/** The command of the migrate job, written out otherwise. */
export const migratingBy = (script: string): Change =>
  inJob('migrate', (job) =>
    job.replace(/run: npx --no-install devsetup migrate .*/, () => `run: |\n${indented(script)}`),
  );

/** A job at the end of the pipeline. */
export const withJob =
  (text: string): Change =>
  (checkout) => ({ ...checkout, [PIPELINE]: `${(checkout[PIPELINE] ?? '').trimEnd()}\n\n${text.trimEnd()}\n` });

export const withFile =
  (file: string, text: string): Change =>
  (checkout) => ({ ...checkout, [file]: text });
