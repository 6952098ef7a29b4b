import { describe, expect, it } from 'vitest';

import type { DecoupleFacts } from '../../../src/decouple/decoupling.ts';
import { decouple, type Files } from './support/convert.ts';

const deploy = (migrate: string, env: readonly string[] = []): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-latest',
    '    environment: prod',
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - name: Update the server',
    ...env.map((line) => `        ${line}`),
    '        run: |',
    "          ssh host <<'EOF'",
    '          set -e',
    `          ${migrate}`,
    '          docker compose up -d',
    '          EOF',
    '',
  ].join('\n');

const compose = (more: readonly string[], database = 'store'): string =>
  [
    'services:',
    `  ${database}:`,
    '    image: postgres:17',
    '  shop:',
    '    build: .',
    ...more.map((line) => `    ${line}`),
    '',
  ].join('\n');

const EXEC = 'docker compose exec -T shop python manage.py migrate';
const PARTS: DecoupleFacts['variables'] = {
  database: [
    { name: 'DB_HOST', role: 'host' },
    { name: 'DB_PASSWORD', role: 'password' },
  ],
  required: [],
};

const whyLeft = (files: Files, facts: Partial<DecoupleFacts> = {}): readonly string[] =>
  decouple({ 'manage.py': 'django', ...files }, { secret: 'DB_PASSWORD', variables: PARTS, ...facts }).left.map(
    ({ why, remedy }) => `${why}. ${remedy}`,
  );

const sentence = (file = 'docker-compose.yml', variable = 'DB_HOST'): string =>
  `the database's host, store, is a service of ${file}, which only the server's own network knows. Let a runner reach the database, and set ${variable} in the \`env\` of the deployment to its address.`;

const WORKFLOW = '.github/workflows/deploy.yml';
const URL = { variables: { database: [{ name: 'DATABASE_URL', role: 'url' as const }], required: [] } };

describe('a migration whose database is a service of the compose file stays', () => {
  it.each<readonly [string, Files, Partial<DecoupleFacts>, string]>([
    ['by `environment`', { 'docker-compose.yml': compose(['environment:', '  DB_HOST: store']) }, {}, sentence()],
    ['by a list', { 'docker-compose.yml': compose(['environment:', '  - DB_HOST=store']) }, {}, sentence()],
    [
      'unless the server says otherwise',
      { 'docker-compose.yml': compose(['environment:', '  DB_HOST: ${DB_HOST:-store}']) },
      {},
      sentence(),
    ],
    [
      'by `env_file`',
      { 'docker-compose.yml': compose(['env_file: ./shop.env']), 'shop.env': 'DB_HOST=store\n' },
      {},
      sentence(),
    ],
    [
      'by the default of the settings',
      { 'docker-compose.yml': compose([]) },
      { variables: { ...PARTS, fallbacks: { DB_HOST: 'store' } } },
      sentence(),
    ],
    [
      'in the address of the database',
      {
        'docker-compose.yml': compose([
          'environment:',
          '  DATABASE_URL: postgres://${NAME}:${PASSWORD}@store:5432/shop',
        ]),
      },
      URL,
      sentence('docker-compose.yml', 'DATABASE_URL'),
    ],
  ])('%s', (_, files, facts, expected) => {
    expect(whyLeft({ ...files, [WORKFLOW]: deploy(EXEC) }, facts)).toEqual([expected]);
  });

  it('of the file that the command names', () => {
    const files = {
      'docker-compose.yml': compose(['environment:', '  DB_HOST: elsewhere']),
      'docker-compose.live.yml': compose(['environment:', '  DB_HOST: store']),
    };
    const command = 'docker compose -f docker-compose.live.yml exec -T shop python manage.py migrate';
    expect(whyLeft({ ...files, [WORKFLOW]: deploy(command) })).toEqual([sentence('docker-compose.live.yml')]);
  });

  it('in a container of another name', () => {
    const files = { 'docker-compose.yml': compose(['environment:', '  DB_HOST: store']) };
    const command = 'docker exec shop-1 python manage.py migrate';
    expect(whyLeft({ ...files, [WORKFLOW]: deploy(command) })).toEqual([sentence()]);
  });
});

describe('a migration is moved', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['whose host is no service of the compose file', compose(['environment:', '  DB_HOST: pg.example.com']), []],
    [
      'whose host compose takes from the server, where it starts no database',
      'services:\n  shop:\n    build: .\n    environment:\n      DB_HOST: ${DB_HOST}\n',
      [],
    ],
    [
      'whose host the workflow names',
      compose(['environment:', '  DB_HOST: store']),
      ['env:', '  DB_HOST: ${{ vars.DB_HOST }}'],
    ],
  ])('%s', (_, text, env) => {
    expect(whyLeft({ 'docker-compose.yml': text, [WORKFLOW]: deploy(EXEC, env) })).toEqual([]);
  });

  it('that runs on the server itself', () => {
    const files = { 'docker-compose.yml': compose(['environment:', '  DB_HOST: store']) };
    expect(whyLeft({ ...files, [WORKFLOW]: deploy('python manage.py migrate') })).toEqual([]);
  });
});

describe('a deployment that starts a database of its own', () => {
  const started = (lines: readonly string[], env: readonly string[] = []): Files => ({
    [WORKFLOW]: [
      ...deploy('X', env)
        .split('\n')
        .slice(0, 8 + env.length),
      '        run: |',
      "          ssh host <<'EOF'",
      '          set -e',
      ...lines.map((line) => `          ${line}`),
      '          EOF',
      '',
    ].join('\n'),
  });
  const WRITE = 'echo DB_HOST=${{ secrets.DB_HOST }} >> .env';
  const UP = 'docker compose up -d';
  const own =
    'the deployment starts a database of its own, store of infra/docker-compose.yml, and no `env` of the workflow names another host. Let a runner reach the database, and set its host in the `env` of the deployment.';

  it.each<readonly [string, readonly string[]]>([
    ['that never migrates, whose host only a file of the server has', [WRITE, UP]],
    ['that migrates in a container, whose host only a file of the server has', [WRITE, UP, EXEC]],
    ['of which nothing says the host', [UP]],
  ])('gets no migrate job: one %s', (_, lines) => {
    const files = {
      'infra/docker-compose.yml': compose(['command: gunicorn shop.wsgi']),
      'infra/Dockerfile': 'FROM python:3.13\nCOPY . .\n',
      ...started(lines),
    };
    expect(whyLeft(files)).toEqual([own]);
  });

  it('gets no migrate job where another compose file lies below that one', () => {
    const files = { 'infra/docker-compose.yml': compose(['command: gunicorn shop.wsgi']) };
    const local = { 'infra/local/docker-compose.yml': 'services:\n  shop:\n    build: .\n' };
    expect(whyLeft({ ...files, ...local, ...started([WRITE, UP, EXEC]) })).toEqual([own]);
  });

  it('gets no migrate job where compose takes the host from the server', () => {
    const files = { 'infra/docker-compose.yml': compose(['environment:', '  DB_HOST: ${DB_HOST}']) };
    expect(whyLeft({ ...files, ...started([UP, EXEC]) })).toEqual([own]);
  });

  it('gets a migrate job where the workflow names the host', () => {
    const files = { 'infra/docker-compose.yml': compose(['command: gunicorn shop.wsgi']) };
    expect(whyLeft({ ...files, ...started([UP, EXEC], ['env:', '  DB_HOST: ${{ vars.DB_HOST }}']) })).toEqual([]);
  });

  it('gets a migrate job where the compose file has no database, or one for a profile', () => {
    const only = 'services:\n  shop:\n    build: .\n';
    const ofProfile = `${only}  store:\n    image: postgres:17\n    profiles: [dev]\n`;
    for (const text of [only, ofProfile]) {
      expect(whyLeft({ 'infra/docker-compose.yml': text, ...started([WRITE, UP, EXEC]) })).toEqual([]);
    }
  });
});
