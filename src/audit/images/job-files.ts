import { hasHole } from '../../shell/holes.ts';
import { pathBelow } from './checkout-paths.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';

/** What a job does to files that name images before it uses them. */
export interface JobFiles {
  /** Compose files that are sent to a server by themselves, without the rest of the checkout. */
  readonly sent: readonly string[];
  /** Whether it changes a file, or may do so: what the checkout says of it no longer holds. */
  readonly isChanged: (path: string) => boolean;
  /** The file of the checkout that was put at a place of a server with its folder: `rsync deploy/ host:/srv/shop/`; null: none, as far as it is known. */
  readonly sentTo: (place: string) => string | null;
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

interface SentFolder {
  /** Of the checkout. */
  readonly from: string;
  /** Of the server, without what stands for a home. */
  readonly to: string;
}

const normalPlace = (place: string): string =>
  `/${pathBelow(null, place.replace(/^(?:~|\/home\/[^/]+|\/root)(?=\/|$)/, ''))}`;

/** `rsync -az deploy/ host:/srv/shop`: what is in `deploy` arrives there; a folder without the slash arrives under its name. */
const sentFolders = (words: readonly string[], directory: string | null): readonly SentFolder[] => {
  const plain = words.filter((word) => !word.startsWith('-'));
  const [, to] = /^[^/]*?:(.+)$/.exec(plain.at(-1) ?? '') ?? [];
  const from = plain.at(-2) ?? '';
  if (to === undefined || directory === null || !/^[^/~].*\/$/.test(from) || hasHole(from)) return [];
  return [{ from: pathBelow(directory, from), to: normalPlace(to) }];
};

const readJobFiles = (own: AuditedJob['steps'], before: AuditedJob['steps']): JobFiles => {
  const sent: string[] = [];
  const changed = new Set<string>();
  const copies = new Map<string, string>();
  const folders: SentFolder[] = [];
  let isSwept = false;
  for (const step of [...before, ...own]) {
    if (/scp|rsync/.test(step.action ?? '')) {
      const source = step.with.get('source')?.value ?? '';
      sent.push(...source.split(/[\s,]+/).filter((one) => COMPOSE_NAME.test(one)));
    } else if (EDITING_ACTION.test(step.action ?? '')) isSwept = true;
    isSwept ||= isSweeping(step);
    for (const { words, output, outputTo, directory } of step.calls) {
      if (output === 'file' && outputTo !== null && DATA_NAME.test(outputTo)) changed.add(baseOf(outputTo));
      const program = words[0]?.value ?? '';
      const named = words.slice(1).map(({ value }) => value);
      if (program === 'rsync') folders.push(...sentFolders(named, directory));
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
    sentTo: (place) => {
      const folder = folders.findLast(({ to }) => normalPlace(place).startsWith(`${to}/`));
      return folder === undefined ? null : pathBelow(folder.from, normalPlace(place).slice(folder.to.length + 1));
    },
    copiedFrom: (path) => copies.get(baseOf(path)) ?? null,
    isChanged: (path) => changed.has(baseOf(path)) || (isSwept && !COMPOSE_NAME.test(path)),
  };
};
