import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const pipeline = (stage: string, change: (text: string) => string = (text) => text): string =>
  change(
    `on:
  push:
    branches: [${stage}]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: pytest
  migrate:
    needs: test
    runs-on: ubuntu-24.04
    environment: ${stage}
    steps:
      - run: python manage.py migrate --noinput
  deploy:
    needs: migrate
    runs-on: ubuntu-24.04
    environment: ${stage}
    steps:
      - run: kubectl set image deployment/web web=registry.example/shop/web:\${{ github.sha }}
`,
  );

const files = (prod: (text: string) => string): Readonly<Record<string, string>> => ({
  '11-dev-deployment.yml': pipeline('dev'),
  '12-uat-deployment.yml': pipeline('uat'),
  '13-prod-deployment.yml': pipeline('prod', prod),
});

describe('the same migration in every environment', () => {
  it('is silent where they are alike', () => {
    expect(
      linesFound(
        files((text) => text),
        'parity/migrate-pattern',
      ),
    ).toEqual([]);
    expect(
      linesFound(
        files((text) => text.replace('--noinput', '--no-input')),
        'parity/migrate-pattern',
      ),
    ).toEqual([]);
  });

  it.each([
    ['commands', (text: string) => text.replace('manage.py migrate', 'manage.py migrate_schemas'), 14],
    ['flags', (text: string) => text.replace('--noinput', '--noinput --fake-initial'), 14],
    ['a hidden failure', (text: string) => text.replace('--noinput', '--noinput || true'), 14],
    ['what it waits for', (text: string) => text.replace('    needs: test\n', ''), 13],
    ['who waits for it', (text: string) => text.replace('needs: migrate', 'needs: test'), 14],
  ])('tells of %s', (_, change, line) => {
    expect(linesFound(files(change), 'parity/migrate-pattern')).toEqual([`13-prod-deployment.yml:${line}`]);
  });

  it('does not compare files of different families', () => {
    const other = pipeline('prod', (text) => text.replace('manage.py migrate', 'manage.py migrate_schemas'));
    expect(linesFound({ 'shop-dev.yml': pipeline('dev'), 'blog-prod.yml': other }, 'parity/migrate-pattern')).toEqual(
      [],
    );
  });

  it('compares the environments of one workflow', () => {
    const lane = (stage: string, flags: string): string => `  migrate-${stage}:
    runs-on: ubuntu-24.04
    environment: ${stage}
    steps:
      - run: python manage.py migrate${flags}
`;
    const text = (flags: string): string => `on: push\njobs:\n${lane('staging', '')}${lane('production', flags)}`;
    expect(linesFound({ 'deploy.yml': text('') }, 'parity/migrate-pattern')).toEqual([]);
    expect(linesFound({ 'deploy.yml': text(' --fake') }, 'parity/migrate-pattern')).toEqual(['deploy.yml:12']);
  });

  it('is about the call where the called workflow migrates for some of its callers only', () => {
    const called = `on:
  workflow_call:
    inputs:
      migrates: { type: boolean, default: false }
jobs:
  ship:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          ssh app.example <<'EOF'
          set -e
          \${{ inputs.migrates && 'npx knex migrate:latest' || '' }}
          sudo systemctl restart shop
          EOF
`;
    const caller = (stage: string, given: string): string =>
      `on:\n  push:\n    branches: [${stage}]\njobs:\n  ship:\n    uses: ./.github/workflows/ship.yml\n${given}`;
    expect(
      linesFound(
        {
          'ship.yml': called,
          'deploy-dev.yml': caller('dev', '    with: { migrates: true }\n'),
          'deploy-prod.yml': caller('prod', ''),
        },
        'parity/migrate-pattern',
      ),
    ).toEqual(['deploy-prod.yml:5']);
  });
});
