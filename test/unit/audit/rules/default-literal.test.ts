import { describe, expect, it } from 'vitest';

import { defaultLiteral } from '../../../../src/audit/rules/default-literal.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';
import { deployRun, deployWith, FIRST, FIRST_WITH } from '../../../support/secret-jobs.ts';

const RULE = 'secret/default-literal';
const inRun = (run: string): readonly string[] => linesFound({ 'a.yml': deployRun(run) }, RULE);
const inWith = (key: 'env' | 'with', more: string): readonly string[] =>
  linesFound({ 'a.yml': deployWith(key, more) }, RULE);

describe('a fixed value in the place of a secret', () => {
  it.each([
    ['env', "DB_PASSWORD: ${{ secrets.DB_PASSWORD || 'postgres' }}"],
    ['env', "DB_PASSWORD: ${{ secrets.DB_PASSWORD || 'changeme' }}"],
    ['env', "PASSWORD: ${{ secrets.SHOP || secrets.OTHER || 'Blau-4711' }}"],
    ['env', "DB_PASSWORD: ${{ secrets.DB_PASSWORD != '' && secrets.DB_PASSWORD || 'Blau-4711' }}"],
    ['env', "DATABASE_URL: ${{ secrets.DATABASE_URL || 'postgresql://shop:Blau-4711@db/shop' }}"],
    ['env', "API_TOKEN: prefix-${{ inputs.api-token || 'Blau-4711' }}"],
    ['with', "password: ${{ secrets.REGISTRY_PASSWORD || 'Blau-4711' }}"],
    ['with', 'password: ${{ secrets.REGISTRY_PASSWORD || 48113377 }}'],
  ] as const)('%s: %s', (key, more) => {
    expect(inWith(key, more)).toEqual([`a.yml:${FIRST_WITH}`]);
  });

  it.each([
    ['an expression', "./go --password ${{ secrets.DB_PASSWORD || 'Blau-4711' }}"],
    ['a parameter', 'export DB_PASSWORD=${DB_PASSWORD:-postgres}'],
    ['a parameter without colon', 'psql --password="${DB_PASSWORD-Blau-4711}"'],
    ['an assignment by parameter', ': "${SECRET_KEY:=Blau-4711}"'],
    ['a URL', 'export DATABASE_URL=${DATABASE_URL:-postgresql://shop:Blau-4711@db.internal/shop}'],
  ])('%s in a script', (_, script) => {
    expect(inRun(script)).toEqual([`a.yml:${FIRST}`]);
  });

  it('in files that are written, and on servers', () => {
    const compose = "cat > compose.yml <<'EOF'\nx:\n  PASSWORD: ${DB_PASSWORD:-Blau-4711}\nEOF";
    expect(inRun(compose)).toEqual([`a.yml:${FIRST + 2}`]);
    expect(inRun("ssh app@host <<'EOF'\nexport DB_PASSWORD=${DB_PASSWORD:-postgres}\nEOF")).toEqual([
      `a.yml:${FIRST + 1}`,
    ]);
  });

  it('in what the whole workflow sets', () => {
    const all = deployRun('./go').replace(
      'jobs:',
      "env:\n  DB_PASSWORD: ${{ secrets.DB_PASSWORD || 'postgres' }}\njobs:",
    );
    expect(linesFound({ 'a.yml': all }, RULE)).toEqual(['a.yml:3']);
  });

  it.each([
    ['nothing', 'env', "DB_PASSWORD: ${{ secrets.DB_PASSWORD || '' }}"],
    ['another secret', 'env', 'DB_PASSWORD: ${{ secrets.DB_PASSWORD || secrets.OTHER }}'],
    ["GitHub's token", 'with', 'token: ${{ secrets.PAT || github.token }}'],
    ['a database without password', 'env', "DATABASE_URL: ${{ secrets.DATABASE_URL || 'sqlite:///db.sqlite3' }}"],
    ['what browsers see anyway', 'env', "NEXT_PUBLIC_KEY: ${{ secrets.NEXT_PUBLIC_KEY || 'abcdef' }}"],
    ['a switch', 'env', "HAS_TOKEN: ${{ secrets.API_TOKEN && 'true' || 'false' }}"],
    ['a comparison', 'env', "IS_SET: ${{ secrets.API_TOKEN == 'abc' }}"],
    ['an input', 'env', "TAG: ${{ inputs.tag || 'v1.2.3' }}"],
  ] as const)('not %s', (_, key, more) => {
    expect(inWith(key, more)).toEqual([]);
  });

  it.each([
    ['nothing', 'export DB_PASSWORD=${DB_PASSWORD:-}'],
    ['an error', 'export DB_PASSWORD=${DB_PASSWORD:?is missing}'],
    ['another variable', 'export DB_PASSWORD=${DB_PASSWORD:-$OTHER}'],
    ['what is no secret', 'export TAG=${TAG:-v1} DB_HOST=${DB_HOST:-localhost}'],
    ['if it is there', 'echo ${DB_PASSWORD:+is set}'],
    ['a comment', '# ${DB_PASSWORD:-postgres}\ntrue'],
  ])('not %s in a script', (_, script) => {
    expect(inRun(script)).toEqual([]);
  });

  it.each([
    ['env', "DB_HOST: ${{ secrets.DB_HOST || 'localhost' }}"],
    ['env', "DB_PORT: ${{ secrets.DB_PORT || '5432' }}"],
    ['env', 'DB_PORT: ${{ secrets.DB_PORT || 5432 }}'],
    ['with', 'script: MAIL_PORT=${{ secrets.MAIL_PORT || 465 }} ./start'],
    ['env', "SITE_URL: ${{ secrets.SITE_URL || 'https://shop.example' }}"],
    ['with', "aws-region: ${{ secrets.AWS_REGION || 'eu-central-1' }}"],
  ] as const)('is information where the secret only says where or who: %s %s', (key, more) => {
    expect(linesFound({ 'a.yml': deployWith(key, more) }, RULE, { withSeverity: true })).toEqual([
      `a.yml:${FIRST_WITH} info`,
    ]);
  });

  it('also in steps and jobs that never run: everybody can read it there, too', () => {
    const off = (text: string): string => text.replace('      - run: |', '      - if: false\n        run: |');
    const step = off(deployRun("./go --password ${{ secrets.DB_PASSWORD || 'Blau-4711' }}"));
    expect(linesFound({ 'a.yml': step }, RULE)).toEqual([`a.yml:${FIRST + 1}`]);
    expect(linesFound({ 'a.yml': off(deployRun('export DB_PASSWORD=${DB_PASSWORD:-Blau-4711}')) }, RULE)).toEqual([
      `a.yml:${FIRST + 1}`,
    ]);
    const named = deployWith('env', "DB_PASSWORD: ${{ secrets.DB_PASSWORD || 'Blau-4711' }}");
    expect(linesFound({ 'a.yml': named.replace('- run: ./go', '- if: false\n        run: ./go') }, RULE)).toEqual([
      `a.yml:${FIRST_WITH + 1}`,
    ]);
    const job = named.replace('    runs-on', '    if: ${{ false }}\n    runs-on');
    expect(linesFound({ 'a.yml': job }, RULE)).toEqual([`a.yml:${FIRST_WITH + 1}`]);
    expect(linesFound({ 'a.yml': job.replaceAll('deploy', 'unit-tests') }, RULE)).toEqual([]);
    expect(linesFound({ 'a.yml': job.replace('Blau-4711', 'changeme') }, RULE)).toEqual([]);
    expect(
      linesFound({ 'a.yml': job.replace('secrets.DB_PASSWORD', 'inputs.tag').replace('DB_PASSWORD', 'TAG') }, RULE),
    ).toEqual([]);
  });

  it('is one finding for a secret of a file, with its other places as evidence', () => {
    const value = "${{ secrets.DB_PASSWORD || 'Blau-4711' }}";
    const found = defaultLiteral.check(auditOf({ 'a.yml': deployWith('env', `A: ${value}\nB: ${value}`) }));
    expect(found.map(({ span, evidence = [] }) => [span.line, evidence.map((one) => one.span?.line)])).toEqual([
      [FIRST_WITH, [FIRST_WITH + 1]],
    ]);
  });

  it('not in tests', () => {
    const test =
      "on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    env:\n      DB_PASSWORD: ${{ secrets.DB_PASSWORD || 'postgres' }}\n    steps:\n      - run: pytest --password=${DB_PASSWORD:-postgres}\n";
    expect(linesFound({ 'a.yml': test }, RULE)).toEqual([]);
  });
});
