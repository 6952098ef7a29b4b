import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

type RuleId = 'migrate/on-container-start' | 'migrate/missing-job' | 'migrate/inline-in-deploy';

/** The first line of the script is line 7 of the workflow. */
const deploy = (...lines: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy-django:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...lines.map((line) => `          ${line}`),
    '',
  ].join('\n');

const remote = (...lines: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy-django:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - uses: appleboy/ssh-action@v1',
    '        with:',
    '          host: shop.example',
    '          script: |',
    ...lines.map((line) => `            ${line}`),
    '',
  ].join('\n');

const found = (
  rule: RuleId,
  workflow: string,
  checkout: Readonly<Record<string, string>> = { Dockerfile: 'FROM python:3.12\nCMD ["gunicorn", "shop.wsgi"]\n' },
): readonly string[] => linesFound({ 'deploy.yml': workflow }, rule, { checkout: { 'manage.py': '', ...checkout } });

const BUILD = 'docker build -t registry.example/shop:$GITHUB_SHA . && docker push registry.example/shop:$GITHUB_SHA';
const service = (command: string): readonly string[] => [
  'services:',
  '  web:',
  '    image: registry.example/shop:${TAG}',
  `    command: ${command}`,
];
const MIGRATES = 'sh -c "python manage.py migrate && gunicorn shop.wsgi"';

describe('a compose file that a deployment writes on the server', () => {
  const write = (command: string, mark = "'END'"): readonly string[] => [
    'cd /srv/shop',
    `cat > compose.yaml <<${mark}`,
    ...service(command),
    'END',
    'docker compose up -d',
  ];

  it.each([
    ['as it is written', write(MIGRATES)],
    ['with variables of the server filled in', write(MIGRATES, 'END')],
  ])('is read %s', (_, lines) => {
    expect(found('migrate/on-container-start', remote(...lines))).toEqual(['deploy.yml:15']);
    expect(found('migrate/missing-job', remote(...lines))).toEqual([]);
  });

  it('is read where the runner writes it and sends it there', () => {
    const workflow = deploy(
      BUILD,
      'cat > compose.live.yaml <<END',
      ...service(MIGRATES),
      'END',
      'scp compose.live.yaml ops@shop.example:/srv/shop/',
      'ssh ops@shop.example "cd /srv/shop && docker compose -f compose.live.yaml up -d"',
    );
    expect(found('migrate/on-container-start', workflow)).toEqual(['deploy.yml:12']);
    expect(found('migrate/missing-job', workflow)).toEqual([]);
  });

  it('counts, and not the file of that name in the checkout', () => {
    const checkout = { 'compose.yaml': [...service(MIGRATES), ''].join('\n') };
    expect(found('migrate/on-container-start', remote(...write('gunicorn shop.wsgi')), checkout)).toEqual([]);
  });

  it('may migrate where its lines come from a variable', () => {
    const workflow = deploy(
      BUILD,
      `TEXT='services: { web: { command: sh -c "python manage.py migrate && gunicorn shop.wsgi" } }'`,
      'echo "$TEXT" > compose.yaml; echo "$TEXT" >> compose.yaml',
      'scp compose.yaml ops@shop.example:/srv/shop/',
      'ssh ops@shop.example "cd /srv/shop && docker compose up -d"',
    );
    expect(found('migrate/missing-job', workflow)).toEqual([]);
  });
});

describe('a manifest that a deployment writes', () => {
  const manifest = (kind: string): readonly string[] => [
    'apiVersion: apps/v1',
    `kind: ${kind}`,
    'metadata: { name: shop }',
    'spec:',
    '  template:',
    '    spec:',
    '      containers:',
    '        - name: web',
    '          image: registry.example/shop:$GITHUB_SHA',
    kind === 'Job'
      ? '          command: [python, manage.py, migrate]'
      : '          args: ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]',
  ];

  it.each([
    ['by its standard input', ['kubectl apply -f - <<END', ...manifest('Deployment'), 'END']],
    ['by a file', ['cat <<END > web.yaml', ...manifest('Deployment'), 'END', 'kubectl apply -f web.yaml']],
  ])('is read where kubectl gets it %s', (_, lines) => {
    const workflow = deploy(BUILD, ...lines);
    expect(found('migrate/on-container-start', workflow)).toEqual(['deploy.yml:18']);
    expect(found('migrate/missing-job', workflow)).toEqual([]);
  });

  it('is a migration of the job where it is a Job that migrates', () => {
    const workflow = deploy(
      BUILD,
      'kubectl apply -f - <<END',
      ...manifest('Job'),
      'END',
      'kubectl set image deployment/shop web=registry.example/shop:$GITHUB_SHA',
    );
    expect(found('migrate/inline-in-deploy', workflow)).toEqual(['deploy.yml:18']);
    expect(found('migrate/missing-job', workflow)).toEqual([]);
  });
});
