import { expect, it } from 'vitest';

import { judgeVenv } from '../../../../src/checks/toolchain/judge-virtual-environment.ts';

const FACTS = { venv: 'backend/.venv', basePython: '/usr/bin/python3.12', isOfStep: true };

it('a broken one is made anew by the step', () => {
  const gone = judgeVenv({ kind: 'interpreter-gone', target: '/usr/bin/python3.10' }, FACTS);
  expect(gone).toMatchObject({
    code: 'virtual-environment-broken',
    message: 'The virtual environment backend/.venv has lost its interpreter.',
    evidence: ['it was a link to /usr/bin/python3.10'],
    remedy: { command: 'npx devsetup' },
    fix: { by: 'step', step: 'backend-dependencies' },
  });
  const other = judgeVenv({ kind: 'other-version', packages: [11], interpreter: 12 }, FACTS);
  expect(other).toMatchObject({
    code: 'virtual-environment-broken',
    evidence: ['interpreter: Python 3.12', 'packages: Python 3.11'],
  });
});

it('or by hand, where no step installs into it', () => {
  const problem = judgeVenv({ kind: 'interpreter-gone', target: null }, { ...FACTS, isOfStep: false });
  expect(problem.fix).toBeUndefined();
  expect(problem.remedy.command).toBe('/usr/bin/python3.12 -m venv --clear backend/.venv');
});

it('one that was moved works in part: nothing is done to it unasked', () => {
  const problem = judgeVenv({ kind: 'moved', program: 'pip', interpreter: '/build/.venv/bin/python' }, FACTS);
  expect(problem).toMatchObject({
    code: 'virtual-environment-moved',
    evidence: ['first line of backend/.venv/bin/pip'],
    remedy: { command: '/usr/bin/python3.12 -m venv --clear backend/.venv && npx devsetup' },
  });
  expect(problem.fix).toBeUndefined();
});
