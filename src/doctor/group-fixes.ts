import type { CheckResult, Finding, Fix } from '../core/check.ts';

export interface StepGroup {
  readonly step: string;
  readonly codes: readonly string[];
  /** What the step itself says it would do. */
  readonly actions: readonly string[];
}

export interface EditGroup {
  readonly file: string;
  readonly codes: readonly string[];
  readonly fixes: readonly Extract<Fix, { by: 'edit' }>[];
}

export interface FormGroup {
  readonly fix: Extract<Fix, { by: 'form' }>;
  readonly codes: readonly string[];
}

export interface FixGroups {
  readonly edits: readonly EditGroup[];
  readonly forms: readonly FormGroup[];
  readonly steps: readonly StepGroup[];
}

/** What was tried once is not tried again: a fix that did not help would be repeated for ever. */
export const fixKey = ({ code, message, fix }: Finding): string | null =>
  fix === null
    ? null
    : fix.by === 'step'
      ? `step ${fix.step}`
      : fix.by === 'form'
        ? `form ${fix.file} ${fix.make}`
        : `edit ${fix.file} ${code} ${message}`;

/** The findings that can be mended and were not tried, by what mends them: one group a file, one a step, as they come. */
export const groupFixes = (results: readonly CheckResult[], tried: ReadonlySet<string>): FixGroups => {
  const edits = new Map<string, Finding[]>();
  const forms = new Map<string, FormGroup>();
  const steps = new Map<string, Finding[]>();
  for (const finding of results.flatMap((result) => result.findings)) {
    const { fix } = finding;
    if (fix === null || tried.has(fixKey(finding) ?? '')) continue;
    if (fix.by === 'form') {
      const key = fixKey(finding) ?? '';
      forms.set(key, { fix, codes: [...new Set([...(forms.get(key)?.codes ?? []), finding.code])] });
      continue;
    }
    const [groups, name] = fix.by === 'edit' ? [edits, fix.file] : [steps, fix.step];
    groups.set(name, [...(groups.get(name) ?? []), finding]);
  }
  return {
    edits: [...edits].map(([file, findings]) => ({ file, codes: codesOf(findings), fixes: findings.flatMap(editOf) })),
    forms: [...forms.values()],
    steps: [...steps].map(([step, findings]) => ({
      step,
      codes: codesOf(findings),
      actions: results.find(({ id, group }) => group === 'setup' && id === step)?.findings[0]?.evidence ?? [],
    })),
  };
};

const codesOf = (findings: readonly Finding[]): readonly string[] => [...new Set(findings.map(({ code }) => code))];

const editOf = ({ fix }: Finding): readonly Extract<Fix, { by: 'edit' }>[] => (fix?.by === 'edit' ? [fix] : []);
