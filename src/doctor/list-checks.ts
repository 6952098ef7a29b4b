import { STEP_FINDINGS } from '../checks/step-findings.ts';
import type { Config } from '../config/config.ts';
import { DEFAULTS } from '../config/defaults.ts';
import type { ListedCheck } from '../core/check-list.ts';
import { CHECK_GROUPS, type Check } from '../core/check.ts';
import { docsOf } from '../core/doctor-report.ts';
import { STEP_IDS } from '../core/step.ts';
import { stepsFor } from '../steps/index.ts';
import { allFindings } from './examine.ts';
import { checksFor } from './own-checks.ts';

/** Every check with what it may report, in the order they are shown; the steps as checks of the group "setup". */
export const listChecks = (config: Pick<Config, 'doctor' | 'steps'>): readonly ListedCheck[] => {
  const known = new Set(allFindings().keys());
  const list = (check: Pick<Check<never>, 'id' | 'group' | 'title' | 'findings'>): ListedCheck => ({
    id: check.id,
    group: check.group,
    title: check.title,
    findings: Object.entries(check.findings).map(([code, severity]) => ({
      code,
      severity,
      docs: docsOf(code, known),
    })),
  });
  const checks = [
    ...checksFor(config).map(list),
    ...stepsFor(config.steps).map(({ id, title }) => list({ id, title, group: 'setup', findings: findingsOfStep(id) })),
  ];
  return CHECK_GROUPS.flatMap((group) => checks.filter((check) => check.group === group));
};

/** That it is needed belongs to a step alone; what keeps it from being looked at may come from any. */
const findingsOfStep = (id: string): Check<never>['findings'] => {
  const isBuiltIn = STEP_IDS.some((known) => known === id);
  const own = isBuiltIn ? `${id}-needed` : 'own-step-needed';
  return Object.fromEntries(Object.entries(STEP_FINDINGS).filter(([code]) => code === own || !NEEDED.has(code)));
};

const NEEDED: ReadonlySet<string> = new Set(['own-step-needed', ...STEP_IDS.map((id) => `${id}-needed`)]);

/** What the documentation lists: with what a step of the project's own may report. */
export const documentedChecks = (): readonly ListedCheck[] => {
  const code = 'own-step-needed';
  const severity = STEP_FINDINGS[code] ?? 'warning';
  const own = { code, severity, docs: docsOf(code, new Set([code])) };
  return [...listChecks(DEFAULTS), { id: 'setup', group: 'setup', title: 'Own steps', findings: [own] }];
};
