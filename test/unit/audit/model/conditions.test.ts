import { describe, expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';

/** Whom the last of these jobs ignores: it needs `build` and `migrate`. */
const ignoredBy = (condition: string): readonly string[] =>
  auditOf({
    'a.yml': `on: push
jobs:
  build: {runs-on: x, steps: [{run: make}]}
  migrate: {runs-on: x, steps: [{run: make}]}
  deploy:
    needs: [build, migrate]
    if: ${condition}
    runs-on: x
    steps: [{run: make}]
`,
  }).pipelines[0]?.jobs.at(-1)?.ignoresResultOf ?? ['nothing'];

describe('whose failure an if ignores', () => {
  it.each([
    'success()',
    "github.ref == 'refs/heads/main'",
    '!failure()',
    '${{ !failure() && !cancelled() }}',
    'always() && !failure()',
    "always() && needs.build.result == 'success' && needs.migrate.result == 'success'",
    "${{ always() && needs.migrate.result != 'failure' && needs['build'].result != 'failure' }}",
    "always() && !contains(needs.*.result, 'failure')",
    "${{ !(contains(needs.*.result, 'failure') || contains(needs.*.result, 'cancelled')) && always() }}",
    "always() && !contains(join(needs.*.result, ','), 'failure')",
    'always() && contains(fromJSON(\'["success"]\'), join(needs.*.result))',
    "github.event_name == 'push' && success()",
  ])('none: %s', (condition) => {
    expect(ignoredBy(condition)).toEqual([]);
  });

  it.each([
    'always()',
    '${{ always() }}',
    '${{ !cancelled() }}',
    "${{ !cancelled() && github.ref == 'refs/heads/main' }}",
    'failure() || success()',
    'always() && inputs.go',
  ])('both: %s', (condition) => {
    expect(ignoredBy(condition)).toEqual(['build', 'migrate']);
  });

  it.each([
    ["always() && needs.build.result == 'success'", ['migrate']],
    ["${{ !cancelled() && needs.migrate.result == 'success' }}", ['build']],
    ["always() && (needs.migrate.result == 'success' || needs.migrate.result == 'skipped')", ['build']],
    ['always() && contains(fromJSON(\'["success", "skipped"]\'), needs.migrate.result)', ['build']],
    ['${{ !cancelled() && !contains(fromJSON(\'["failure", "cancelled"]\'), needs.migrate.result) }}', ['build']],
    ["always() && contains('success skipped', needs.migrate.result)", ['build']],
    ['always() && contains(fromJSON(\'["success", "failure"]\'), needs.build.result)', ['build', 'migrate']],
    ["always() && contains(fromJSON('{not json'), needs.build.result)", ['build', 'migrate']],
    ["always() && needs.migrate.result != 'cancelled' && needs.build.result == 'success'", ['migrate']],
  ])('one: %s', (condition, ignored) => {
    expect(ignoredBy(condition)).toEqual(ignored);
  });
});
