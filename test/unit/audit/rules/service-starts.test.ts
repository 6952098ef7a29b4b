import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const workflow = (...lines: readonly string[]): Readonly<Record<string, string>> => ({
  'ship.yml': [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - uses: actions/checkout@v5',
    ...lines.map((line) => `      ${line}`),
    '',
  ].join('\n'),
});
const run = (...commands: readonly string[]): Readonly<Record<string, string>> =>
  workflow('- run: |', ...commands.map((line) => `    ${line}`));
const found = (
  files: Readonly<Record<string, string>>,
  more: Readonly<Record<string, string>> = {},
): Readonly<Record<string, readonly string[]>> => {
  const checkout = { 'manage.py': '', 'requirements.txt': 'django\n', ...more };
  const of = (rule: Parameters<typeof linesFound>[1]): readonly string[] => linesFound(files, rule, { checkout });
  return {
    starts: of('migrate/on-container-start'),
    inline: of('migrate/inline-in-deploy'),
    missing: of('migrate/missing-job'),
  };
};

const SERVES = 'python manage.py migrate --noinput && exec gunicorn shop.wsgi';

describe('a start command that a deployment gives to a service', () => {
  it.each([
    [
      'the arguments of a service of Cloud Run',
      run(
        'gcloud run deploy web \\',
        '  --image r.example/shop:1 \\',
        '  --command=bash \\',
        `  --args="-c,${SERVES}"`,
      ),
      'ship.yml:11',
    ],
    [
      'arguments with a separator of their own',
      run(`gcloud beta run services update web --command sh --args='^;^-c;${SERVES} --bind 0.0.0.0:8000,[::]:8000'`),
      'ship.yml:8',
    ],
    [
      'the arguments of a container app',
      run(`az containerapp update -n web -g shop --image r.example/shop:1 --command sh --args "-c" "${SERVES}"`),
      'ship.yml:8',
    ],
    [
      'the startup file of a web app',
      run(
        `az webapp config set --name shop -g shop --startup-file "${SERVES}"`,
        'az webapp restart --name shop -g shop',
      ),
      'ship.yml:8',
    ],
    [
      'the startup command of an action',
      workflow('- uses: azure/webapps-deploy@v3', '  with:', '    app-name: shop', `    startup-command: ${SERVES}`),
      'ship.yml:10',
    ],
  ])('migrates whenever it starts: %s', (_, files, line) => {
    expect(found(files)).toEqual({ starts: [line], inline: [], missing: [] });
  });

  it.each([
    ['a service', 'gcloud run deploy web --image r.example/shop:1 --command gunicorn --args shop.wsgi'],
    ['a container app', 'az containerapp update -n web --command gunicorn --args shop.wsgi'],
  ])('that only serves is a deployment without a migration: %s', (_, command) => {
    expect(found(run(command))).toEqual({ starts: [], inline: [], missing: ['ship.yml:3'] });
  });

  it('is not what a job of Cloud Run runs to its end', () => {
    const files = run(
      'gcloud run jobs deploy migrate --image r.example/shop:1 --command python --args manage.py,migrate',
      'gcloud run jobs execute migrate --wait',
      'gcloud run deploy web --image r.example/shop:1',
    );
    expect(found(files)).toEqual({ starts: [], inline: ['ship.yml:8'], missing: [] });
  });

  it('is that of the Dockerfile that Heroku has for a process', () => {
    const files = run('heroku container:push --recursive --app shop', 'heroku container:release web worker --app shop');
    const checkout = {
      'Dockerfile.web': 'FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD ./start.sh\n',
      'Dockerfile.worker': 'FROM python:3.12\nCMD celery -A shop worker\n',
      'start.sh': '#!/bin/sh\nset -e\npython manage.py migrate\nexec gunicorn shop.wsgi\n',
    };
    expect(found(files, checkout)).toEqual({ starts: ['start.sh:3'], inline: [], missing: [] });
  });
});
