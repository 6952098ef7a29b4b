import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const SERVICE = [
  'services:',
  '  web:',
  '    image: registry.example/shop:1',
  '    command: sh -c "python manage.py migrate && gunicorn shop.wsgi"',
  '',
].join('\n');

/** The file for a server lies in a folder, and another one for laptops at another place. */
const CHECKOUT = {
  'shop/manage.py': '',
  'shop/Dockerfile': 'FROM python:3.12\nCMD ["gunicorn", "shop.wsgi"]\n',
  'shop/ops/live/compose.yaml': SERVICE,
  'shop/compose.yaml': 'services:\n  web:\n    build: .\n    command: gunicorn shop.wsgi --reload\n',
};

const deploy = (...steps: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy-backend:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - uses: actions/checkout@v5',
    ...steps.map((step) => `      - ${step}`),
    '',
  ].join('\n');

const scp = (source: string, target: string, strip: number): string =>
  `{ uses: appleboy/scp-action@v1, with: { host: shop.example, source: "${source}", target: "${target}", strip_components: ${strip} } }`;
const up = (folder: string): string => `run: ssh ops@shop.example "cd ${folder} && docker compose up -d"`;

const found = (
  workflow: string,
  rule: 'migrate/on-container-start' | 'migrate/missing-job' = 'migrate/on-container-start',
): readonly string[] => linesFound({ 'deploy.yml': workflow }, rule, { checkout: CHECKOUT });

const MIGRATION = 'shop/ops/live/compose.yaml:4';

describe('a compose file that is sent to another place of a server', () => {
  it.each([
    ['a pattern without the folders before it', scp('./shop/ops/live/*', '/opt/shop/', 3), '/opt/shop/'],
    ['a folder without those above it', scp('shop/ops/live', '/opt/shop', 2), '/opt/shop/live'],
    ['one of several sources', scp('shop/ops/live/compose.yaml, shop/conf/', '/opt/shop', 3), '/opt/shop'],
    ['with its whole path', scp('shop/ops/live/compose.yaml', '/opt', 0), '/opt/shop/ops/live'],
    ['below the home of a user', scp('shop/ops/live/*', '~/shop', 3), '/home/ops/shop'],
    ['scp of a file', 'run: scp -P 2222 shop/ops/live/compose.yaml ops@shop.example:/opt/shop/', '/opt/shop'],
    [
      'scp of a file under its name',
      'run: scp shop/ops/live/compose.yaml ops@shop.example:/opt/shop/compose.yaml',
      '/opt/shop',
    ],
    ['scp of a folder', 'run: scp -r shop/ops/live ops@shop.example:/opt', '/opt/live'],
    ['scp of all files of a folder', 'run: scp -i key shop/ops/live/* ops@shop.example:/opt/shop', '/opt/shop'],
    ['rsync of a folder', 'run: rsync -a -e "ssh -p 22" shop/ops/live ops@shop.example:/opt', '/opt/live'],
    [
      'an action that sends as rsync does',
      '{ uses: burnett01/rsync-deployments@7, with: { path: shop/ops/live/, remote_path: /opt/shop, remote_host: shop.example } }',
      '/opt/shop',
    ],
    [
      'an action that reads variables',
      '{ uses: easingthemes/ssh-deploy@v5, env: { SOURCE: shop/ops/live, TARGET: /opt, REMOTE_HOST: shop.example } }',
      '/opt/live',
    ],
    [
      'an action that sends what is in a folder',
      '{ uses: wlixcc/SFTP-Deploy-Action@v1, with: { local_path: "./shop/ops/live/*", remote_path: /opt/shop, server: shop.example } }',
      '/opt/shop',
    ],
    ['rsync of what is in a folder', 'run: rsync -a shop/ops/live/ ops@shop.example:/opt/shop', '/opt/shop'],
  ])('is the one that is started: %s', (_, send, folder) => {
    const workflow = deploy(send, up(folder));
    expect(found(workflow)).toEqual([MIGRATION]);
    expect(found(workflow, 'migrate/missing-job')).toEqual([]);
  });

  it.each([
    ['to another place', scp('shop/ops/live/*', '/opt/other', 3), '/opt/shop'],
    ['with folders of its own in between', scp('shop/ops/live/*', '/opt/shop', 1), '/opt/shop'],
    ['from elsewhere', 'run: scp admin@other.example:/etc/compose.yaml ops@shop.example:/opt/shop/', '/opt/shop'],
  ])('is not the one that is started, where it is sent %s', (_, send, folder) => {
    expect(found(deploy(send, up(folder)))).toEqual([]);
  });

  it('still starts with a migration where its image is set on the server', () => {
    const run = "cd /opt/shop && yq -i '.services.web.image = strenv(IMAGE)' compose.yaml && docker compose up -d";
    const workflow = deploy(scp('shop/ops/live/*', '/opt/shop', 3), `run: ssh ops@shop.example "${run}"`);
    expect(found(workflow)).toEqual([MIGRATION]);
  });
});

describe('a command of several lines in a compose file', () => {
  const compose = (...lines: readonly string[]): string =>
    ['services:', '  web:', '    build: .', ...lines.map((line) => `    ${line}`), ''].join('\n');
  const check = (text: string): readonly string[] =>
    linesFound({ 'deploy.yml': deploy(up('/srv/shop')) }, 'migrate/on-container-start', {
      checkout: { 'manage.py': '', Dockerfile: 'FROM python:3.12\n', 'compose.yaml': text },
    });

  it('is read as compose reads it, without the backslashes at the ends of lines', () => {
    const text = compose(
      'command: sh -c "python manage.py collectstatic --noinput && \\',
      '  python manage.py migrate && \\',
      '  gunicorn shop.wsgi"',
    );
    expect(check(text)).toEqual(['compose.yaml:5']);
  });

  it('keeps backslashes within single quotes, where a server of that name does not exist', () => {
    expect(check(compose("command: sh -c 'python manage.py migrate && \\", "  gunicorn shop.wsgi'"))).toEqual([]);
  });
});
