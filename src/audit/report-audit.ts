import type { AuditReport, ReportedEdit, ReportedFault } from '../core/audit-report.ts';
import { AUDIT_SCHEMA_VERSION, summarizeFaults } from '../core/audit-report.ts';
import type { Severity } from '../core/check.ts';
import { ExitCode } from '../core/errors.ts';
import { createSource, spanIn, type SourceFile, type Span } from '../core/placed-text.ts';
import { createRedactor } from '../core/redact.ts';
import { capFindings } from './cap-findings.ts';
import type { TextEdit } from './finding.ts';
import type { AuditResult, FoundFault } from './judge-audit.ts';

type Told = Pick<AuditResult, 'findings' | 'crashes' | 'secrets' | 'textOf'>;

/** What was found in one checkout, and how its files are called where the report is read. */
export interface AuditedCheckout {
  readonly files: readonly string[];
  readonly result: Told;
  readonly show: (file: string) => string;
}

/** What text and SARIF tell beyond the document, in the order of its findings. */
export interface FaultDetail {
  readonly fingerprint: string;
  /** The line of the file, of a long one what is around the finding, secrets masked by as many characters; null: there is none. */
  readonly line: string | null;
  /** Characters of the line before that. */
  readonly skipped: number;
}

export interface AuditOutcome {
  readonly report: AuditReport;
  readonly details: readonly FaultDetail[];
}

/**
 * The report of several checkouts; secrets that are written out in them are masked everywhere. `isUnanswered`: `--fix` had something to ask, and
 * ran without a terminal.
 */
export const reportAudit = (
  checkouts: readonly AuditedCheckout[],
  failOn: Severity,
  isUnanswered = false,
): AuditOutcome => {
  const all = checkouts.flatMap(({ result }) => result.findings);
  const listed = new Set(capFindings(all));
  const rows = checkouts
    .flatMap((checkout) => describeFaults(checkout, listed))
    .map((row, index) => ({ ...row, index }))
    .toSorted((a, b) => compare(a.fault.file, b.fault.file) || a.index - b.index);
  const findings = rows.map(({ fault }) => fault);
  const crashed = checkouts.some(({ result }) => result.crashes.length > 0);
  const summary = summarizeFaults(all, failOn, crashed, all.length - listed.size);
  return {
    report: {
      schemaVersion: AUDIT_SCHEMA_VERSION,
      files: checkouts.flatMap(({ files, show }) => files.map(show)).toSorted(compare),
      findings,
      summary: isUnanswered && !crashed ? { ...summary, exitCode: ExitCode.usage } : summary,
    },
    details: rows.map(({ detail }) => detail),
  };
};

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Row {
  readonly fault: ReportedFault;
  readonly detail: FaultDetail;
}

const describeFaults = ({ result, show }: AuditedCheckout, listed: ReadonlySet<FoundFault>): readonly Row[] => {
  const sourceOf = createSourceOf(result);
  const redact = createMask(result);
  const masked = new Map<string, string | null>();
  const lineOf = ({ file, line }: Span): string | null => {
    const key = `${line}:${file}`;
    const source = sourceOf(file);
    if (!masked.has(key)) masked.set(key, source === undefined ? null : maskedLine(source, line, result.secrets));
    return masked.get(key) ?? null;
  };
  const excerptOf = (span: Span): Pick<FaultDetail, 'line' | 'skipped'> => {
    const line = lineOf(span);
    if (line === null) return { line: null, skipped: 0 };
    const skipped = line.length <= LONGEST_TEXT ? 0 : Math.max(0, span.column - 1 - LONGEST_TEXT / 2);
    return { line: redact(line.slice(skipped, skipped + LONGEST_TEXT)), skipped };
  };
  return result.findings
    .filter((finding) => listed.has(finding))
    .map((finding) => ({
      fault: describeFault(finding, { show, redact: (text) => shorten(redact(text)), sourceOf }),
      detail: { fingerprint: finding.fingerprint, ...excerptOf(finding.span) },
    }));
};

/** Longer commands and lines are cut: each finding would repeat them. */
const LONGEST_TEXT = 1000;

const shorten = (text: string): string => (text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`);

/** Masks what the files write out of secrets, wherever else it is said. */
export const createMask = (result: Told): ((text: string) => string) => {
  const sourceOf = createSourceOf(result);
  const { redact } = createRedactor(result.secrets.map((span) => unquoted(textAt(sourceOf(span.file), span))));
  return redact;
};

interface Telling {
  readonly show: (file: string) => string;
  readonly redact: (text: string) => string;
  readonly sourceOf: (file: string) => SourceFile | undefined;
}

const describeFault = (
  { rule, severity, span, job, step, message, evidence = [], fix, suppressed }: FoundFault,
  { show, redact, sourceOf }: Telling,
): ReportedFault => ({
  rule,
  severity,
  ...shownSpan(span, show),
  job: job ?? null,
  step: step ?? null,
  message: redact(message),
  evidence: evidence.map(({ text, span: at }) => ({
    text: redact(text),
    file: at === null ? null : show(at.file),
    line: at?.line ?? null,
    column: at?.column ?? null,
  })),
  fix: {
    text: redact(fix.sentence),
    edits: fix.edits.flatMap((edit) => describeEdit(edit, sourceOf(edit.file), show)),
  },
  suppressed,
});

const shownSpan = ({ file, line, column, endLine, endColumn }: Span, show: Telling['show']): Span => ({
  file: show(file),
  line,
  column,
  endLine,
  endColumn,
});

const describeEdit = (
  { start, end, text }: TextEdit,
  source: SourceFile | undefined,
  show: Telling['show'],
): readonly ReportedEdit[] => (source === undefined ? [] : [{ ...shownSpan(spanIn(source, start, end), show), text }]);

const createSourceOf = ({ textOf }: Told): Telling['sourceOf'] => {
  const known = new Map<string, SourceFile | undefined>();
  return (file) => {
    if (!known.has(file)) {
      const text = textOf(file);
      known.set(file, text === undefined ? undefined : createSource(file, text));
    }
    return known.get(file);
  };
};

const offsetOf = ({ lineStarts, text }: SourceFile, line: number, column: number): number =>
  Math.min(text.length, (lineStarts[line - 1] ?? text.length) + column - 1);

const textAt = (source: SourceFile | undefined, span: Span): string =>
  source?.text.slice(offsetOf(source, span.line, span.column), offsetOf(source, span.endLine, span.endColumn)) ?? '';

const unquoted = (text: string): string => /^(["'])([^]*)\1$/.exec(text)?.[2] ?? text;

/** With asterisks for what is secret on it: as many characters, so that columns stay right. */
const maskedLine = (source: SourceFile, line: number, secrets: readonly Span[]): string | null => {
  const start = source.lineStarts[line - 1];
  if (start === undefined) return null;
  const next = source.lineStarts[line];
  const text = source.text.slice(start, next === undefined ? undefined : next - 1).replace(/\r$/, '');
  return secrets
    .filter((span) => span.file === source.file && span.line <= line && span.endLine >= line)
    .reduce((masked, span) => {
      const from = span.line === line ? span.column - 1 : 0;
      const to = span.endLine === line ? Math.min(span.endColumn - 1, masked.length) : masked.length;
      return masked.slice(0, from) + '*'.repeat(Math.max(0, to - from)) + masked.slice(to);
    }, text);
};
