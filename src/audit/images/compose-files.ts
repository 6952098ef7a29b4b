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
      if (output === 'file' && outputTo !== null && isComposeName(outputTo)) changed.add(baseOf(outputTo));
      const program = words[0]?.value ?? '';
      if (!EDITORS.test(program) && !/^(?:scp|rsync)$/.test(program)) continue;
      const named = words.slice(1).flatMap(({ value }) => (isComposeName(value) ? [value] : []));
      if (/^(?:scp|rsync)$/.test(program)) sent.push(...named.filter((one) => !one.includes(':')));
      else for (const one of named) changed.add(baseOf(one));
    }
  }
  return { sent: sent.map((one) => one.replace(/^\.\//, '')), changed };
};
