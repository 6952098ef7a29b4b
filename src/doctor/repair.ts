import path from 'node:path';

import type { CheckResult } from '../core/check.ts';
import { describeForm, type AppliedFix } from '../core/doctor-report.ts';
import type { PlannedFix } from '../core/planned-fix.ts';
import { formCommands } from '../project/change-form.ts';
import { applyEdit, planEdit } from './edit-file.ts';
import { fixKey, groupFixes, type EditGroup, type FormGroup, type StepGroup } from './group-fixes.ts';

export interface RepairOptions<L extends { readonly results: readonly CheckResult[] }> {
  readonly root: string;
  /** What was found before anything is mended. */
  readonly first: L;
  /** Inspects everything again, afresh. */
  readonly look: () => Promise<L>;
  /** Tells what is going to be done, and asks whether it may be. */
  readonly confirm: (fix: PlannedFix) => Promise<boolean>;
  /** Changes how a file is stored. Gives why it failed; null: it is done. */
  readonly changeForm: (fix: FormGroup['fix']) => Promise<string | null>;
  /** Runs these steps, as `devsetup --only` does. */
  readonly runSteps: (steps: readonly PlannedStep[]) => Promise<readonly AppliedFix[]>;
  readonly onApplied: (fix: AppliedFix) => void;
  readonly signal: AbortSignal;
}

export type PlannedStep = Extract<PlannedFix, { by: 'step' }>;

export interface Repaired<L> {
  readonly last: L;
  readonly fixes: readonly AppliedFix[];
}

/** Each round looks anew; this many show that fixes undo each other. */
const MOST_ROUNDS = 20;

/**
 * Mends what can be mended, in rounds, until nothing new can be: one fix may reveal the next. Edits come before steps, since what a
 * step would do may depend on them. Each fix is tried once.
 */
export const repair = async <L extends { readonly results: readonly CheckResult[] }>(
  options: RepairOptions<L>,
): Promise<Repaired<L>> => {
  const { signal } = options;
  const tried = new Set<string>();
  const fixes: AppliedFix[] = [];
  const record = (fix: AppliedFix): void => {
    fixes.push(fix);
    options.onApplied(fix);
  };
  let last = options.first;
  for (let round = 0; round < MOST_ROUNDS && !signal.aborted; round += 1) {
    const { edits, forms, steps } = groupFixes(last.results, tried);
    if (edits.length + forms.length + steps.length === 0) break;
    const isOfFiles = edits.length + forms.length > 0;
    for (const finding of last.results.flatMap((result) => result.findings)) {
      const key = fixKey(finding);
      if (key !== null && (finding.fix?.by === 'step') !== isOfFiles) tried.add(key);
    }
    let isChanged = await mendFiles(edits, options, record);
    isChanged = (await mendForms(forms, options, record)) || isChanged;
    if (!isOfFiles) isChanged = await mendSteps(steps, options, record);
    if (isChanged && !signal.aborted) last = await options.look();
  }
  return { last, fixes };
};

type Record = (fix: AppliedFix) => void;
type Needed = Pick<RepairOptions<never>, 'root' | 'confirm' | 'changeForm' | 'runSteps' | 'signal'>;

const mendFiles = async (groups: readonly EditGroup[], options: Needed, record: Record): Promise<boolean> => {
  let isChanged = false;
  for (const group of groups) {
    if (options.signal.aborted) break;
    const plan = await planEdit(group, options.root);
    if (plan.kind === 'failed') record(plan.fix);
    if (plan.kind !== 'planned') continue;
    if (!(await isWanted(plan.edit, options, record))) continue;
    record(await applyEdit(plan.edit, options.root));
    isChanged = true;
  }
  return isChanged;
};

const mendForms = async (groups: readonly FormGroup[], options: Needed, record: Record): Promise<boolean> => {
  let isChanged = false;
  for (const { fix, codes } of groups) {
    if (options.signal.aborted) break;
    const name = path.relative(options.root, fix.file);
    const action = describeForm(name, fix.make);
    if (!(await isWanted({ by: 'form', codes, action, actions: formCommands(name, fix.make) }, options, record)))
      continue;
    const message = await options.changeForm(fix);
    record({ codes, action, outcome: message === null ? 'done' : 'failed', message });
    isChanged ||= message === null;
  }
  return isChanged;
};

const mendSteps = async (groups: readonly StepGroup[], options: Needed, record: Record): Promise<boolean> => {
  const wanted: PlannedStep[] = [];
  for (const group of groups) {
    if (options.signal.aborted) return false;
    const fix: PlannedStep = { by: 'step', action: `run the step ${group.step}`, ...group };
    if (await isWanted(fix, options, record)) wanted.push(fix);
  }
  if (wanted.length === 0 || options.signal.aborted) return false;
  for (const fix of await options.runSteps(wanted)) record(fix);
  return true;
};

/** Who interrupts a question has not declined it. */
const isWanted = async (fix: PlannedFix, options: Needed, record: Record): Promise<boolean> => {
  const isYes = await options.confirm(fix);
  if (options.signal.aborted) return false;
  if (!isYes) record({ codes: fix.codes, action: fix.action, outcome: 'declined', message: null });
  return isYes;
};
