import type { Layer } from '../shell/shell-run.ts';
import { addNeeds, type Needed } from '../audit/model/add-needs.ts';
import type { Migration } from '../audit/model/migrations.ts';
import { namedBackends } from '../audit/start/deploys-django.ts';
import { findRealMigrations } from '../audit/model/find-real-migrations.ts';
import type { TextEdit } from '../audit/finding.ts';
import type { Audit, AuditedJob } from '../audit/pipeline.ts';
import { hasHole, withoutPadding } from '../shell/holes.ts';
import { addJob } from './add-job.ts';
import { isToBeMoved, notCovered } from './covered-by-devsetup.ts';
import { askForMigration } from './conditions-of.ts';
import { cutInline, leave } from './cut-inline.ts';
import type { MovedPart } from '../core/decouple-report.ts';
import type { DecoupleFacts, Left, WorkflowPlan } from './decoupling.ts';
import type { Lane } from './find-inline.ts';
import { findOtherTool } from './other-tool.ts';
import { splitBuild, type BuildJob } from './split-build.ts';

export type LanePlan = { readonly plan: WorkflowPlan } | { readonly left: readonly Left[] };

/** Moves what one environment's deployments migrate on the way into a job of its own, or says why not. All of it or nothing. */
export const planLane = (
  found: Lane,
  audit: Audit,
  facts: DecoupleFacts,
  { isOnly, siblings }: { readonly isOnly: boolean; readonly siblings: readonly Migration[] },
): LanePlan => {
  const lane = facts.with === 'manage' ? found : withoutOwnTenants(found);
  const { inline, deploys, existing, pipeline } = lane;
  const obstacle =
    findObstacle(lane) ??
    (facts.with === 'manage' ? null : findUncovered(lane)) ??
    (existing === null
      ? (findUnrunnable(lane, facts) ?? findOtherProject(lane, audit, facts))
      : findUnlike(lane, existing, audit));
  if (obstacle !== null) return { left: [obstacle] };
  const cuts = inline.map(({ job, migrations }) => cutInline(job, migrations, audit, facts));
  const kept = cuts.flatMap(({ left }) => left);
  if (kept.length > 0) return { left: kept };
  const id = existing?.id ?? chooseId(lane, isOnly);
  const removed = cuts.flatMap(({ edits }) => edits);
  const split = existing === null ? splitLane(lane, removed, audit) : null;
  const added = existing === null ? addJob(id, lane, audit, { ...facts, siblings, split }) : null;
  if (added !== null && 'left' in added) return added;
  const newJob = (name: string): Needed => ({ key: name, id: name, calledBy: [], allNeeds: new Set<string>() });
  const migrate = existing ?? newJob(id);
  const wiring = deploys
    .filter((job) => existing === null || !job.allNeeds.has(existing.key))
    .map((job) => {
      const wanted = [...(job === lane.base && split !== null ? [newJob(split.id)] : []), migrate];
      return { job, wanted, edits: [...addNeeds(job, wanted), ...asked(job, id)] };
    });
  const stuck = wiring.find(({ edits }) => edits.length === 0);
  if (stuck !== undefined) {
    const remedy = `Let ${stuck.job.id} need ${id} by hand.`;
    return {
      left: [
        leave(stuck.job.job.idSpan, `needs of ${stuck.job.id}`, 'its form cannot be extended mechanically', remedy),
      ],
    };
  }
  const { file } = pipeline.workflow.source;
  const by = facts.with === 'devsetup' && existing === null ? ': devsetup migrate' : '';
  const moved: readonly MovedPart[] =
    inline.length === 0
      ? [{ what: 'migration', from: 'nowhere', to: `${file}, ${id}` }]
      : inline.flatMap(({ job, migrations }) =>
          migrations.map((migration) => movedOf(migration, job, `${file}, ${id}${by}`)),
        );
  const needs = wiring.map(({ job, wanted }): MovedPart => ({
    what: `needs of ${job.id}`,
    from: `${file}:${(job.job.needsSpan ?? job.job.idSpan).line}, ${job.job.needs.map(({ value }) => value).join(', ') || 'nothing'}`,
    to: `${file}, ${[...job.job.needs.map(({ value }) => value), ...wanted.map((one) => one.id)].join(', ')}`,
  }));
  return {
    plan: {
      edits: [...removed, ...wiring.flatMap(({ edits }) => edits), ...(added?.edits ?? [])],
      moved: [...moved, ...(added?.moved ?? []), ...needs],
      settings: added?.settings ?? [],
      notes: [...(added?.notes ?? []), ...tenantNotes(inline, facts)],
      shared: [...new Set(cuts.flatMap(({ edits }) => edits.map((edit) => edit.file)))].filter((one) => one !== file),
      isNew: added !== null,
    },
  };
};

const movedOf = ({ command, flags, call }: Migration, { id }: AuditedJob, to: string): MovedPart => ({
  what: [command, ...flags.map(withoutPadding)].filter((word) => !hasHole(word)).join(' '),
  from: `${call.span.file}:${call.span.line}, ${id}${whereOf(call.layers)}`,
  to,
});

const tenantNotes = (inline: Lane['inline'], facts: DecoupleFacts): readonly string[] => {
  const commands = inline.flatMap(({ migrations }) => migrations.filter(({ stage }) => stage === 'super-tenant'));
  return facts.with === 'manage'
    ? []
    : commands.map(
        ({ command, call }) =>
          `devsetup creates the super tenant itself: compare tenants.super in its configuration with ${command} in line ${call.span.line}.`,
      );
};

/** For people: the server or container it ran in, else how it is written. */
const whereOf = (layers: readonly Layer[]): string => {
  const named = layers.filter(({ name }) => name !== null && !hasHole(name));
  const layer =
    named.find(({ kind }) => kind === 'remote') ?? named.find(({ kind }) => kind === 'container') ?? layers.at(-1);
  if (layer === undefined) return '';
  const { kind, name } = layer;
  return `, ${WHERE[kind]}${name === null || hasHole(name) ? '' : ` ${name}`}`;
};

const WHERE = {
  remote: 'on the server',
  container: 'in the container',
  'here-document': 'in a here-document',
  string: 'in a string',
  script: 'in a script',
  function: 'in the function',
  substitution: 'in a substitution',
  python: 'in Python code',
} as const;

const asked = (job: AuditedJob, migrate: string): readonly TextEdit[] => {
  const edit = askForMigration(job, migrate);
  return edit === null ? [] : [edit];
};

const findObstacle = ({ inline, pipeline, base }: Lane): Left | null => {
  for (const { job, migrations } of inline.length > 0
    ? inline
    : [{ job: base, migrations: [] as readonly Migration[] }]) {
    const span = migrations[0]?.call.span ?? job.job.idSpan;
    const what = `${migrations[0]?.command ?? 'the migration'} in ${job.id}`;
    if (job.role === 'rollback')
      return leave(
        span,
        what,
        'the job rolls back: whether that migrates is a decision',
        'Decide whether a rollback migrates.',
      );
    if (job.job.matrix !== null) return leave(span, what, 'its job runs once for each entry of a matrix');
    if (pipeline.workflow.faults.length > 0)
      return leave(
        span,
        what,
        'GitHub refuses this workflow as it is',
        'Fix workflow/invalid first: `npx devsetup audit`.',
      );
  }
  return null;
};

const withoutOwnTenants = (lane: Lane): Lane => ({
  ...lane,
  inline: lane.inline.map(({ job, migrations }) => ({ job, migrations: migrations.filter(isToBeMoved) })),
});

const findUncovered = ({ inline }: Lane): Left | null => {
  for (const { job, migrations } of inline) {
    for (const migration of migrations) {
      const why = notCovered(migration);
      const remedy =
        migration.stage === 'other'
          ? 'Move it into a job of its own by hand.'
          : 'Use `--with manage`, which moves the command as it is.';
      if (why !== null) return leave(migration.call.span, `${migration.command} in ${job.id}`, why, remedy);
    }
  }
  return null;
};

const AS_IT_IS =
  'Move the command, in the way it runs now, into a job of its own by hand, and let the deployments need that job.';

/** What a new job could not run: it has a checkout, Python and the database of Django's settings, and nothing else. */
const findUnrunnable = (lane: Lane, { hasDjango }: DecoupleFacts): Left | null => {
  const { inline, base } = lane;
  const all = inline.flatMap(({ job, migrations }) => migrations.map((migration) => ({ job, migration })));
  const other = all.find(({ migration }) => migration.stage === 'other');
  if (other !== undefined) {
    if (findOtherTool(lane) !== null) return null;
    const { job, migration } = other;
    const why = `what ${migration.command} needs, its tools and the address of the database, cannot be told`;
    return leave(migration.call.span, `${migration.command} in ${job.id}`, why, AS_IT_IS);
  }
  if (hasDjango) return null;
  const [first] = all;
  const what = first === undefined ? `migration for ${base.id}` : `${first.migration.command} in ${first.job.id}`;
  const span = first?.migration.call.span ?? base.job.idSpan;
  return leave(span, what, 'the checkout has no manage.py that a job of its own could run', AS_IT_IS);
};

/** Of several projects in the checkout, the new job has the one that devsetup works with. */
const findOtherProject = (
  { inline, base, pipeline }: Lane,
  audit: Audit,
  { backendFolder }: DecoupleFacts,
): Left | null => {
  const named = namedBackends(pipeline, [base, ...inline.map(({ job }) => job)], audit);
  const [other] = named;
  if (other === undefined || named.includes(backendFolder) || (audit.project.djangoFolders ?? []).length < 2)
    return null;
  const [first] = inline.flatMap(({ migrations }) => migrations);
  const what = `${first?.command ?? 'migration'} for ${base.id}`;
  const why = `it deploys the project in ${other}, and devsetup works with the one in ${backendFolder === '.' ? 'the root' : backendFolder}`;
  return leave(
    first?.call.span ?? base.job.idSpan,
    what,
    why,
    `Set "backend": { "managePy": "${other}/manage.py" } in devsetup.config.jsonc, and start decouple again.`,
  );
};

/** A migration of another tool goes only where the migrate job that is there runs the same one. */
const findUnlike = ({ inline }: Lane, existing: AuditedJob, audit: Audit): Left | null => {
  const there = new Set(findRealMigrations(existing, audit).map(({ command }) => command));
  for (const { job, migrations } of inline) {
    const other = migrations.find(({ stage, command }) => stage === 'other' && !there.has(command));
    if (other === undefined) continue;
    const what = `${other.command} in ${job.id}`;
    return leave(other.call.span, what, `${existing.id} does not run ${other.command}`, `Add it to ${existing.id}.`);
  }
  return null;
};

/** The build and tests of a deployment as a job of their own, so that the migration can stand between; null: there are none, or they cannot be taken apart. */
const splitLane = (
  { base, deploys, inline, pipeline }: Lane,
  removed: readonly TextEdit[],
  audit: Audit,
): BuildJob | null => {
  if (!deploys.includes(base) || inline.some(({ job }) => job !== base)) return null;
  if (!base.does.has('build') && !base.does.has('test')) return null;
  const name = base.does.has('build') ? 'build' : 'test';
  const taken = new Set(pipeline.jobs.map(({ id }) => id));
  const id = [name, `${name}-${base.id}`].find((one) => !taken.has(one));
  return id === undefined ? null : splitBuild(base, removed, id, audit);
};

const chooseId = ({ pipeline, base }: Lane, isOnly: boolean): string => {
  const { stage } = base;
  const wanted = isOnly || stage === null ? 'migrate' : `migrate-${stage.replaceAll(/[^a-z0-9-]/g, '-')}`;
  const taken = new Set(pipeline.jobs.map(({ id }) => id));
  return taken.has(wanted) ? `${wanted}-database` : wanted;
};
