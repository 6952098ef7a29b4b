import { expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';

it.each([
  ['acme/helm-values-schema-json-action', 'other'],
  ['acme/helm-unittest-action', 'test'],
  ['acme/helm-deploy-action', 'deploy'],
])('a job with %s: %s', (action, role) => {
  const text = `on: push\njobs:\n  chart:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: ${action}@v1\n`;
  expect(auditOf({ 'a.yml': text }).pipelines[0]?.jobs[0]?.role).toBe(role);
});
