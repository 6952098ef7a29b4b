import type { Span } from '../core/placed-text.ts';
import { RULE_IDS, RULES, type RuleId } from '../core/rule-ids.ts';
import type { AuditSources } from './build-audit.ts';
import type { AuditFinding, IdentifiedFinding, Rule } from './finding.ts';
import type { Audit } from './pipeline.ts';
import { mergeCauses, splitSilenced } from './one-cause.ts';
import { AUDIT_RULES } from './rules/index.ts';
import type { Baseline } from './suppress/baseline.ts';
import { fingerprintsOf } from './suppress/fingerprints.ts';
import { readSuppressions } from './suppress/read-suppressions.ts';
import { covers, suppressFindings } from './suppress/suppress-findings.ts';

export interface AuditInput extends AuditSources {
  /** Workflows that are there and cannot be read as text, and why. */
  readonly unreadable?: readonly { readonly path: string; readonly reason: string }[];
  /** Those to check; all if left out. */
  readonly rules?: ReadonlySet<RuleId>;
  readonly baseline?: Baseline;
}

export interface FoundFault extends AuditFinding {
  /** Stays the same when lines move. */
  readonly fingerprint: string;
}

export interface AuditResult {
  readonly audit: Audit;
  /** By file, line, column and rule; silenced ones included. */
  readonly findings: readonly FoundFault[];
  /** A rule that failed is a bug in devsetup; the others have been asked all the same. */
  readonly crashes: readonly { readonly rule: RuleId; readonly error: unknown }[];
  /** Where secrets are written out, whether these rules were asked for or not: what shows the file masks them. */
  readonly secrets: readonly Span[];
  /** The text of a file that a finding is in. */
  readonly textOf: (file: string) => string | undefined;
}

const ALL: ReadonlySet<RuleId> = new Set(RULE_IDS);
const NOTHING_KNOWN: Baseline = new Map();

/** What the rules find in a model that is there already. */
export const judgeAudit = (audit: Audit, input: AuditInput, ruleSet: readonly Rule[] = AUDIT_RULES): AuditResult => {
  const { files, unreadable = [], config, rules = ALL, baseline = NOTHING_KNOWN } = input;
  const texts = new Map(files.map(({ path, text }) => [path, text]));
  const textOf = (file: string): string | undefined => texts.get(file) ?? input.readFile(file);
  const identify = createIdentify(textOf);
  const { found, crashes } = askRules(
    audit,
    ruleSet.filter(({ id }) => rules.has(id) || REVEALING.has(id)),
  );
  const wanted = [...unreadable.map(unreadableFinding), ...found].filter(({ rule }) => rules.has(rule));
  const secrets = found
    .filter(({ rule }) => REVEALING.has(rule))
    .flatMap(({ span, evidence = [] }) => [span, ...evidence.flatMap((one) => one.span ?? [])]);
  const places = wanted.flatMap(({ span, cause }) => [span.file, ...(cause === undefined ? [] : [cause.file])]);
  const commented = new Set([...texts.keys(), ...audit.files, ...places]);
  const comments = [...commented].flatMap((file) => readSuppressions(file, textOf(file) ?? ''));
  const workflows = new Set(audit.workflows.map(({ source }) => source.file));
  const isSilenced = (finding: IdentifiedFinding): boolean => comments.some((comment) => covers(comment, finding));
  const merged = mergeCauses(splitSilenced(wanted, isSilenced), {
    isWorkflow: (file) => workflows.has(file),
    isSilenced,
  });
  const all = identify(merged);
  const silenced = suppressFindings(all, { comments, ignore: config.ignore, baseline, rules });
  // Comments are silenced by configuration only: one that silences a comment about a comment would have no end.
  const about = identify(silenced.about.filter(({ rule }) => rules.has(rule)));
  const judged = suppressFindings(about, { comments: [], ignore: config.ignore, baseline, rules });
  const findings = [...silenced.findings, ...judged.findings].toSorted(inOrder);
  return { audit, findings, crashes, secrets, textOf };
};

/** Rules whose findings stand on a secret itself. */
const REVEALING: ReadonlySet<RuleId> = new Set(['secret/literal-credential', 'secret/default-literal']);

/** In order, each once, with severity and fingerprint. */
const createIdentify = (textOf: AuditResult['textOf']) => {
  const lineOf = createLineOf(textOf);
  return (findings: readonly IdentifiedFinding[]): readonly Omit<FoundFault, 'suppressed'>[] => {
    const sorted = sortedOnce(findings);
    const prints = fingerprintsOf(sorted, lineOf);
    return sorted.map((finding, index) => ({
      ...finding,
      severity: finding.severity ?? RULES[finding.rule],
      fingerprint: prints[index] ?? '',
    }));
  };
};

const askRules = (
  audit: Audit,
  ruleSet: readonly Rule[],
): { readonly found: readonly IdentifiedFinding[]; readonly crashes: AuditResult['crashes'] } => {
  const crashes: { rule: RuleId; error: unknown }[] = [];
  const found = ruleSet.flatMap(({ id, check }) => {
    try {
      return check(audit).map((finding) => ({ ...finding, rule: id }));
    } catch (error) {
      // The caller tells of it; what other rules have found is not lost over it.
      crashes.push({ rule: id, error });
      return [];
    }
  });
  return { found, crashes };
};

const unreadableFinding = ({
  path,
  reason,
}: {
  readonly path: string;
  readonly reason: string;
}): IdentifiedFinding => ({
  rule: 'workflow/invalid',
  span: { file: path, line: 1, column: 1, endLine: 1, endColumn: 1 },
  message: `This file cannot be read as a workflow: ${reason}.`,
  fix: { sentence: 'Replace it by a text file of this checkout: UTF-8, at most 1 MB.', edits: [] },
});

const RANK: ReadonlyMap<RuleId, number> = new Map(RULE_IDS.map((rule, index) => [rule, index]));

const inOrder = (a: IdentifiedFinding, b: IdentifiedFinding): number =>
  (a.span.file < b.span.file ? -1 : a.span.file > b.span.file ? 1 : 0) ||
  a.span.line - b.span.line ||
  a.span.column - b.span.column ||
  (RANK.get(a.rule) ?? 0) - (RANK.get(b.rule) ?? 0);

/** What several pipelines share, e.g. a workflow that two others call, is found once for each of them. */
const sortedOnce = (findings: readonly IdentifiedFinding[]): readonly IdentifiedFinding[] => {
  const keyOf = ({ rule, span, message }: IdentifiedFinding): string => JSON.stringify([rule, span, message]);
  return [...new Map(findings.toReversed().map((finding) => [keyOf(finding), finding])).values()].toSorted(inOrder);
};

const createLineOf = (textOf: AuditResult['textOf']): ((file: string, line: number) => string) => {
  const lines = new Map<string, readonly string[]>();
  return (file, line) => {
    const known: readonly string[] = lines.get(file) ?? (textOf(file) ?? '').split('\n');
    lines.set(file, known);
    return known[line - 1] ?? '';
  };
};
