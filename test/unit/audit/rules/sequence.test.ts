import { describe, expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';

const job = (...commands: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  migrate:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...commands.map((line) => `          ${line}`),
  ].join('\n');

const SHARED = 'python manage.py migrate_schemas --shared --noinput';
const SUPER = 'python manage.py create_super_tenant';
const TENANTS = 'python manage.py migrate_schemas --tenant --noinput';

const found = (commands: readonly string[], checkout: Readonly<Record<string, string>> = {}): readonly string[] =>
  linesFound({ 'a.yml': job(...commands) }, 'migrate/sequence', { checkout });

describe('the sequence of a migrate job', () => {
  it.each([
    ['the whole of it', [SHARED, SUPER, TENANTS]],
    ['tenants by the command that does all', [SHARED, SUPER, 'python manage.py migrate_schemas --no-input']],
    ['another name of the set-up', [SHARED, 'python manage.py create_public_tenant --noinput', TENANTS]],
    ['devsetup', ['npx --no-install devsetup migrate --environment prod']],
    ['no tenants at all', ['python manage.py migrate']],
  ])('is right: %s', (_, commands) => {
    expect(found(commands)).toEqual([]);
  });

  it.each([
    ['tenants before shared', [TENANTS, SUPER, SHARED], 7],
    ['no super tenant', [SHARED, TENANTS], 7],
    ['the super tenant too early', [SUPER, SHARED, TENANTS], 7],
    ['no tenants', [SHARED, SUPER], 8],
    ['nobody can answer', [SHARED, SUPER, 'python manage.py migrate_schemas --tenant'], 9],
  ])('is wrong: %s', (_, commands, line) => {
    expect(found(commands)).toEqual([`a.yml:${line}`]);
  });

  it.each([
    ['requirements.txt', 'django\ndjango-tenants==3.7.0\n', true],
    ['pyproject.toml', 'dependencies = ["django", "django-tenants>=3"]\n', true],
    ['environment.yml', 'dependencies:\n  - django-tenants>=3\n', true],
    ['config/settings.py', "INSTALLED_APPS = [\n    'django_tenants',\n]\n", true],
    ['config/settings.py', 'from django_tenants.utils import get_tenant_model\n', true],
    ['requirements.txt', '# NO django-tenants\ndjango\n', false],
    ['config/settings/base.py', '"""All share a schema.\n\n- NO django-tenants isolation\n"""\n', false],
  ])('knows whether a project has tenants: %s with %j', (file, text, hasTenants) => {
    const audit = auditOf({}, { 'manage.py': '', [file]: text });
    expect(audit.project.hasTenants).toBe(hasTenants);
  });

  it('is not a plain migrate where the checkout has tenants', () => {
    const checkout = { 'manage.py': '', 'requirements.txt': 'django-tenants==3.7.0\n' };
    expect(found(['python manage.py migrate --noinput'], checkout)).toEqual(['a.yml:7']);
  });

  it('may be spread over jobs that wait for each other', () => {
    const jobs = [SHARED, SUPER, TENANTS].flatMap((command, index) => [
      `  migrate-${index}:`,
      '    runs-on: ubuntu-24.04',
      ...(index === 0 ? [] : [`    needs: migrate-${index - 1}`]),
      '    steps:',
      `      - run: ${command}`,
    ]);
    expect(linesFound({ 'a.yml': ['on: push', 'jobs:', ...jobs].join('\n') }, 'migrate/sequence')).toEqual([]);
  });

  it('does not matter to tests', () => {
    const test = job('python manage.py migrate_schemas --tenant', 'pytest').replace('  migrate:', '  test:');
    expect(linesFound({ 'a.yml': test }, 'migrate/sequence')).toEqual([]);
  });
});
