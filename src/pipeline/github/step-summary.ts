import type { RunReport } from '../../core/report.ts';
import { groupFailed, groupNotAttempted } from '../../core/failed-step.ts';
import type { StepResult } from '../../core/step.ts';
import { escapeControls } from '../../core/visible-text.ts';
import { countRows, slowestMigrations, tenantRows, type TenantRow } from './tenant-rows.ts';

const MOST_SLOW = 10;
const LONGEST_CELL = 400;

/** Characters that mean something in GitHub's Markdown, also inside a table; names and errors may hold anything. */
const cell = (text: string): string => {
  const line = escapeControls(text, '\r\n\t').replaceAll(/\s+/g, ' ').trim();
  const short = line.length > LONGEST_CELL ? `${line.slice(0, LONGEST_CELL)}…` : line;
  return short
    .replaceAll(/[\\`*_{}[\]()#+!|~-]/g, String.raw`\$&`)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('@', '&#64;');
};

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
const head = (names: readonly string[]): string => row(names) + row(names.map(() => '---'));
const seconds = (value: number): string => value.toFixed(value < 1 ? 3 : value < 10 ? 2 : 1);

/**
 * The Markdown for `$GITHUB_STEP_SUMMARY`: steps, what to do, tenants with the failed ones first, the slowest migrations. Never longer than
 * `maxBytes` (GitHub drops a summary above 1 MiB whole): rows that do not fit are counted.
 */
export const renderStepSummary = (report: RunReport, what: string, maxBytes: number): string => {
  const top = [
    `## devsetup migrate: ${report.outcome}\n\n${cell(what)}\n\n`,
    stepsOf(report.steps),
    advice(report.steps),
  ];
  const slow = slowOf(report);
  const before = top.join('');
  const room = maxBytes - byteLength(before) - byteLength(slow);
  return `${before}${tenantsOf(report, room)}${slow}`;
};

/** For what ended the command before it ran. */
export const renderErrorSummary = (message: string, hint: string | undefined): string =>
  `## devsetup migrate: failed\n\n${cell(message)}\n${hint === undefined ? '' : `\n${cell(hint)}\n`}\n`;

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8');

const stepsOf = (steps: readonly StepResult[]): string =>
  head(['step', 'result', 'seconds', '']) +
  steps
    .filter(({ status }) => status !== 'not-attempted')
    .map(({ title, status, milliseconds, message }) =>
      row([cell(title), status, seconds(milliseconds / 1000), cell(message)]),
    )
    .join('') +
  groupNotAttempted(steps)
    .map(({ titles, reason }) => row([cell(titles), 'not-attempted', '', cell(reason ?? '')]))
    .join('') +
  '\n';

const advice = (steps: readonly StepResult[]): string =>
  groupFailed(steps)
    .flatMap(({ subject, first: { failure } }) =>
      failure === null || failure.hint === null
        ? []
        : [`**${cell(subject)}:** ${failure.hint.split('\n').map(cell).join('<br>')}\n\n`],
    )
    .join('');

const ORDER = ['failed', 'not-attempted', 'migrated', 'up-to-date'] as const;

const tenantsOf = (report: RunReport, room: number): string => {
  const rows = tenantRows(report);
  const { total, migrated, upToDate, failed, notAttempted } = countRows(report);
  if (total === 0) return '';
  const counts = `${failed} failed, ${notAttempted} not attempted, ${migrated} migrated, ${upToDate} up to date`;
  const title = `### Tenants: ${counts}\n\n`;
  if (rows.length === 0) return title;
  const begin = title + head(['tenant', 'result', 'seconds', 'migrations', '']);
  // The line that counts what was left out must fit as well.
  let left = room - byteLength(begin) - 100;
  const sorted = rows.toSorted((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome) || b.seconds - a.seconds);
  const shown: string[] = [];
  for (const line of sorted.map(tenantRow)) {
    left -= byteLength(line);
    if (left < 0) break;
    shown.push(line);
  }
  const hidden = rows.length - shown.length;
  return `${begin}${shown.join('')}\n${hidden === 0 ? '' : `… and ${hidden} more, all of them in the log.\n\n`}`;
};

const tenantRow = ({ schema, outcome, seconds: time, applied, error, failedMigration, tries }: TenantRow): string => {
  const at = failedMigration === null ? '' : `at ${failedMigration}: `;
  const again = tries > 1 ? `try ${tries}. ` : '';
  return row([
    cell(schema),
    outcome,
    seconds(time),
    String(applied),
    cell(`${again}${error === null ? '' : at + error}`),
  ]);
};

const slowOf = (report: RunReport): string => {
  const slow = slowestMigrations(report).slice(0, MOST_SLOW);
  if (slow.length === 0) return '';
  const rows = slow.map(({ migration, schema, seconds: time }) =>
    row([cell(migration), schema === null ? 'shared' : cell(schema), seconds(time)]),
  );
  return `### Slowest migrations\n\n${head(['migration', 'schema', 'seconds'])}${rows.join('')}\n`;
};
