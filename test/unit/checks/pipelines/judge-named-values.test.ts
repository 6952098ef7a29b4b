import { expect, test } from 'vitest';

import { judgeNamedValues, type SettingNames } from '../../../../src/checks/pipelines/judge-named-values.ts';
import type { NamedValue } from '../../../../src/workflows/named-values.ts';

const value = (name: string, changes: Partial<NamedValue> = {}): NamedValue => ({
  kind: 'secret',
  name,
  environments: [],
  place: { file: 'ci.yml', line: 3, column: 1 },
  ...changes,
});
const names: SettingNames = {
  repository: { secret: new Set(['REPO']), variable: new Set(['HOST']) },
  environments: { live: { secret: new Set(['LIVE']), variable: new Set() }, closed: undefined },
};

test('nothing is missing that is set for the repository or the environment', () => {
  const there = [
    value('REPO'),
    value('REPO', { environments: ['live'] }),
    value('LIVE', { environments: ['live'] }),
    value('HOST', { kind: 'variable' }),
  ];
  expect(judgeNamedValues(there, names)).toEqual([]);
});

test('nothing is said of an environment that may not be looked into', () => {
  expect(judgeNamedValues([value('ANY', { environments: ['closed'] })], names)).toEqual([]);
});

test('what is missing is told once, with what sets it', () => {
  const live = { environments: ['live'] };
  const problems = judgeNamedValues(
    [value('LIVE'), value('KEY', live), value('KEY', { ...live, place: { file: 'b.yml', line: 9, column: 2 } })],
    names,
  );
  expect(problems.map(({ code, remedy }) => [code, remedy.command])).toEqual([
    ['workflow-secret-missing', 'gh secret set LIVE'],
    ['workflow-secret-missing', 'gh secret set KEY --env live'],
  ]);
  expect(problems[1]?.evidence).toContain('used in b.yml:9, too');
  expect(problems[1]?.place).toEqual({ file: 'ci.yml', line: 3, column: 1 });
});

test('a variable is set by another command, and the name of an environment is one word', () => {
  const [problem] = judgeNamedValues([value('H', { kind: 'variable', environments: ['my live'] })], {
    ...names,
    environments: { 'my live': { secret: new Set(), variable: new Set() } },
  });
  expect(problem?.remedy.command).toBe("gh variable set H --env 'my live'");
});
