import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

import type { RuleId } from '../../../../src/core/rule-ids.ts';
import { explainFile } from '../../../../src/audit/explain.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';

const ACTION = readFileSync(new URL('../../../../action.yml', import.meta.url), 'utf8');

const step = (uses: string, inputs: Readonly<Record<string, string>>, more = ''): string =>
  `      - uses: ${uses}\n${more}        with:\n${Object.entries(inputs)
    .map(([name, value]) => `          ${name}: ${value}\n`)
    .join('')}`;
const job = (id: string, steps: string, wiring = ''): string =>
  `  ${id}:\n${wiring}    runs-on: ubuntu-24.04\n    steps:\n${steps}`;
const BUILD = job('build', '      - run: docker build -t r.example/shop . && docker push r.example/shop\n');
const DEPLOY = '      - run: kubectl set image deployment/shop shop=r.example/shop:$GITHUB_SHA\n';
const PRODUCTION = { command: 'migrate', environment: 'production' };

const found = (rule: RuleId, jobs: readonly string[], checkout: Readonly<Record<string, string>> = {}) =>
  linesFound({ 'ship.yml': `on: push\njobs:\n${jobs.join('')}` }, rule, {
    checkout: { 'manage.py': 'import django\n', ...checkout },
  });

describe("devsetup's own action", () => {
  it.each([
    ['devsetup-tools/devsetup@v1', {}],
    ['Acme/Devsetup@0f3c2e1', {}],
    ['acme/django-devsetup@v1', {}],
    ['./', { 'action.yml': ACTION }],
    ['./.github/actions/migrate', { '.github/actions/migrate/action.yml': ACTION }],
  ])('%s with `command: migrate` is a migration in every rule', (uses, checkout) => {
    const migrate = (wiring: string): string => job('database', step(uses, PRODUCTION), wiring);
    const check = (rule: RuleId, jobs: readonly string[]): readonly string[] => found(rule, jobs, checkout);
    const wired = [BUILD, migrate('    needs: build\n'), job('deploy', DEPLOY, '    needs: database\n')];
    for (const rule of ['migrate/missing-job', 'migrate/deploy-not-wired', 'migrate/order'] as const) {
      expect(check(rule, wired)).toEqual([]);
    }
    const unwired = [BUILD, migrate('    needs: build\n'), job('deploy', DEPLOY, '    needs: build\n')];
    expect(check('migrate/deploy-not-wired', unwired)).toEqual(['ship.yml:16']);
    const early = [BUILD, migrate(''), job('deploy', DEPLOY, '    needs: [build, database]\n')];
    expect(check('migrate/order', early)).toEqual(['ship.yml:7']);
    expect(check('migrate/inline-in-deploy', [job('deploy', step(uses, PRODUCTION) + DEPLOY)])).toEqual(['ship.yml:6']);
    const hidden = step(uses, PRODUCTION, '        continue-on-error: true\n');
    expect(check('migrate/swallowed-failure', [job('migrate', hidden), job('deploy', DEPLOY)])).toEqual(['ship.yml:7']);
  });

  it.each([
    ['only shows what it would do', 'acme/devsetup@v1', { ...PRODUCTION, 'dry-run': "'true'" }],
    ['audits', 'acme/devsetup@v1', { command: 'audit' }],
    ['is another one', 'acme/devsetup-lint@v1', PRODUCTION],
  ])('is none where it %s', (_, uses, inputs) => {
    const jobs = [job('deploy', DEPLOY, '    needs: check\n'), job('check', step(uses, inputs))];
    expect(found('migrate/missing-job', jobs)).toEqual(['ship.yml:3']);
  });

  it.each([
    'npx --no-install devsetup migrate --environment prod',
    'npm exec -- devsetup migrate --environment prod',
    'pnpm exec devsetup migrate --environment=prod',
    'yarn devsetup migrate --environment=prod',
    './node_modules/.bin/devsetup migrate --environment=prod',
  ])('is the same as %s', (command) => {
    const jobs = [job('database', `      - run: ${command}\n`), job('deploy', DEPLOY, '    needs: database\n')];
    expect(found('migrate/missing-job', jobs)).toEqual([]);
    expect(found('migrate/deploy-not-wired', [jobs[0] ?? '', job('deploy', DEPLOY)])).toEqual(['ship.yml:7']);
  });

  it('is explained with its inputs, at its `uses`', () => {
    const text = `on: push\njobs:\n${job('migrate', step('acme/devsetup@v1', { ...PRODUCTION, shard: '1/2', only: '${{ inputs.only }}' }))}`;
    const explanation = explainFile(auditOf({ 'ship.yml': text }), '.github/workflows/ship.yml');
    expect(explanation?.jobs[0]?.migrations).toMatchObject([
      { command: 'devsetup migrate --environment --shard --only', stage: 'devsetup', fate: 'fails', span: { line: 6 } },
    ]);
  });
});
