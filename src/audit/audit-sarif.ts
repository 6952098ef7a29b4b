import type { AuditReport, ReportedEdit, ReportedFault } from '../core/audit-report.ts';
import type { Severity } from '../core/check.ts';
import { groupBy } from '../core/group-by.ts';
import type { Span } from '../core/placed-text.ts';
import { RULES, type RuleId } from '../core/rule-ids.ts';
import { escapeControls } from '../core/visible-text.ts';
import { listRules } from './list-rules.ts';

export interface SarifOptions {
  readonly version: string;
  /** In the order of the findings. */
  readonly fingerprints: readonly string[];
  /** The text of a rule's page. */
  readonly pageOf: (docs: string) => string | undefined;
  /** Where the page is on the web; null: it is not known. */
  readonly addressOf: (docs: string) => string | null;
}

const LEVELS: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** The findings as a log of SARIF 2.1.0 (https://docs.oasis-open.org/sarif/sarif/v2.1.0/). */
export const auditSarif = (
  { findings }: AuditReport,
  { version, fingerprints, pageOf, addressOf }: SarifOptions,
): object => {
  const rules = listRules();
  const indexOf = new Map(rules.map(({ rule }, index) => [rule, index]));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'devsetup audit',
            semanticVersion: version,
            informationUri: 'https://www.npmjs.com/package/django-devsetup',
            rules: rules.map(({ rule, title, docs }) => {
              const page = pageOf(docs);
              const helpUri = addressOf(docs);
              return {
                id: rule,
                name: readableName(rule),
                shortDescription: { text: title },
                ...(helpUri === null ? {} : { helpUri }),
                ...(page === undefined ? {} : { help: { text: page, markdown: page } }),
                defaultConfiguration: { level: LEVELS[RULES[rule]] },
              };
            }),
          },
        },
        columnKind: 'utf16CodeUnits',
        originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The folder devsetup was started in.' } } },
        results: findings.map((fault, index) =>
          resultOf(fault, indexOf.get(fault.rule) ?? -1, fingerprints[index] ?? ''),
        ),
      },
    ],
  };
};

/** `migrate/inline-in-deploy` → `MigrateInlineInDeploy`: SARIF wants a name that differs from the id (section 3.49.7). */
const readableName = (rule: RuleId): string =>
  rule
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const resultOf = (fault: ReportedFault, ruleIndex: number, fingerprint: string): object => {
  const { rule, severity, message, evidence, fix, suppressed } = fault;
  const related = evidence.filter(({ file }) => file !== null);
  return {
    ruleId: rule,
    ruleIndex,
    level: LEVELS[severity],
    message: { text: escapeControls(`${message} ${fix.text}`, '\n') },
    locations: [{ physicalLocation: { artifactLocation: artifactOf(fault.file), region: regionOf(fault) } }],
    ...(related.length === 0 ? {} : { relatedLocations: related.map(relatedOf) }),
    partialFingerprints: { 'devsetup/v1': fingerprint },
    ...(fix.edits.length === 0 ? {} : { fixes: [fixOf(fix)] }),
    suppressions:
      suppressed === null
        ? []
        : [
            {
              kind: suppressed.by === 'comment' ? 'inSource' : 'external',
              ...(suppressed.reason === '' ? {} : { justification: suppressed.reason }),
            },
          ],
  };
};

const relatedOf = ({ text, file, line, column }: ReportedFault['evidence'][number], id: number): object => ({
  id: id + 1,
  message: { text: escapeControls(text, '\n') },
  physicalLocation: {
    artifactLocation: artifactOf(file ?? ''),
    ...(line === null ? {} : { region: { startLine: line, ...(column === null ? {} : { startColumn: column }) } }),
  },
});

const fixOf = ({ text, edits }: ReportedFault['fix']): object => ({
  description: { text },
  artifactChanges: [...groupBy(edits, ({ file }) => file)].map(([file, changes]) => ({
    artifactLocation: artifactOf(file),
    replacements: changes.map((edit: ReportedEdit) => ({
      deletedRegion: regionOf(edit),
      ...(edit.text === '' ? {} : { insertedContent: { text: edit.text } }),
    })),
  })),
});

const regionOf = ({ line, column, endLine, endColumn }: Span): object => ({
  startLine: line,
  startColumn: column,
  endLine,
  endColumn,
});

/** Below the working directory, relative to it. */
const artifactOf = (file: string): object => {
  const isAbsolute = /^(?:\/|[A-Za-z]:)/.test(file);
  const uri = file.split('/').map(encodeURIComponent).join('/').replaceAll('%3A', ':');
  return isAbsolute ? { uri: `file://${uri.startsWith('/') ? '' : '/'}${uri}` } : { uri, uriBaseId: '%SRCROOT%' };
};
