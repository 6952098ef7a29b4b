import { expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const job = (id: string, needs: string, run: string): string =>
  `  ${id}:\n    runs-on: ubuntu-24.04\n    needs: [${needs}]\n    steps:\n      - run: ${run}\n`;

const TEST = job('test', '', 'pytest');
const migrate = (needs: string): string => job('migrate', needs, 'python manage.py migrate --noinput');
const ship = (needs: string): string => job('ship', needs, 'kubectl set image deployment/web web=r.example/web:1');
const called = (jobs: string): string => `on: workflow_call\njobs:\n${jobs}`;
const caller = (jobs: string): string => `on: push\njobs:\n${jobs}`;
const CALL = '  pipeline:\n    uses: ./.github/workflows/all.yml\n';

it('points at the needs that can be changed: of a called workflow, or of what calls it', () => {
  const inner = { 'all.yml': called(TEST + migrate('') + ship('test')), 'main.yml': caller(CALL) };
  expect(linesFound(inner, 'migrate/order')).toEqual(['all.yml:10']);
  expect(linesFound(inner, 'migrate/deploy-not-wired')).toEqual(['all.yml:15']);
  const outer = { 'all.yml': called(migrate('') + ship('migrate')), 'main.yml': caller(TEST + CALL) };
  expect(linesFound(outer, 'migrate/order')).toEqual(['main.yml:8']);
  const apart = { 'all.yml': called(migrate('')), 'main.yml': caller(CALL + ship('')) };
  expect(linesFound(apart, 'migrate/deploy-not-wired')).toEqual(['main.yml:7']);
});
