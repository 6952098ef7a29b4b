import { conjunctsOf } from '../../../audit/model/exclusive-conditions.ts';
import type { AuditedJob, Pipeline } from '../../../audit/pipeline.ts';
import type { Span } from '../../../core/placed-text.ts';
import { parseCondition } from '../../../workflows/expressions/split-expressions.ts';
import type { Scalar } from '../../../workflows/workflow.ts';
import { USUAL_BRANCHES } from '../find-branches.ts';
import { environmentOf, type Said } from './said.ts';

type BranchOption = keyof typeof USUAL_BRANCHES;

interface Branch {
  readonly name: string;
  readonly span: Span;
}

/** From which branch each environment is deployed: by what starts the workflow, and by the `if` of the deployment. */
export const saidBranches = (pipeline: Pipeline, deploys: readonly AuditedJob[]): readonly Said[] => {
  const started = pipeline.workflow.triggers
    .filter(({ event }) => event === 'push' || event === 'workflow_run')
    .flatMap(({ branches }) => branches.map(({ value, span }) => ({ name: value, span })))
    .filter(isName);
  return deploys.flatMap((job) => {
    const demanded = [job.job, ...job.calledBy.map((caller) => caller.job)]
      .flatMap(({ condition }) => branchesOf(condition))
      .filter(isName);
    const stage = job.stage ?? pipeline.stage;
    const environment = environmentOf(stage);
    // A preview, or a stage that only this project has.
    if (stage !== null && environment === null) return [];
    return attribute(demanded.length > 0 ? demanded : started, environment === null ? null : `${environment}Branch`);
  });
};

/** A pattern names no branch. */
const isName = ({ name }: Branch): boolean => /^\w[\w./-]*$/.test(name);

const attribute = (branches: readonly Branch[], target: BranchOption | null): readonly Said[] => {
  const [only, ...others] = branches;
  return branches.flatMap(({ name, span }): readonly Said[] => {
    const named = optionOf(name);
    const option = target ?? named;
    // One of several belongs to the environment that its name says.
    const isMeant = others.length === 0 ? only !== undefined : named === option;
    return option !== null && isMeant ? [{ option, value: name, span }] : [];
  });
};

const optionOf = (name: string): BranchOption | null =>
  (Object.keys(USUAL_BRANCHES) as BranchOption[]).find((option) => USUAL_BRANCHES[option].includes(name)) ?? null;

/** `github.ref == 'refs/heads/main'`, `github.ref_name == 'main'`: one that has to be true for the job to run. */
const branchesOf = (condition: Scalar | null): readonly Branch[] => {
  const expression = condition === null ? null : parseCondition(condition.value);
  if (condition === null || expression === null) return [];
  return conjunctsOf(expression).flatMap((part): readonly Branch[] => {
    if (part.kind !== 'operation' || part.operator !== '==') return [];
    const [reference, literal] = part.left.kind === 'reference' ? [part.left, part.right] : [part.right, part.left];
    if (reference.kind !== 'reference' || literal.kind !== 'literal') return [];
    const asked = reference.path.join('.').toLowerCase();
    const text = String(literal.value);
    if (asked === 'github.ref' && text.startsWith('refs/heads/'))
      return [{ name: text.slice('refs/heads/'.length), span: condition.span }];
    return asked === 'github.ref_name' ? [{ name: text, span: condition.span }] : [];
  });
};
