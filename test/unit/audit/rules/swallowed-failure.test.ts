import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const job = (run: string, more = ''): string =>
  [
    'on: push',
    'jobs:',
    '  migrate:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...run.split('\n').map((line) => `          ${line}`),
    more,
  ].join('\n');

/** The script's first line is line 7 of the file. */
const FIRST = 7;

describe('a migration whose failure is hidden', () => {
  it.each([
    ['|| true', 'python manage.py migrate --noinput || true'],
    ['|| :', 'python manage.py migrate || :'],
    ['|| echo', 'python manage.py migrate || echo "no migrations"'],
    ['a group that does not exit', 'python manage.py migrate || { echo failed; }'],
    ['an and-list', 'cd app && python manage.py migrate && python manage.py collectstatic --noinput || true'],
    ['a group around it', '(python manage.py migrate) || true'],
    ['a container', 'docker compose run --rm web python manage.py migrate || true'],
    ['a message to people', 'python manage.py migrate || curl -X POST https://chat.example/hook'],
    ['an if without else', 'if ! python manage.py migrate; then echo "migration failed"; fi'],
    ['a pipe', 'python manage.py migrate | tee migrate.log'],
  ])('%s', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST}`]);
  });

  it.each([
    ['nothing hides it', 'python manage.py migrate --noinput'],
    ['a group that ends the job', 'python manage.py migrate || { echo failed; exit 1; }'],
    ['an if that ends the job', 'if ! python manage.py migrate; then\n  echo failed\n  exit 1\nfi'],
    ['the status is asked', 'set +e\npython manage.py migrate\nstatus=$?\nset -e\nexit $status'],
    ['tries again', 'until python manage.py migrate; do sleep 5; done'],
    ['cleaning up', 'docker rm old || true\npython manage.py migrate'],
    ['a look', 'python manage.py migrate --check || echo "something is pending"'],
    ['a word that is said', 'echo "python manage.py migrate || true"'],
    ['a comment', '# python manage.py migrate || true\npython manage.py migrate'],
  ])('not where %s', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([]);
  });

  it('names the line of the command in a here-document for a server', () => {
    const script = "ssh deploy@host <<'EOF'\ncd /srv/app\npython manage.py migrate || true\nEOF";
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST + 2}`]);
  });

  it('continue-on-error of the step, and of the job', () => {
    expect(
      linesFound(
        { 'a.yml': job('python manage.py migrate', '        continue-on-error: true') },
        'migrate/swallowed-failure',
      ),
    ).toEqual([`a.yml:${FIRST + 1}`]);
    const ofJob = job('python manage.py migrate').replace('    steps:', '    continue-on-error: true\n    steps:');
    expect(linesFound({ 'a.yml': ofJob }, 'migrate/swallowed-failure')).toEqual(['a.yml:5']);
  });

  it('is a warning for the set-up of tenants', () => {
    const found = linesFound(
      { 'a.yml': job('python manage.py create_super_tenant || true') },
      'migrate/swallowed-failure',
      {
        withSeverity: true,
      },
    );
    expect(found).toEqual([`a.yml:${FIRST} warning`]);
  });

  it('does not matter on a database of the job itself', () => {
    const test = job('python manage.py migrate || true\npytest').replace('  migrate:', '  test:');
    expect(linesFound({ 'a.yml': test }, 'migrate/swallowed-failure')).toEqual([]);
  });
});
