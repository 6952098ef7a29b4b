import type { AuditReport, ReportedFault } from '../../core/audit-report.ts';
import type { Severity } from '../../core/check.ts';
import { workflowCommand } from './workflow-command.ts';

const COMMANDS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice' };

/** A workflow command a finding, so that GitHub shows it beside its line. Silenced ones are left out. */
export const auditAnnotations = ({ findings }: AuditReport): string =>
  findings
    .filter(({ suppressed }) => suppressed === null)
    .map((fault) => `${annotate(fault)}\n`)
    .join('');

const annotate = ({ severity, rule, message, fix, file, line, endLine, column, endColumn }: ReportedFault): string =>
  workflowCommand(COMMANDS[severity], `${message}\n${fix.text}`, {
    file,
    line,
    endLine,
    // GitHub takes columns only where both lines are the same; its end is a part of what is meant.
    ...(line === endLine ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {}),
    title: rule,
  });
