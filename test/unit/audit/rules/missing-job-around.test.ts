import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const DEPLOY = 'kubectl set image deployment/web web=registry.example/shop/web:1';
const DJANGO = { 'backend/manage.py': '' };

const pipeline = (steps: readonly string[], head = 'on: push', before = '', needs = ''): string =>
  `${head}\njobs:\n${before}  ship:\n${needs}    runs-on: ubuntu-24.04\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;

const found = (
  files: Readonly<Record<string, string>>,
  checkout: Readonly<Record<string, string>> = DJANGO,
): readonly string[] => linesFound(files, 'migrate/missing-job', { checkout });

describe('a deployment after another workflow', () => {
  const ship = pipeline([`run: ${DEPLOY}`], 'on: { workflow_run: { workflows: [Tests], types: [completed] } }');
  const tests = (run: string): string => pipeline([`run: ${run}`], 'name: Tests\non: push').replace('ship:', 'ci:');

  it('is judged together with it', () => {
    expect(found({ 'ship-backend.yml': ship, 'tests.yml': tests('pytest') })).toEqual(['ship-backend.yml:3']);
    const migrates = tests('DATABASE_URL=${{ secrets.DATABASE_URL }} python manage.py migrate').replace(
      'ci:',
      'migrate:',
    );
    expect(found({ 'ship-backend.yml': ship, 'tests.yml': migrates })).toEqual([]);
  });

  it('is left alone where that one is not in the checkout', () => {
    expect(found({ 'ship-backend.yml': ship })).toEqual([]);
  });
});

describe('what may migrate unseen', () => {
  it.each([
    ['a health check', 'curl -fsS https://${{ secrets.HOST }}/health/', ['ship-backend.yml:3']],
    ['a message', 'curl -X POST -d done ${{ secrets.SLACK_WEBHOOK_URL }}', ['ship-backend.yml:3']],
    ['a job that is defined elsewhere', 'gcloud run jobs execute after-release --wait', []],
    ['a task that is defined elsewhere', 'aws ecs run-task --cluster shop --task-definition shop-release', []],
    ['a hook that is not known', 'curl -X POST ${{ secrets.AFTER_SHIPPING }}', []],
  ])('is seen for what it is: %s', (_, command, lines) => {
    expect(found({ 'ship-backend.yml': pipeline([`run: ${DEPLOY}`, `run: ${command}`]) })).toEqual(lines);
  });
});

describe('a platform that builds by itself', () => {
  const steps = (variable: string) => [
    'run: python manage.py collectstatic --noinput',
    `uses: azure/webapps-deploy@v3\n        env: { ${variable}: scripts/after-build.sh }`,
  ];

  it('may migrate in a command it is handed', () => {
    expect(found({ 'main.yml': pipeline(steps('POST_BUILD_COMMAND')) })).toEqual([]);
    expect(found({ 'main.yml': pipeline(steps('NODE_ENV')) })).toEqual(['main.yml:3']);
  });
});

describe('a job that is named for migrations', () => {
  const named = (rest: string): string =>
    pipeline(
      [`run: ${DEPLOY}`],
      'on: push',
      `  backend-migrations:\n    runs-on: ubuntu-24.04\n${rest}`,
      '    needs: backend-migrations\n',
    );

  it('promises none where it looks for missing ones', () => {
    const looks = '    steps:\n      - run: python manage.py makemigrations --check\n';
    expect(found({ 'ship-backend.yml': named(looks) })).toEqual(['ship-backend.yml:7']);
  });

  it('promises one else', () => {
    expect(found({ 'ship-backend.yml': named('    steps:\n      - run: echo done\n') })).toEqual([
      'ship-backend.yml:3',
    ]);
  });
});

describe('a project of which the workflow says nothing', () => {
  const files = {
    'main.yml': pipeline(['run: ssh ops@shop.example "docker compose -f docker-compose.prod.yml up -d"']),
  };
  const compose = (command: string) => ({
    ...DJANGO,
    'docker-compose.prod.yml': `services:\n  web:\n    image: shop/web:1\n    command: ${command}\n`,
  });

  it('is known by the compose file it is deployed with', () => {
    expect(found(files, compose('gunicorn shop.wsgi'))).toEqual(['main.yml:3']);
    expect(found(files, compose('node server.js'))).toEqual([]);
  });
});
