import { areExclusive } from '../audit/model/exclusive-conditions.ts';
import type { Migration } from '../audit/model/migrations.ts';
import type { Audit, AuditedJob, Pipeline } from '../audit/pipeline.ts';
import { nodeSteps } from '../scaffold/workflows/blocks/node-steps.ts';
import { conditionFor } from './conditions-of.ts';
import { leave } from './cut-inline.ts';
import { findMigrateEnvironment, type MigrateEnvironment, type Unknown } from './database-environment.ts';
import type { DecoupleFacts, Left, WorkflowPlan } from './decoupling.ts';
import { describeEnvironment } from './describe-environment.ts';
import type { Lane } from './find-inline.ts';
import { findRevision } from './find-revision.ts';
import { migrateCommands } from './migrate-commands.ts';
import { renderMigrateJob } from './render-migrate-job.ts';
import { findOtherTool } from './other-tool.ts';
import { CHECKOUT, findPythonSetup, type PythonSetup } from './setup-steps.ts';
import type { BuildJob } from './split-build.ts';
import { indentOf, startWithComments, toFlow } from './source-lines.ts';

type Added = Pick<WorkflowPlan, 'edits' | 'moved' | 'settings' | 'notes'>;

/** The edit that writes the migrate job above the first deployment, or why it cannot be written. */
export const addJob = (
  id: string,
  lane: Lane,
  audit: Audit,
  facts: DecoupleFacts & { readonly siblings: readonly Migration[]; readonly split: BuildJob | null },
): Added | { readonly left: readonly Left[] } => {
  const { inline, deploys, pipeline, base } = lane;
  const job = base;
  const migrations = inline.flatMap((one) => one.migrations);
  const span = migrations[0]?.call.span ?? job.job.idSpan;
  const what = migrations[0] === undefined ? `migration for ${job.id}` : `${migrations[0].command} in ${job.id}`;
  const parts = otherParts(lane) ?? djangoParts(lane, audit, facts);
  if ('why' in parts) {
    const { why, remedy, needsSecret = false } = parts;
    return { left: [{ ...leave(span, what, why, remedy), needsSecret }] };
  }
  const { environment, setup, commands, directory } = parts;
  const needs = [...needsOf(lane), ...(facts.split === null ? [] : [facts.split.id])];
  const revision = findRevision(job, pipeline.workflow, needs);
  if ('why' in revision) return { left: [leave(span, what, revision.why, revision.remedy)] };
  const undeclared = undeclaredSecret(Object.values(environment.entries), pipeline);
  if (undeclared !== null) {
    const why = `its workflow is called by others, and does not declare the secret ${undeclared}`;
    return {
      left: [leave(span, what, why, `Declare ${undeclared} below workflow_call, and pass it from the callers.`)],
    };
  }
  const { label, entries, notes } = describeEnvironment(job, audit, facts);
  const { source } = pipeline.workflow;
  const before = deploys.find((one) => one.job.idSpan.line <= job.job.idSpan.line) ?? job;
  const lines = renderMigrateJob({
    id,
    needs,
    condition: conditionFor(deploys.length > 0 ? deploys : [job]),
    runsOn: job.job.runsOn === null ? 'ubuntu-latest' : toFlow(job.job.runsOn),
    environment: label,
    checkout: setup.checkout ?? CHECKOUT,
    ...revision,
    setup: setup.lines,
    entries: { ...environment.entries, ...entries },
    directory,
    commands,
  });
  const indent = indentOf(source, before.job.idSpan.line);
  const start = startWithComments(source, before.job.idSpan.line);
  const lineEnd = source.text.includes('\r\n') ? '\r\n' : '\n';
  const early = facts.split === null ? [] : [...facts.split.lines, ''];
  const text = [...early, ...lines, ''].map((line) => `${line === '' ? '' : indent}${line}${lineEnd}`).join('');
  const { file } = source;
  return {
    edits: [{ file, start, end: start, text }, ...(facts.split?.edits ?? [])],
    moved: [
      ...(facts.split === null
        ? []
        : [
            {
              what: `build of ${base.id}`,
              from: `${file}:${facts.split.line}, ${base.id}`,
              to: `${file}, ${facts.split.id}`,
            },
          ]),
      { what: 'address of the database', from: environment.source, to: `${file}, ${id}` },
      { what: parts.what, from: setup.source, to: `${file}, ${id}` },
    ],
    settings: environment.settings,
    notes: [
      ...notes,
      ...(facts.split === null ? buildNotes(base, id) : []),
      ...reachNotes(
        migrations.flatMap(({ call }) => call.layers),
        id,
      ),
    ],
  };
};

/** What the steps of the job are made of. */
interface Parts {
  readonly environment: Pick<MigrateEnvironment, 'entries' | 'settings' | 'source'>;
  readonly setup: Pick<PythonSetup, 'lines' | 'source' | 'checkout'>;
  readonly commands: readonly string[];
  readonly directory: string | null;
  /** For people: what the set-up is of. */
  readonly what: string;
}

const otherParts = (lane: Lane): Parts | null => {
  const other = findOtherTool(lane);
  if (other === null) return null;
  const { entries, setup, checkout, commands, directory } = other;
  const source = `${lane.pipeline.workflow.source.file}, ${lane.base.id}`;
  return {
    environment: { entries, settings: [], source },
    setup: { lines: setup, checkout, source },
    commands,
    directory,
    what: 'set-up of the tools',
  };
};

const djangoParts = (
  { inline, base, builds }: Lane,
  audit: Audit,
  facts: DecoupleFacts & { readonly siblings: readonly Migration[] },
): Parts | Unknown => {
  const migrations = inline.flatMap((one) => one.migrations);
  const environment = findMigrateEnvironment(builds[0] ?? base, migrations, audit, facts);
  if ('why' in environment) return environment;
  const isPlain = facts.with === 'manage';
  const plain = isPlain ? migrateCommands(inline.length > 0 ? migrations : facts.siblings, audit) : [];
  if (plain === null)
    return {
      why: inline.length > 0 ? 'it takes values from the script it stands in' : 'nothing says how tenants are migrated',
      remedy: 'Name the commands in `audit.sequence` of the configuration.',
    };
  const setup = findPythonSetup(audit, base, facts);
  if (setup === null)
    return {
      why: 'neither the checkout nor a job that tests says what the backend needs to be installed',
      remedy: 'Add its requirements.txt or pyproject.toml, and start decouple again.',
    };
  const { flag } = describeEnvironment(base, audit, facts);
  const node = isPlain
    ? []
    : nodeSteps({ ...facts.node, title: 'Install devsetup', directory: null, ignoreScripts: true });
  return {
    environment,
    setup: { ...setup, lines: [...setup.lines, ...node] },
    commands: isPlain
      ? plain.map((command) => `${setup.prefix}${command}`)
      : [`${setup.prefix}npx --no-install devsetup migrate${flag}`],
    // `poetry run` and the like look for their project from the folder they are started in.
    directory: (isPlain || setup.prefix !== '') && facts.backendFolder !== '.' ? facts.backendFolder : null,
    what: 'set-up of Python',
  };
};

/** A job cannot come between the steps of another one. */
const buildNotes = ({ id, does }: AuditedJob, migrate: string): readonly string[] => {
  const parts = [
    ...(does.has('build') ? [{ does: 'builds', part: 'the build' }] : []),
    ...(does.has('test') ? [{ does: 'tests', part: 'the tests' }] : []),
  ];
  const all = (name: 'does' | 'part'): string => parts.map((one) => one[name]).join(' and ');
  return parts.length === 0
    ? []
    : [
        `${id} ${all('does')} in the job that deploys, so ${migrate} runs before ${all('part')}. Move ${all('part')} into a job of its own, and let ${migrate} and ${id} need it.`,
      ];
};

/** A called workflow that lists its secrets gets no others. */
const undeclaredSecret = (values: readonly string[], { workflow }: Pipeline): string | null => {
  const called = workflow.triggers.find(({ event }) => event === 'workflow_call');
  if (called === undefined || called.secrets.size === 0) return null;
  const names = values.flatMap((value) => /\bsecrets\.(\w+)/.exec(value)?.[1] ?? []);
  return names.find((name) => !called.secrets.has(name) && !called.secrets.has(name.toUpperCase())) ?? null;
};

/** The runner of the new job connects to the database itself. */
const reachNotes = (layers: readonly { readonly kind: string }[], id: string): readonly string[] =>
  layers.some(({ kind }) => kind === 'remote' || kind === 'container')
    ? [
        `Until now the migration ran on the server or in a container: the runner of ${id} has to reach the database, too.`,
      ]
    : [];

/** All the deployments wait for, and every build and test of this environment. */
const needsOf = ({ pipeline, deploys, inline, base, builds }: Lane): readonly string[] => {
  const late = inline.map(({ job }) => job).filter((job) => !builds.includes(job));
  const mine = new Set([...deploys, ...late].map(({ id }) => id));
  const waited = [...deploys, ...late].flatMap(({ job }) => job.needs.map(({ value }) => value));
  const early = pipeline.jobs
    .filter((job) => job.calledBy.length === 0 && (job.role === 'build' || job.role === 'test'))
    .filter((job) => isOfStage(job, base))
    .filter((job) => ![...job.allNeeds].some((key) => mine.has(key)))
    .map(({ id }) => id);
  const callers = pipeline.jobs
    .filter((job) => job.calledBy.length > 0 && (job.role === 'build' || job.role === 'test'))
    .flatMap(({ calledBy }) => calledBy[0]?.job.id ?? []);
  return [...new Set([...waited, ...early, ...builds.map(({ id }) => id), ...callers])].filter((id) => !mine.has(id));
};

const isOfStage = (job: AuditedJob, deploy: AuditedJob): boolean =>
  (job.stage === null || deploy.stage === null || job.stage === deploy.stage) && !areExclusive(job, deploy);
