import type { AuditedJob } from '../pipeline.ts';

/** What a job does to compose files before it uses them. */
export interface ComposeFiles {
  /** Sent to a server by themselves, without the rest of the checkout. */
  readonly sent: readonly string[];
  /** Base names of those it changes: what the checkout says of them no longer holds. */
  readonly changed: ReadonlySet<string>;
}

const COMPOSE_NAME = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i;

const isComposeName = (text: string): boolean => COMPOSE_NAME.test(text);

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const EDITORS = /^(?:sed|gsed|yq|envsubst|perl|python3?)$/;

export const findComposeFiles = ({ steps }: AuditedJob): ComposeFiles => {
  const sent: string[] = [];
  const changed = new Set<string>();
  for (const step of steps) {
    if (/scp|rsync/.test(step.action ?? '')) {
      const source = step.with.get('source')?.value ?? '';
      sent.push(...source.split(/[\s,]+/).filter(isComposeName));
    }
    for (const { words, output, outputTo } of step.calls) {
      const [program = '', ...args] = words.map(({ value }) => value);
      const named = args.filter(isComposeName);
      if (/^(?:scp|rsync)$/.test(program)) sent.push(...named.filter((one) => !one.includes(':')));
      if (EDITORS.test(program)) for (const one of named) changed.add(baseOf(one));
      if (output === 'file' && outputTo !== null && isComposeName(outputTo)) changed.add(baseOf(outputTo));
    }
  }
  return { sent: sent.map((one) => one.replace(/^\.\//, '')), changed };
};
