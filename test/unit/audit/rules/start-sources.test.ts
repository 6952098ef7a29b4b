import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const deploy = (...lines: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy-django:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - uses: actions/checkout@v5',
    ...lines.map((line) => `      ${line}`),
    '',
  ].join('\n');

const DOCKERFILE = 'FROM python:3.12\nCOPY . .\nCMD python manage.py migrate && gunicorn shop.wsgi\n';

const found = (workflow: string, checkout: Readonly<Record<string, string>> = {}): readonly string[] =>
  linesFound({ 'deploy.yml': workflow }, 'migrate/on-container-start', {
    checkout: { 'manage.py': '', Dockerfile: DOCKERFILE, ...checkout },
  });

describe('a platform that builds the sources it is sent', () => {
  it.each([
    ['Cloud Run', deploy('- run: gcloud run deploy shop --source . --region europe-west1')],
    [
      'Cloud Run, by an action',
      deploy('- uses: google-github-actions/deploy-cloudrun@v2', '  with: { service: shop, source: ./ }'),
    ],
    ['Container Apps', deploy('- run: az containerapp up --name shop --source .')],
    ['Fly', deploy('- run: flyctl deploy --remote-only --app shop')],
    ['Railway', deploy('- run: railway up --service web')],
    ['Dokku', deploy('- run: git push dokku main')],
  ])('starts what the Dockerfile says: %s', (_, workflow) => {
    expect(found(workflow)).toEqual(['Dockerfile:3']);
  });

  it('takes the Dockerfile of the folder that it is sent', () => {
    const checkout = { 'api/Dockerfile': DOCKERFILE, Dockerfile: 'FROM nginx\n', 'api/manage.py': '' };
    expect(found(deploy('- run: gcloud run deploy shop --source api'), checkout)).toEqual(['api/Dockerfile:3']);
    expect(found(deploy('- run: fly deploy', '  working-directory: api'), checkout)).toEqual(['api/Dockerfile:3']);
    expect(found(deploy('- run: fly deploy --dockerfile Dockerfile api'), checkout)).toEqual(['api/Dockerfile:3']);
  });

  it.each([
    ['fly.toml names the processes', 'fly deploy', { 'fly.toml': '[processes]\n  web = "gunicorn shop.wsgi"\n' }],
    ['fly.toml names an image', 'fly deploy', { 'fly.toml': '[build]\n  image = "acme/shop:1"\n' }],
    ['an option names an image', 'fly deploy --image acme/shop:1', {}],
    [
      'railway.json has a start command',
      'railway up',
      { 'railway.json': '{"deploy": {"startCommand": "gunicorn x"}}' },
    ],
    ['a Procfile names the web process', 'git push dokku main', { Procfile: 'web: gunicorn shop.wsgi\n' }],
    ['an image is deployed', 'gcloud run deploy shop --image acme/shop:1', {}],
    ['nothing is deployed', 'git push origin main', {}],
  ])('does not start it where %s', (_, run, checkout) => {
    expect(found(deploy(`- run: ${run}`), checkout as Record<string, string>)).toEqual([]);
  });
});
