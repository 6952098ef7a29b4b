import type { AuditReport, ReportedFault } from '../../core/audit-report.ts';
import type { Severity } from '../../core/check.ts';
import { workflowCommand } from './workflow-command.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** GitHub shows ten of a kind for a step of a job; what is more would only fill its log. */
const MOST = 10;

/** A workflow command a finding, so that GitHub shows it next to its line. Silenced ones are left out. */
export const auditAnnotations = ({ findings, summary }: AuditReport): string => {
  const open = findings.filter(({ suppressed }) => suppressed === null);
  const shown = (['error', 'warning', 'info'] as const).flatMap((kind) =>
    open.filter(({ severity }) => severity === kind).slice(0, MOST),
  );
  const more = open.length - shown.length + summary.hidden;
  const rest =
    more === 0
      ? ''
      : `devsetup audit: ${more} more, which GitHub would not show as annotations: --format text lists them.\n`;
  return shown.map((fault) => `${annotate(fault)}\n`).join('') + rest;
};

const annotate = ({ severity, rule, message, fix, file, line, endLine, column, endColumn }: ReportedFault): string =>
  workflowCommand(COMMANDS[severity], `${message}\n${fix.text}`, {
    file,
    line,
    endLine,
    // GitHub takes columns only where both lines are the same; its end is a part of what is meant.
    ...(line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {}),
    title: rule,
  });
