import { describe, expect, it } from 'vitest';

import { undeclaredInCall } from '../../../../src/audit/rules/undeclared-in-call.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';

const RULE = 'secret/undeclared-in-call';

/** Line 7 is the first of `more`. */
const caller = (more = '', called = 'b.yml'): string =>
  `on: push\njobs:\n  release:\n    uses: ./.github/workflows/${called}\n${more}`;
/** The job's value is in line 9, or further down by as many lines as `declared` has. */
const called = (declared: string, value: string): string =>
  `on:\n  workflow_call:\n${declared}jobs:\n  deploy:\n    runs-on: x\n    environment: production\n    steps:\n      - env:\n          TOKEN: ${value}\n        run: ./go\n`;
const TOKEN = '${{ secrets.TOKEN }}';
const OPTIONAL = '    secrets:\n      TOKEN:\n        required: false\n';
const found = (files: Readonly<Record<string, string>>): readonly string[] =>
  linesFound(files, RULE, { withSeverity: true });

describe('a secret of a called workflow', () => {
  it.each([
    ['the call passes none', ''],
    ['the call passes others', '    secrets:\n      OTHER: ${{ secrets.TOKEN }}\n'],
    ['the call passes an empty mapping', '    secrets: {}\n'],
  ])('is empty where it is not declared, and %s', (_, secrets) => {
    expect(found({ 'a.yml': caller(secrets), 'b.yml': called('', TOKEN) })).toEqual(['b.yml:9 error']);
  });

  it('is empty where it is optional, and the call does not pass it: at the call', () => {
    expect(found({ 'a.yml': caller(), 'b.yml': called(OPTIONAL, TOKEN) })).toEqual(['a.yml:4 warning']);
  });

  it('is empty in the env of the workflow, in with, in a script, and in a function', () => {
    const b = [
      'on: workflow_call',
      'env:',
      '  A: ${{ secrets.ONE }}',
      'jobs:',
      '  deploy:',
      '    runs-on: x',
      '    steps:',
      '      - uses: acme/push@v1',
      '        with:',
      "          key: ${{ format('{0}', secrets.TWO) }}",
      '      - run: ./go "${{ secrets[\'THREE\'] }}"',
      '',
    ].join('\n');
    expect(found({ 'a.yml': caller(), 'b.yml': b })).toEqual(['b.yml:3 error', 'b.yml:10 error', 'b.yml:11 error']);
  });

  it('is empty at the end of a chain of calls that loses it', () => {
    const middle = 'on: workflow_call\njobs:\n  inner:\n    uses: ./.github/workflows/c.yml\n    secrets: inherit\n';
    const files = { 'b.yml': middle, 'c.yml': called('', TOKEN) };
    expect(found({ 'a.yml': caller(), ...files })).toEqual(['c.yml:9 error']);
    expect(found({ 'a.yml': caller('    secrets: inherit\n'), ...files })).toEqual([]);
    const passing = middle.replace('secrets: inherit', 'secrets:\n      TOKEN: ${{ secrets.LOST }}');
    expect(found({ 'a.yml': caller(), 'b.yml': passing, 'c.yml': called(OPTIONAL, TOKEN) })).toEqual(['b.yml:6 error']);
  });

  it('is one finding, whatever the number of its calls and places', () => {
    const twice = called('', TOKEN).replace(
      '          TOKEN:',
      '          AGAIN: ${{ secrets.token }}\n          TOKEN:',
    );
    const both = `${caller()}  again:\n    uses: ./.github/workflows/b.yml\n`;
    const [one, ...others] = undeclaredInCall.check(auditOf({ 'a.yml': both, 'b.yml': twice }));
    expect(others).toEqual([]);
    expect(one?.span.line).toBe(9);
    expect(one?.evidence?.map(({ span }) => `${span?.file}:${span?.line}`)).toEqual([
      '.github/workflows/a.yml:4',
      '.github/workflows/b.yml:10',
    ]);
  });

  it.each([
    ['the call inherits secrets', '    secrets: inherit\n', '', TOKEN],
    ['it is passed', `    secrets:\n      token: ${TOKEN}\n`, OPTIONAL, TOKEN],
    ['it is required, which GitHub itself refuses', '', OPTIONAL.replace('false', 'true'), TOKEN],
    ["it is GitHub's own token", '', '', '${{ secrets.GITHUB_TOKEN }}'],
    ['something else stands in for it', '', '', '${{ secrets.TOKEN || github.token }}'],
    ['it is asked whether it is there', '', '', "${{ secrets.TOKEN != '' }}"],
    ['it is not known which one it is', '', '', '${{ secrets[inputs.name] }}'],
    ['another context has that name', '', '', '${{ vars.TOKEN }}'],
  ])('is no finding where %s', (_, secrets, declared, value) => {
    expect(found({ 'a.yml': caller(secrets), 'b.yml': called(declared, value) })).toEqual([]);
  });

  it('is no finding where a script tests its variable', () => {
    const b = called('', TOKEN).replace('./go', 'if [ -n "$TOKEN" ]; then ./go; fi');
    expect(found({ 'a.yml': caller(), 'b.yml': b })).toEqual([]);
  });

  it('is no finding where nobody in the checkout calls the workflow, or another repository has it', () => {
    expect(found({ 'b.yml': called('', TOKEN) })).toEqual([]);
    expect(
      found({ 'a.yml': caller('', 'b.yml').replace('./.github', 'acme/ops/.github').replace('b.yml', 'b.yml@v1') }),
    ).toEqual([]);
  });
});
