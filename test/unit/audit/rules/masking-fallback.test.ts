import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const job = (run: string): string =>
  ['on: push', 'jobs:', '  migrate:', '    runs-on: ubuntu-24.04', '    steps:', `      - run: ${run}`].join('\n');

describe('a fallback of a migration', () => {
  it.each([
    'python manage.py migrate_schemas --noinput || python manage.py migrate --noinput',
    'python manage.py migrate || python manage.py migrate --fake',
    'python manage.py migrate || ./repair.sh',
  ])('%s', (script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/masking-fallback')).toEqual(['a.yml:6']);
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([]);
  });

  it.each([
    'python manage.py migrate || exit 1',
    'python manage.py migrate || true',
    'python manage.py check || python manage.py migrate',
  ])('not %s', (script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/masking-fallback')).toEqual([]);
  });
});
