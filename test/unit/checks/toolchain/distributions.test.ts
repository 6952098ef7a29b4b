import { expect, it } from 'vitest';

import { judgeDistributions } from '../../../../src/checks/toolchain/judge-distributions.ts';

const FACTS = { files: 'requirements.txt', stepInstalls: true };

it('everything is there', () => {
  expect(judgeDistributions({ unmet: [], conflicts: [] }, FACTS)).toEqual([]);
});

it('what is missing is named, and installed by the step where that would do it', () => {
  const unmet = [
    { requirement: 'djangorestframework>=3.15', found: null },
    { requirement: 'celery[redis]', found: null },
  ];
  const [problem] = judgeDistributions({ unmet, conflicts: [] }, FACTS);
  expect(problem).toMatchObject({
    code: 'distributions-missing',
    message: 'djangorestframework, celery are asked for by requirements.txt and not installed.',
    evidence: ['djangorestframework>=3.15', 'celery[redis]'],
    remedy: { command: 'npx devsetup' },
    fix: { by: 'step', step: 'backend-dependencies' },
  });
  const [other] = judgeDistributions({ unmet, conflicts: [] }, { ...FACTS, stepInstalls: false });
  expect(other?.fix).toBeUndefined();
  expect(other?.remedy.command).toBe('npx devsetup --force --only backend-dependencies');
});

it('another version, and what does not fit together, are findings of their own', () => {
  const problems = judgeDistributions(
    {
      unmet: [{ requirement: 'Django==5.2.19', found: '5.1.1' }],
      conflicts: [
        { distribution: 'django-tenants', requirement: 'Django>=5.2', found: '5.1.1' },
        { distribution: 'celery', requirement: 'kombu>=5', found: null },
      ],
    },
    FACTS,
  );
  expect(problems).toMatchObject([
    { code: 'distributions-outdated', evidence: ['Django==5.2.19: 5.1.1 is installed'] },
    {
      code: 'distributions-conflict',
      message: 'What django-tenants, celery require of other distributions is not met.',
      evidence: ['django-tenants requires Django>=5.2: 5.1.1 is installed', 'celery requires kombu>=5: not installed'],
    },
  ]);
});

it('a long list is cut', () => {
  const unmet = Array.from({ length: 30 }, (_, index) => ({ requirement: `package-${index}`, found: null }));
  const [problem] = judgeDistributions({ unmet, conflicts: [] }, FACTS);
  expect(problem?.message).toContain('package-0, package-1, package-2 and 27 more');
  expect(problem?.evidence).toHaveLength(11);
  expect(problem?.evidence?.at(-1)).toBe('and 20 more');
});
