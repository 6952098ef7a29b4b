import { hasHole } from '../../shell/holes.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import { sentByAction, sentByCall, sourcesOf, type SentPlace } from './sent-places.ts';

/** What a job does to files that name images before it uses them. */
export interface JobFiles {
  /** Compose files that are sent to a server by themselves, without the rest of the checkout. */
  readonly sent: readonly string[];
  /** Whether it changes a file, or may do so: what the checkout says of it no longer holds. */
  readonly isChanged: (path: string) => boolean;
  /** What was put at a place of a server, by its paths in the checkout: `rsync deploy/ host:/srv/shop/`. The likeliest first. */
  readonly sentTo: (place: string) => readonly string[];
  /** What a compose file was before it was given its name: `cp compose.prod.yml compose.yml`; null: it was not. */
  readonly copiedFrom: (path: string) => string | null;
}

const COMPOSE_NAME = /(?:^|\/)(?:docker-)?compose[\w.-]*\.ya?ml$/i;
const DATA_NAME = /\.(?:ya?ml|json|nomad|hcl|tpl|tmpl|j2|tf)$/i;

const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

const EDITORS = /^(?:sed|gsed|yq|jq|envsubst|perl|python3?|ruby|kustomize|sponge|tee)$/;
const COPIERS = /^(?:scp|rsync|cp|mv)$/;
const EDITING_ACTION = /replace|subst|token|\bsed\b|yaml|yq|kustomize|render|template|set-image|image-tag/i;

/** Whether an editor goes through files whose names are not written out: `sed -i … k8s/*.yaml`, `"$file"`, `find … -exec sed -i`. */
const isSweeping = (step: AuditedStep): boolean =>
  step.calls.some(({ words }) => {
    if (!/^(?:find|xargs|kustomize|sed|gsed|yq|perl)$/.test(words[0]?.value ?? '')) return false;
    const [program = '', ...rest] = words.map(({ value }) => value);
    if (program === 'find' || program === 'xargs') return rest.some((word) => EDITORS.test(word));
    if (program === 'kustomize') return rest[0] === 'edit';
    if (!/^(?:sed|gsed|yq|perl)$/.test(program) || !rest.some((word) => /^-[a-z]*i|^--in-?place/.test(word)))
      return false;
    const file = rest.at(-1) ?? '';
    return /[*?{}]/.test(file) || hasHole(baseOf(file)) || !file.includes('.');
  });

/** Found once: images and start commands ask for them. */
export const findJobFiles = (job: AuditedJob, { pipelines }: Pick<Audit, 'pipelines'>): JobFiles => {
  const known = KNOWN.get(job) ?? readJobFiles(job.steps, stepsOnServersBefore(job, pipelines));
  KNOWN.set(job, known);
  return known;
};

const KNOWN = new WeakMap<AuditedJob, JobFiles>();

/** What the jobs that it needs have done to the files of servers is still there. */
const stepsOnServersBefore = (job: AuditedJob, pipelines: Audit['pipelines']): AuditedJob['steps'] => {
  const { allNeeds } = job;
  if (allNeeds.size === 0) return [];
  const others = pipelines.find(({ jobs }) => jobs.includes(job))?.jobs ?? [];
  return others
    .filter(({ key }) => allNeeds.has(key))
    .flatMap(({ steps }) =>
      steps.map((step) => ({
        ...step,
        action: null,
        calls: step.calls.filter(({ layers }) => layers.some(({ kind }) => kind === 'remote')),
      })),
    );
};

const readJobFiles = (own: AuditedJob['steps'], before: AuditedJob['steps']): JobFiles => {
  const sent: string[] = [];
  const changed = new Set<string>();
  const copies = new Map<string, string>();
  const places: SentPlace[] = [];
  let isSwept = false;
  for (const step of [...before, ...own]) {
    places.push(...sentByAction(step));
    if (/scp|rsync/.test(step.action ?? '')) {
      const source = step.with.get('source')?.value ?? '';
      sent.push(...source.split(/[\s,]+/).filter((one) => COMPOSE_NAME.test(one)));
    } else if (EDITING_ACTION.test(step.action ?? '')) isSwept = true;
    isSwept ||= isSweeping(step);
    for (const call of step.calls) {
      const { words, output, outputTo } = call;
      if (output === 'file' && outputTo !== null && DATA_NAME.test(outputTo)) changed.add(baseOf(outputTo));
      const program = words[0]?.value ?? '';
      const named = words.slice(1).map(({ value }) => value);
      places.push(...sentByCall(call));
      if (/^(?:scp|rsync)$/.test(program))
        sent.push(...named.filter((one) => COMPOSE_NAME.test(one) && !one.includes(':')));
      else if (COPIERS.test(program)) {
        const [from, to, ...others] = named.filter((one) => !one.startsWith('-'));
        const isCopy = others.length === 0 && COMPOSE_NAME.test(from ?? '') && COMPOSE_NAME.test(to ?? '');
        if (from !== undefined && to !== undefined && isCopy && !hasHole(from)) copies.set(baseOf(to), from);
        else changed.add(baseOf(named.at(-1) ?? ''));
      } else if (EDITORS.test(program)) for (const one of named) if (DATA_NAME.test(one)) changed.add(baseOf(one));
    }
  }
  return {
    sent: sent.map((one) => one.replace(/^\.\//, '')),
    sentTo: (place) => sourcesOf(place, places),
    copiedFrom: (path) => copies.get(baseOf(path)) ?? null,
    isChanged: (path) => changed.has(baseOf(path)) || (isSwept && !COMPOSE_NAME.test(path)),
  };
};
