import { describe, expect, it } from 'vitest';

import { workflowInvalid } from '../../../../src/audit/rules/workflow-invalid.ts';
import { auditOf } from '../../../support/audit.ts';

const CALLED = [
  'on:',
  '  workflow_call:',
  '    inputs:',
  '      environment: { type: string, required: true }',
  '      Dry-Run: { type: boolean, default: false }',
  '      workers: { type: number }',
  '    secrets:',
  '      DEPLOY_KEY: { required: true }',
  '      HOOK: { required: false }',
  'jobs:',
  '  go: { runs-on: x, steps: [{ run: ./go }] }',
  '',
].join('\n');

/** Line 4 is `uses`; `more` begins at line 5. */
const call = (...more: readonly string[]): string =>
  ['on: push', 'jobs:', '  release:', '    uses: ./.github/workflows/b.yml', ...more, ''].join('\n');
const found = (a: string, b = CALLED): readonly string[] =>
  workflowInvalid
    .check(auditOf({ 'a.yml': a, 'b.yml': b }))
    .map(({ span, message }) => `${span.file.split('/').at(-1)}:${span.line} ${message}`);

const WITH = ['    with:', '      environment: dev'];
const SECRETS = ['    secrets:', '      DEPLOY_KEY: ${{ secrets.KEY }}'];
const B = '.github/workflows/b.yml';

describe('GitHub refuses a call', () => {
  it.each([
    [
      'an input that is not declared',
      [...WITH, '      enviroment: dev', ...SECRETS],
      7,
      `${B} declares no input \`enviroment\`.`,
    ],
    [
      'an input that is required and missing',
      SECRETS,
      4,
      `${B} requires the input \`environment\`, and this call does not pass it.`,
    ],
    [
      'a secret that is not declared',
      [...WITH, ...SECRETS, '      GITHUB_TOKEN: x'],
      9,
      `${B} declares no secret \`GITHUB_TOKEN\`.`,
    ],
    [
      'a secret that is required and missing',
      WITH,
      4,
      `${B} requires the secret \`DEPLOY_KEY\`, and this call does not pass it.`,
    ],
    ['a text for a boolean', [...WITH, '      dry-run: maybe', ...SECRETS], 7, `${B} takes a boolean as \`dry-run\`.`],
    ['a text for a number', [...WITH, '      workers: many', ...SECRETS], 7, `${B} takes a number as \`workers\`.`],
  ] as const)('for %s', (_, more, line, message) => {
    expect(found(call(...more))).toEqual([`a.yml:${line} ${message}`]);
  });

  it('of a workflow that has no workflow_call', () => {
    expect(found(call(), CALLED.replace('workflow_call:', 'workflow_dispatch:'))).toEqual([
      `a.yml:4 ${B} cannot be called: its \`on\` has no \`workflow_call\`.`,
    ]);
    expect(
      found(call(...WITH), 'on: [push, workflow_call]\njobs:\n  go: { runs-on: x, steps: [{ run: ./go }] }\n'),
    ).toEqual([`a.yml:6 ${B} declares no input \`environment\`.`]);
  });
});

describe('GitHub takes a call', () => {
  it.each([
    ['with what is required', [...WITH, ...SECRETS]],
    [
      'with names in another case',
      [...WITH, '      DRY-RUN: true', '    secrets:', '      deploy_key: x', '      Hook: y'],
    ],
    ['that inherits secrets', [...WITH, '    secrets: inherit']],
    [
      'with expressions of any type',
      [...WITH, '      dry-run: ${{ inputs.dry }}', '      workers: ${{ 1 }}', ...SECRETS],
    ],
    ['with values of the right type', [...WITH, '      dry-run: true', '      workers: 4', ...SECRETS]],
  ])('%s', (_, more) => {
    expect(found(call(...more))).toEqual([]);
  });

  it('of a workflow that is not in the checkout, as far as anybody can tell', () => {
    const elsewhere = call().replace('./.github/workflows/b.yml', 'acme/ops/.github/workflows/b.yml@v1');
    expect(found(elsewhere)).toEqual([]);
    expect(found(call().replace('b.yml', 'c.yml'))).toEqual([]);
  });

  it('of a file that is broken: only the file is reported', () => {
    expect(found(call(), 'on: [push\n')).toEqual([expect.stringMatching(/^b\.yml:/)]);
  });
});
