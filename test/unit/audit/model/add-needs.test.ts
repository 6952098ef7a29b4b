import { expect, test } from 'vitest';

import { addNeeds } from '../../../../src/audit/model/add-needs.ts';
import { planFixes } from '../../../../src/audit/fix/plan-fixes.ts';
import { auditOf } from '../../../support/audit.ts';

const workflow = (needs: string): string =>
  `on: push
jobs:
  build:
    runs-on: x
    steps: [{ run: make }]
  test:
    runs-on: x
    steps: [{ run: make test }]
  deploy:
${needs}    runs-on: x
    steps: [{ run: make deploy }]
  after:
    needs: deploy
    runs-on: x
    steps: [{ run: make after }]
`;

/** The lines of `needs` after the edit; null: it is left to people. */
const added = (needs: string, ...wanted: readonly string[]): string | null => {
  const text = workflow(needs);
  const audit = auditOf({ 'a.yml': text });
  const [pipeline] = audit.pipelines;
  const jobOf = (id: string) => pipeline?.jobs.find((job) => job.id === id) ?? expect.fail(`no ${id}`);
  const edits = addNeeds(jobOf('deploy'), wanted.map(jobOf));
  const finding = {
    rule: 'migrate/order' as const,
    severity: 'error' as const,
    span: jobOf('deploy').job.idSpan,
    message: '',
    fix: { sentence: '', edits },
    suppressed: null,
  };
  const [planned] = planFixes([finding], () => text);
  if (planned === undefined) return null;
  const start = workflow('').indexOf('  deploy:\n') + '  deploy:\n'.length;
  return planned.after.slice(start, planned.after.indexOf('    runs-on: x\n    steps: [{ run: make deploy }]'));
};

test.each([
  ['', '    needs: build\n'],
  ['\n', '    needs: build\n\n'],
  ['  # of the shop\n', '    needs: build\n  # of the shop\n'],
  ['    needs: test\n', '    needs: [test, build]\n'],
  ['    needs: test # both\n', '    needs: [test, build] # both\n'],
  ["    needs: 'test'\n", "    needs: ['test', build]\n"],
  ['    needs: [test]\n', '    needs: [test, build]\n'],
  ['    needs: ["test"]\n', '    needs: ["test", build]\n'],
  ['    needs:\n      - test\n', '    needs:\n      - test\n      - build\n'],
  ['    needs:\n    - "test" # first\n', '    needs:\n    - "test" # first\n    - build\n'],
])('%j', (needs, expected) => {
  expect(added(needs, 'build')).toBe(expected);
});

test('several at once', () => {
  expect(added('', 'build', 'test')).toBe('    needs: [build, test]\n');
  expect(added('    needs:\n      - build\n', 'test')).toBe('    needs:\n      - build\n      - test\n');
});

test.each([
  ['a circle', '', ['after']],
  ['the job itself', '', ['deploy']],
  ['none', '', []],
  ['a list over several lines in brackets', '    needs: [\n      test,\n    ]\n', ['build']],
])('%s is left to people', (_, needs, wanted) => {
  expect(added(needs, ...wanted)).toBeNull();
});
