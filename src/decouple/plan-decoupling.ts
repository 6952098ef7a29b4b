import type { TextEdit } from '../audit/finding.ts';
import { findMigrations, type Migration } from '../audit/model/migrations.ts';
import { AUDIT_RULES } from '../audit/rules/index.ts';
import type { Audit } from '../audit/pipeline.ts';
import { RULES, type RuleId } from '../core/rule-ids.ts';
import { groupBy } from '../core/group-by.ts';
import { changedAudit, distinct, textIn, textsAfter } from './changed-audit.ts';
import { leave } from './cut-inline.ts';
import type { ChangedFile, DecoupleFacts, Decoupling, Left, WorkflowPlan } from './decoupling.ts';
import { findLanes, type Lane } from './find-inline.ts';
import { fixWiring } from './fix-wiring.ts';
import { leaveUse, pinImages, type Pinned } from './pin-images.ts';
import { planLane } from './plan-lane.ts';
import { useDevsetup } from './use-devsetup.ts';

/** What `devsetup decouple` makes of the workflows of a checkout. Pure over text; nothing is written. */
export const planDecoupling = (
  audit: Audit,
  wished: DecoupleFacts,
  isWanted: (file: string) => boolean = () => true,
): Decoupling => {
  const facts: DecoupleFacts = wished.isOtherEngine || !wished.hasDjango ? { ...wished, with: 'manage' } : wished;
  const lanes = findLanes(audit).filter(({ pipeline }) => isWanted(pipeline.workflow.source.file));
  const planned = withoutStrays(planLanes(lanes, audit, facts), audit);
  const { plans, left } = verify(planned, audit);
  const edits = plans.flatMap((plan) => plan.edits);
  // A workflow is changed as a whole, or stays.
  const isFree = (file: string): boolean => isWanted(file) && !left.some(({ span }) => span.file === file);
  const alike = useDevsetup(changedAudit(audit, textsAfter(audit, edits)), facts, isFree);
  const wired = fixWiring(alike.audit, isFree);
  const pinned = withoutHarm(wired.audit, pinImages(wired.audit, isFree));
  const isKnown = ({ span }: Left): boolean =>
    left.some((one) => one.span.file === span.file && one.span.line === span.line);
  const touched = new Set([...edits.map(({ file }) => file), ...audit.files, ...pinned.files]);
  const files = [...touched].flatMap((file): readonly ChangedFile[] => {
    const before = textIn(audit, file);
    const after = textIn(pinned.audit, file);
    return after === before ? [] : [{ file, before, after }];
  });
  return {
    files,
    moved: [...plans.flatMap(({ moved }) => moved), ...alike.moved, ...wired.moved, ...pinned.moved],
    left: distinct([...left, ...[...wired.left, ...pinned.left].filter((one) => !isKnown(one))]),
    settings: distinct(plans.flatMap(({ settings }) => settings)),
    notes: [
      ...(wished.hasDjango && facts.with !== wished.with && plans.some(({ isNew }) => isNew) ? [OTHER_ENGINE] : []),
      ...new Set(plans.flatMap(({ notes }) => notes)),
    ],
    needsDevsetup: facts.with === 'devsetup' && (plans.some(({ isNew }) => isNew) || alike.moved.length > 0),
  };
};

const OTHER_ENGINE =
  'The settings name a database that is not PostgreSQL, for which `devsetup migrate` is made: the job runs the plain commands, as with `--with manage`.';

interface Planned {
  readonly lane: Lane;
  readonly plan: WorkflowPlan;
}

interface LanesPlanned {
  readonly planned: readonly Planned[];
  readonly left: readonly Left[];
}

const planLanes = (lanes: readonly Lane[], audit: Audit, facts: DecoupleFacts): LanesPlanned => {
  const siblings: readonly Migration[] = lanes.flatMap(({ inline }) => inline.flatMap(({ migrations }) => migrations));
  const ofFile = groupBy(lanes, ({ pipeline }) => pipeline.workflow.source.file);
  const done = lanes.map((lane) => {
    const isOnly = ofFile.get(lane.pipeline.workflow.source.file)?.length === 1;
    return { lane, result: planLane(lane, audit, facts, { isOnly, siblings }) };
  });
  return {
    planned: done.flatMap(({ lane, result }) => ('plan' in result ? [{ lane, plan: result.plan }] : [])),
    left: done.flatMap(({ result }) => ('left' in result ? result.left : [])),
  };
};

/** A script that a job runs which stays as it is has to stay, too, and with it all that would change it. */
const withoutStrays = ({ planned, left }: LanesPlanned, audit: Audit): LanesPlanned => {
  const changed = new Set(planned.flatMap(({ lane }) => lane.inline.map(({ job }) => job.job)));
  const strays = planned.flatMap(({ lane, plan }) => {
    const user = audit.pipelines
      .flatMap(({ jobs }) => jobs)
      .find(
        (job) =>
          !changed.has(job.job) &&
          findMigrations(job, audit.config).some(({ call }) => plan.shared.includes(call.span.file)),
      );
    if (user === undefined) return [];
    const what = `migration in ${lane.base.id}`;
    const why = `${user.id} in ${user.workflow.source.file} runs ${plan.shared.join(', ')}, too`;
    return [{ lane, left: leave(lane.base.job.idSpan, what, why) }];
  });
  if (strays.length === 0) return { planned, left };
  const kept = planned.filter(({ lane }) => !strays.some((stray) => stray.lane === lane));
  return withoutStrays({ planned: kept, left: [...left, ...strays.map((stray) => stray.left)] }, audit);
};

/** The plans of each workflow whose change makes nothing worse. */
const verify = (
  { planned, left }: LanesPlanned,
  audit: Audit,
): { readonly plans: readonly WorkflowPlan[]; readonly left: readonly Left[] } => {
  const all = planned.flatMap(({ plan }) => plan.edits);
  if (!overlaps(all) && findWorse(audit, textsAfter(audit, all)) === null)
    return { plans: planned.map(({ plan }) => plan), left };
  // One at a time, with what shares a script: the others are not kept from it.
  const fine: WorkflowPlan[] = [];
  const refused: Left[] = [];
  for (const [file, own] of groupBy(
    planned,
    ({ lane, plan }) => plan.shared[0] ?? lane.pipeline.workflow.source.file,
  )) {
    const edits = own.flatMap(({ plan }) => plan.edits);
    const worse = overlaps(edits) ? [OVERLAP] : findWorse(audit, textsAfter(audit, edits));
    if (worse === null) fine.push(...own.map(({ plan }) => plan));
    else {
      const [why = '', remedy] = worse;
      refused.push(leave(own[0].lane.base.job.idSpan, file, why, remedy));
    }
  }
  return { plans: fine, left: [...left, ...refused] };
};

const overlaps = (edits: readonly TextEdit[]): boolean =>
  [...groupBy(distinct(edits), ({ file }) => file).values()].some((ofFile) => {
    const sorted = ofFile.toSorted((a, b) => a.start - b.start);
    return sorted.some((edit, index) => index > 0 && edit.start < (sorted[index - 1]?.end ?? 0));
  });

const JUDGED = /^(?:migrate\/|image\/|workflow\/invalid)/;

/** Tags are changed only if no rule finds more than before. */
export const withoutHarm = (audit: Audit, pinned: Pinned): Pinned => {
  // A compose file with a variable reads otherwise for a deployment that stays as it was: its place counts, and not the words.
  const [fresh] = pinned.audit === audit ? [] : freshErrors(audit, pinned.audit, ({ job }) => job);
  if (fresh === undefined) return pinned;
  const kept = pinned.uses.map((use) => leaveUse(use, sentenceOf(fresh), audit));
  return { audit, files: [], uses: [], moved: [], left: [...pinned.left, ...kept] };
};

/** What a job that was split off has taken over is not new, whatever its name. What the rules would find after the change and did not find before, and what to do. */
const findWorse = (audit: Audit, texts: ReadonlyMap<string, string>): readonly string[] | null => {
  const [fresh] = freshErrors(audit, changedAudit(audit, texts), ({ message, job }) => message.replace(job, ''));
  if (fresh === undefined) return null;
  return fresh.rule === 'migrate/sequence' ? [sentenceOf(fresh), SEQUENCE] : [sentenceOf(fresh)];
};

const sentenceOf = ({ rule, message }: FoundError): string =>
  `after the change, \`devsetup audit\` would report ${rule}: ${message.replace(/\.$/, '')}`;

const OVERLAP = 'two changes overlap';
const SEQUENCE = 'Name the commands in `audit.sequence` of the configuration, or omit `--with manage`.';

interface FoundError {
  readonly rule: RuleId;
  readonly message: string;
  readonly file: string;
  readonly job: string;
}

/** Errors that an audit has and another one, of the same checkout, has not. `tell`: what tells two of one rule and file apart. */
const freshErrors = (before: Audit, after: Audit, tell: (error: FoundError) => string): readonly FoundError[] => {
  const keyOf = (error: FoundError): string => JSON.stringify([error.rule, error.file, tell(error)]);
  const known = groupBy(errorsOf(before), keyOf);
  return [...groupBy(errorsOf(after), keyOf)].flatMap(([key, found]) => found.slice(known.get(key)?.length ?? 0));
};

const errorsOf = (audit: Audit): readonly FoundError[] =>
  AUDIT_RULES.filter(({ id }) => JUDGED.test(id)).flatMap(({ id, check }) =>
    check(audit)
      .filter(({ severity }) => (severity ?? RULES[id]) === 'error')
      .map(({ message, span, job = '' }) => ({ rule: id, message, file: span.file, job })),
  );
