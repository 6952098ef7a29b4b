import { planFixes } from '../audit/fix/plan-fixes.ts';
import { judgeAudit, type FoundFault } from '../audit/judge-audit.ts';
import type { Audit } from '../audit/pipeline.ts';
import type { MovedPart } from '../core/decouple-report.ts';
import type { RuleId } from '../core/rule-ids.ts';
import type { Left } from './decoupling.ts';
import { changedAudit, textIn } from './changed-audit.ts';
import { leave } from './cut-inline.ts';
import { migrateFirst } from './migrate-first.ts';

const RULES: ReadonlySet<RuleId> = new Set([
  'migrate/deploy-not-wired',
  'migrate/order',
  'migrate/swallowed-failure',
  // Told only: which of two ways is meant is a decision.
  'parity/migrate-pattern',
  'migrate/on-container-start',
] satisfies readonly RuleId[]);

export interface Wired {
  readonly audit: Audit;
  readonly moved: readonly MovedPart[];
  readonly left: readonly Left[];
}

/** Two fixes of one place are made one after the other. */
const ROUNDS = 5;

/**
 * Migrate jobs that are there, and that deployments do not wait for, that start too early, or whose failure counts as success: what has one
 * certain fix is fixed, the rest is left with what to do.
 */
export const fixWiring = (start: Audit, isWanted: (file: string) => boolean): Wired => {
  const turned = migrateFirst(start, isWanted);
  let { audit } = turned;
  const moved: MovedPart[] = [...turned.moved];
  for (let round = 0; round < ROUNDS; round += 1) {
    const findings = findingsOf(audit, isWanted);
    const fixes = planFixes(findings, (file) => textIn(audit, file));
    if (fixes.length === 0) break;
    for (const { span, job = '', fix } of findings.filter((one) => one.fix.edits.length > 0)) {
      const what = fix.sentence.replace(/\.$/, '');
      if (!moved.some((one) => one.what === what)) {
        moved.push({ what, from: `${span.file}:${span.line}, ${job}`, to: `${span.file}, ${job}` });
      }
    }
    audit = changedAudit(audit, new Map(fixes.map(({ file, after }) => [file, after])));
  }
  const left = findingsOf(audit, isWanted).map(({ span, job = '', message, fix }) =>
    leave(span, job === '' ? 'start of a container' : job, message.replace(/\.$/, ''), fix.sentence),
  );
  return { audit, moved, left };
};

const findingsOf = (audit: Audit, isWanted: (file: string) => boolean): readonly FoundFault[] => {
  const { config, project, readFile, workflows } = audit;
  const files = workflows.map(({ source }) => ({ path: source.file, text: source.text }));
  const { findings } = judgeAudit(audit, { files, readFile, project, config, rules: RULES });
  return findings.filter(
    ({ suppressed, span }) =>
      suppressed === null && (isWanted(span.file) || !span.file.startsWith('.github/workflows/')),
  );
};
