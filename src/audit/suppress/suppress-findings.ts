import type { AuditConfig } from '../../config/audit-config.ts';
import { groupBy } from '../../core/group-by.ts';
import type { RuleId } from '../../core/rule-ids.ts';
import { expandRules, matchesRule } from '../../core/rule-pattern.ts';
import type { AuditFinding, IdentifiedFinding } from '../finding.ts';
import type { Baseline } from './baseline.ts';
import { matchesGlob } from './matches-glob.ts';
import type { Suppression } from './read-suppressions.ts';

type Open = Omit<AuditFinding, 'suppressed'> & { readonly fingerprint: string };

export interface Silencing {
  readonly comments: readonly Suppression[];
  readonly ignore: AuditConfig['ignore'];
  readonly baseline: Baseline;
  /** The rules that were looked at: a comment for another one may well be needed. */
  readonly rules: ReadonlySet<RuleId>;
}

export interface Silenced {
  readonly findings: readonly (AuditFinding & { readonly fingerprint: string })[];
  /** Of the comments themselves: those that silence nothing, and those without a reason. */
  readonly about: readonly IdentifiedFinding[];
}

/** Says of each finding whether it is silenced: by a comment, else by configuration, else because the baseline knows it. */
export const suppressFindings = (open: readonly Open[], { comments, ignore, baseline, rules }: Silencing): Silenced => {
  const byFile = groupBy(comments, ({ span }) => span.file);
  const findings = open.map((finding) => {
    const comment = byFile.get(finding.span.file)?.find((one) => covers(one, finding));
    return { ...finding, suppressed: suppressedBy(finding, comment, ignore, baseline) };
  });
  const isUsed = (comment: Suppression, pattern: Suppression['rules'][number]): boolean =>
    open.some((finding) => matchesRule(pattern, finding.rule) && covers(comment, finding));
  return {
    findings,
    about: comments.flatMap((comment) => [
      ...judgeUnknown(comment),
      ...comment.rules
        .filter((pattern) => expandRules([pattern]).every((rule) => rules.has(rule) || isOwn(rule)))
        .filter((pattern) => !isUsed(comment, pattern))
        .map((pattern) => unusedOf(comment, pattern)),
      ...(comment.reason === '' ? [withoutReason(comment)] : []),
    ]),
  };
};

const isOwn = (rule: RuleId): boolean => rule.startsWith('suppression/');

/** Whether a comment silences what is found there. */
export const covers = (
  { span, rules, from, to }: Suppression,
  finding: Pick<IdentifiedFinding, 'rule' | 'span'>,
): boolean => {
  const { file, line, endLine } = finding.span;
  if (span.file !== file || !rules.some((pattern) => matchesRule(pattern, finding.rule))) return false;
  // One behind the last line of what goes over several counts, too.
  return (line >= from && line <= to) || (from === span.line && from > line && from <= endLine);
};

const suppressedBy = (
  { rule, span, fingerprint }: Open,
  comment: Suppression | undefined,
  ignore: AuditConfig['ignore'],
  baseline: Baseline,
): AuditFinding['suppressed'] => {
  if (comment !== undefined) return { by: 'comment', reason: comment.reason };
  const entry = ignore.find(
    ({ files, rules }) =>
      rules.includes(rule) && (files.length === 0 || files.some((pattern) => matchesGlob(pattern, span.file))),
  );
  if (entry !== undefined) return { by: 'configuration', reason: entry.reason };
  return baseline.has(fingerprint) ? { by: 'baseline', reason: 'known before' } : null;
};

const judgeUnknown = ({ span, rules, unknown }: Suppression): readonly IdentifiedFinding[] => {
  if (rules.length + unknown.length === 0) {
    const sentence = 'Name the rule between the brackets.';
    return [{ rule: 'suppression/unused', span, message: 'This comment names no rule.', fix: byHand(sentence) }];
  }
  return unknown.map(({ name, meant }) => ({
    rule: 'suppression/unused',
    span,
    message: `There is no rule "${name}": this comment silences nothing by it.`,
    fix: byHand(meant === undefined ? '`npx devsetup audit --list` names the rules.' : `Write ${meant}.`),
  }));
};

const unusedOf = ({ span, from, to }: Suppression, pattern: string): IdentifiedFinding => ({
  rule: 'suppression/unused',
  span,
  message: `Nothing of ${pattern} is found where this comment silences it, on ${from === to ? `line ${from}` : `lines ${from} to ${to}`}.`,
  fix: byHand(`Take ${pattern} out, or move the comment to the line that is reported.`),
});

const withoutReason = ({ span }: Suppression): IdentifiedFinding => ({
  rule: 'suppression/no-reason',
  span,
  message: 'This comment does not say why the finding is no fault here.',
  fix: byHand('Write the reason behind the closing bracket.'),
});

const byHand = (sentence: string): IdentifiedFinding['fix'] => ({ sentence, edits: [] });
