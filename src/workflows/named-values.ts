import type { Place } from '../core/check.ts';
import { asRecord } from '../core/shape.ts';
import { optionalNames } from './optional-names.ts';
import { referencesIn } from './references.ts';
import type { WorkflowFile } from './read-workflows.ts';

export type ValueKind = 'secret' | 'variable';

/** A secret or a configuration variable that a workflow cannot do without. */
export interface NamedValue {
  readonly kind: ValueKind;
  /** In capitals: GitHub does not tell them apart. */
  readonly name: string;
  /** The environments of which one may hold it beside repository and organization; [] for a job without. */
  readonly environments: readonly string[];
  readonly place: Place;
}

type Path = readonly (string | number)[];

/** GitHub's own; and those whose absence means "off". */
const ALWAYS_THERE: ReadonlySet<string> = new Set(['GITHUB_TOKEN', 'ACTIONS_STEP_DEBUG', 'ACTIONS_RUNNER_DEBUG']);

/**
 * The secrets and variables that this workflow needs from GitHub's settings. Left out is what may well be missing: with a default, or
 * asked whether it is there; what a caller gives (`on.workflow_call`); and jobs whose environment is not known before they run.
 */
export const namedValues = (workflow: WorkflowFile): readonly NamedValue[] => {
  const { document, text, placeOf } = workflow;
  if (document === null || isOnlyCalled(document)) return [];
  const given = declaredSecrets(document);
  const { jobs, ...rest } = document;
  const all = Object.entries(asRecord(jobs)).map(([id, job]) => ({ id, job: asRecord(job) }));
  const known = all.map(({ job }) => environmentOf(job));
  const everywhere = known.includes(undefined) ? undefined : known.flatMap((environment) => environment ?? []);
  const found = [
    ...(everywhere === undefined ? [] : stringsIn(rest, []).map((one) => ({ ...one, environments: everywhere }))),
    ...all.flatMap(({ id, job }, index) => {
      const environments = known[index];
      if (environments === undefined || mayNotRunHere(job)) return [];
      const { secrets, ...others } = job;
      return [...stringsIn(others, ['jobs', id]), ...secretsGiven(secrets, job, ['jobs', id])].map((one) => ({
        ...one,
        environments,
      }));
    }),
  ];
  const optional = optionalNames(document, text);
  return found.flatMap(({ value, path, environments }) =>
    referencesIn(value)
      .filter(({ isTested }) => !isTested)
      .map(({ kind, name }) => ({ kind, name, environments, place: placeOf(path) }))
      .filter(({ kind, name }) => !ALWAYS_THERE.has(name) && !optional.has(`${kind} ${name}`))
      .filter(({ kind, name }) => kind === 'variable' || !given.has(name)),
  );
};

const triggersOf = (document: Readonly<Record<string, unknown>>): readonly string[] => {
  const { on } = document;
  if (typeof on === 'string') return [on];
  return Array.isArray(on) ? on.map(String) : Object.keys(asRecord(on));
};

/** Then secrets and variables are the caller's, who may be anybody. */
const isOnlyCalled = (document: Readonly<Record<string, unknown>>): boolean =>
  triggersOf(document).every((trigger) => trigger === 'workflow_call');

const declaredSecrets = ({ on }: Readonly<Record<string, unknown>>): ReadonlySet<string> =>
  new Set(Object.keys(asRecord(asRecord(asRecord(on)['workflow_call'])['secrets'])).map((name) => name.toUpperCase()));

/** [] without one; undefined: an expression chooses it. */
const environmentOf = (job: Readonly<Record<string, unknown>>): readonly string[] | undefined => {
  const { environment } = job;
  if (environment === undefined || environment === null) return [];
  const name = typeof environment === 'string' ? environment : asRecord(environment)['name'];
  return typeof name === 'string' && !name.includes('${{') ? [name] : undefined;
};

/** Switched off, or meant for one repository of several. */
const mayNotRunHere = ({ if: condition }: Readonly<Record<string, unknown>>): boolean =>
  condition === false ||
  (typeof condition === 'string' && /github\.repository|^\s*(?:\$\{\{)?\s*false\b/.test(condition));

/** What a called workflow of another repository can do without is not known. */
const secretsGiven = (secrets: unknown, { uses }: Readonly<Record<string, unknown>>, path: Path): readonly Found[] =>
  typeof uses === 'string' ? [] : stringsIn(secrets, [...path, 'secrets']);

interface Found {
  readonly value: string;
  readonly path: Path;
}

/** Every text of the document but conditions: what those name is asked for, not needed. */
const stringsIn = (value: unknown, path: Path): readonly Found[] => {
  if (typeof value === 'string') return [{ value, path }];
  if (Array.isArray(value)) return value.flatMap((item, index) => stringsIn(item, [...path, index]));
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === 'if' ? [] : stringsIn(item, [...path, key])));
};
