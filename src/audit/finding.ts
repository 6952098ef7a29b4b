import type { Severity } from '../core/check.ts';
import type { Span } from '../core/placed-text.ts';
import type { RuleId } from '../core/rule-ids.ts';
import type { Audit } from './pipeline.ts';

/** One replacement in a file; offsets as in `SourceFile`. */
export interface TextEdit {
  readonly file: string;
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface RuleFix {
  /** What to do, one sentence: `Add migrate to needs of deploy.` */
  readonly sentence: string;
  /** How `--fix` does it; []: by hand, it needs a decision. */
  readonly edits: readonly TextEdit[];
}

/** What a rule reports. Its text shows holes by their names and never a secret's value. */
export interface RuleFinding {
  /** The offending command or reference itself. */
  readonly span: Span;
  /** What is wrong, one sentence. */
  readonly message: string;
  /** The value that causes it, if that is written elsewhere: what one value causes is reported once. */
  readonly cause?: Span;
  /** What shows it, e.g. where a variable is set. */
  readonly evidence?: readonly { readonly text: string; readonly span: Span | null }[];
  /** Later places of the same fault, each with evidence of its own: a comment there silences that place alone. */
  readonly others?: readonly Pick<RuleFinding, 'span' | 'job' | 'step'>[];
  readonly fix: RuleFix;
  /** Keys of the job and label of the step it is in. */
  readonly job?: string;
  readonly step?: string;
  /** Other than the rule's own. */
  readonly severity?: Severity;
}

export interface Rule {
  readonly id: RuleId;
  /** A few words, for lists and SARIF. */
  readonly title: string;
  readonly check: (audit: Audit) => readonly RuleFinding[];
}

export interface IdentifiedFinding extends RuleFinding {
  readonly rule: RuleId;
}

export interface AuditFinding extends IdentifiedFinding {
  readonly severity: Severity;
  readonly suppressed: { readonly by: 'comment' | 'configuration' | 'baseline'; readonly reason: string } | null;
}

export const defineRule = (rule: Rule): Rule => rule;

/** Of a finding in a job or step, if it is in one. */
export const whereOf = (job: string | undefined, step: string | undefined): Pick<RuleFinding, 'job' | 'step'> => ({
  ...(job === undefined ? {} : { job }),
  ...(step === undefined ? {} : { step }),
});
