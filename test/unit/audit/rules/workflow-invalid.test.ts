import { expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const GOOD = 'on: push\njobs:\n  a: { runs-on: x, steps: [{ run: make }] }\n';

it('one file that is broken does not keep the others from being read', () => {
  const files = {
    'bad.yml': 'on: push\njobs:\n  a: b: c\n',
    'good.yml': GOOD,
    'twice.yml': `${GOOD}  a: { runs-on: x, steps: [{ run: make }] }\n`,
    'ring.yml': 'on: push\njobs:\n  a: { needs: a, runs-on: x, steps: [{ run: make }] }\n',
  };
  expect(linesFound(files, 'workflow/invalid')).toEqual(['bad.yml:3', 'ring.yml:3', 'twice.yml:4']);
});

it('a file that is too long is not read', () => {
  expect(linesFound({ 'long.yml': GOOD + '# x\n'.repeat(300_000) }, 'workflow/invalid')).toEqual(['long.yml:1']);
});
