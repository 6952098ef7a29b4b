import { findProjectFacts } from '../../audit/find-project-facts.ts';
import type { FoundFault } from '../../audit/judge-audit.ts';
import { parseBaseline, type Baseline } from '../../audit/suppress/baseline.ts';
import { summarizeFaults } from '../../core/audit-report.ts';
import { defineCheck, notApplicable, passed } from '../../core/check.ts';
import { RULE_IDS } from '../../core/rule-ids.ts';
import { openCheckout, type Checkout } from '../../project/open-checkout.ts';
import type { CheckContext } from '../context.ts';

const FINDINGS = { 'pipeline-rules-broken': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** That a file is no YAML, another check says. */
const RULES = new Set(RULE_IDS.filter((rule) => rule !== 'workflow/invalid'));

/** What `devsetup audit` finds, in a line. */
export const pipelineRules = defineCheck<CheckContext, Code>({
  id: 'pipeline-rules',
  group: 'pipelines',
  title: 'Rules of devsetup audit',
  findings: FINDINGS,
  run: async (context) => {
    const workflows = await context.workflows();
    if (workflows.length === 0) return notApplicable('there are no workflows');
    const { audit: config } = context.config;
    const checkout = openCheckout(context.root);
    const files = workflows.flatMap(({ file }) => {
      const text = checkout.readFile(file);
      return text === undefined ? [] : [{ path: file, text }];
    });
    // Its parser is loaded where there is something to read.
    const { runAudit } = await import('../../audit/run-audit.ts');
    const { readFile } = checkout;
    const project = findProjectFacts(checkout.listFiles(), readFile);
    const { findings } = runAudit({
      files,
      readFile,
      project,
      config,
      rules: RULES,
      baseline: baselineOf(config, checkout),
    });
    const summary = summarizeFaults(findings, 'warning', false);
    const count = `${files.length} workflow${files.length === 1 ? '' : 's'}`;
    if (summary.errors + summary.warnings === 0) return passed(`nothing to say against ${count}`);
    const told = [amount(summary.errors, 'error'), amount(summary.warnings, 'warning')].filter((part) => part !== '');
    return {
      kind: 'problems',
      problems: [
        {
          code: 'pipeline-rules-broken',
          message: `The workflows break rules of a safe deployment: ${told.join(', ')} in ${count}.`,
          evidence: evidenceOf(findings),
          remedy: { text: 'See each with its line and what fixes it.', command: 'npx devsetup audit' },
        },
      ],
    };
  },
});

/** One that cannot be read is told by `devsetup audit`; here everything counts then. */
const baselineOf = (config: CheckContext['config']['audit'], checkout: Checkout): Baseline => {
  const text = config.baseline === null ? undefined : checkout.readFile(config.baseline);
  try {
    return text === undefined ? new Map() : parseBaseline(config.baseline ?? '', text);
  } catch {
    return new Map();
  }
};

const amount = (number: number, word: string): string =>
  number === 0 ? '' : `${number} ${word}${number === 1 ? '' : 's'}`;

const MOST = 5;

const evidenceOf = (findings: readonly FoundFault[]): readonly string[] => {
  const open = findings.filter(({ suppressed, severity }) => suppressed === null && severity !== 'info');
  const lines = open.map(({ span, rule }) => `${span.file}:${span.line} ${rule}`);
  return lines.length <= MOST ? lines : [...lines.slice(0, MOST), `… and ${lines.length - MOST} more`];
};
