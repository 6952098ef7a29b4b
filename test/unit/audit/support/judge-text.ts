import type { Rule } from '../../../../src/audit/finding.ts';
import { judgeAudit, type AuditInput, type AuditResult } from '../../../../src/audit/judge-audit.ts';
import type { Audit } from '../../../../src/audit/pipeline.ts';
import { DEFAULT_AUDIT_CONFIG } from '../../../../src/config/audit-config.ts';
import { createSource, spanIn } from '../../../../src/core/placed-text.ts';
import { createHoles } from '../../../../src/shell/holes.ts';

export const FILE = '.github/workflows/a.yml';

/** Rules that need no workflow: they report a word wherever it stands. */
const rulesFor = (text: string): readonly Rule[] => {
  const report = (id: Rule['id'], pattern: RegExp): Rule => ({
    id,
    title: id,
    check: () =>
      [...text.matchAll(pattern)].map((match) => ({
        span: spanIn(createSource(FILE, text), match.index, match.index + match[0].length),
        message: `${match[0]} is wrong.`,
        fix: { sentence: 'Mend it.', edits: [] },
        job: 'migrate',
      })),
  });
  return [
    {
      id: 'migrate/missing-job',
      title: 'fails',
      check: () => {
        if (text.includes('crash')) throw new Error('a mistake');
        return [];
      },
    },
    report('migrate/order', /bad/g),
    report('migrate/sequence', /long[^]*end/g),
  ];
};

/** What is found in a text by these rules, silenced by whatever is in it. */
export const judgeText = (text: string, more: Partial<AuditInput> = {}): AuditResult => {
  const input: AuditInput = {
    files: [{ path: FILE, text }],
    readFile: () => undefined,
    project: { isDjango: null, hasTenants: null },
    config: DEFAULT_AUDIT_CONFIG,
    ...more,
  };
  const audit: Audit = {
    files: [FILE],
    workflows: [],
    pipelines: [],
    project: input.project,
    config: input.config,
    holes: createHoles(),
    workflowAt: () => undefined,
    readFile: input.readFile,
  };
  return judgeAudit(audit, input, rulesFor(text));
};
