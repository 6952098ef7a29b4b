import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const job = (id: string, needs: string, step: string): string =>
  `  ${id}:\n${needs === '' ? '' : `    needs: ${needs}\n`}    runs-on: ubuntu-24.04\n    steps:\n      - run: ${step}\n`;
const migrate = (needs: string): string =>
  `  migrate:\n${needs === '' ? '' : `    needs: ${needs}\n`}    environment: production\n    runs-on: ubuntu-24.04\n    steps:\n      - run: npx --no-install devsetup migrate\n`;
const order = (...jobs: readonly string[]): readonly string[] =>
  linesFound({ 'ship.yml': `on: push\njobs:\n${jobs.join('')}` }, 'migrate/order');

describe('what the migration waits for, where several things are deployed', () => {
  const api = (needs: string): string =>
    job('deploy-api', needs, 'kubectl set image deployment/api api=r.example/api:1');
  const site = (id: string, needs: string): string =>
    job(id, needs, 'kubectl set image deployment/site site=r.example/site:1');

  it.each([
    ['of the frontend that gate its deployment alone', 'frontend-tests', 'deploy-frontend'],
    ['that gate a deployment which the migration is not for', 'checks', 'deploy-portal'],
  ])('is not asked to wait for tests %s', (_, tests, deploy) => {
    const jobs = [
      migrate('test'),
      job('test', '', 'pytest'),
      job(tests, '', 'npm test'),
      api('[test, migrate]'),
      site(deploy, `[${tests}, migrate]`),
    ];
    expect(order(...jobs)).toEqual([]);
  });

  it('is not asked to wait for the image of the frontend', () => {
    const jobs = [
      migrate('build-api'),
      job('build-api', '', 'docker build -t r.example/api:1 . && docker push r.example/api:1'),
      job('build-frontend', '', 'docker build -t r.example/site:1 site && docker push r.example/site:1'),
      api('[build-api, migrate]'),
      site('deploy-frontend', '[build-frontend, migrate]'),
    ];
    expect(order(...jobs)).toEqual([]);
  });

  it('is not asked to wait for tests of the frontend that gate nothing', () => {
    expect(order(migrate(''), job('frontend-tests', '', 'npm test'), api('migrate'))).toEqual([]);
  });

  it.each([
    ['gate the deployment of the backend, too', 'frontend-tests', '[frontend-tests, migrate]'],
    ['gate the only deployment that waits for it', 'test', '[test, migrate]'],
    ['gate nothing, and are of the backend', 'test', 'migrate'],
  ])('is asked to wait for tests that %s', (_, tests, needs) => {
    expect(order(migrate(''), job(tests, '', 'npm test'), api(needs))).toEqual(['ship.yml:3']);
  });

  it('is asked to wait for the tests of the backend where it waits for the build alone', () => {
    const jobs = [
      migrate('build'),
      job('build', '', 'docker push r.example/api:1'),
      job('test', '', 'pytest'),
      job('frontend-tests', '', 'npm test'),
      api('[build, test, migrate]'),
      site('deploy-frontend', '[frontend-tests, migrate]'),
    ];
    expect(order(...jobs)).toEqual(['ship.yml:4']);
  });
});

describe('what comes after the migration by design', () => {
  const deploy = job('deploy', 'migrate', 'kubectl set image deployment/api api=r.example/api:1');

  it.each([
    ['tests of the migrated database', job('integration', 'migrate', 'pytest tests/integration')],
    ['an image that is built after the deployment', job('docs', 'deploy', 'docker build -t r.example/docs:1 docs')],
  ])('is not waited for: %s', (_, after) => {
    expect(order(migrate(''), deploy, after)).toEqual([]);
  });

  it('is no excuse for a build that the deployment needs', () => {
    expect(order(migrate(''), job('build', 'migrate', 'docker build -t r.example/api:1 .'), deploy)).toEqual([
      'ship.yml:3',
    ]);
  });
});

describe('a job that migrates before it builds the image', () => {
  const steps = (...lines: readonly string[]): Readonly<Record<string, string>> => ({
    'ship.yml': `on: push\njobs:\n  ship:\n    runs-on: ubuntu-24.04\n    steps:\n${lines.map((line) => `      - ${line}\n`).join('')}      - run: ssh app.example sudo systemctl restart shop\n`,
  });
  const found = (...lines: readonly string[]): readonly string[] => linesFound(steps(...lines), 'migrate/order');
  const remote = (...commands: readonly string[]): readonly string[] =>
    found(`run: ssh app.example "${['cd /srv/shop', ...commands].join(' && ')}"`);
  const MIGRATE = 'docker compose run --rm web python manage.py migrate --noinput';

  it.each([
    ['docker compose build', [MIGRATE, 'docker compose build web', 'docker compose up -d']],
    ['docker compose up --build', [MIGRATE, 'docker compose up -d --build']],
    ['docker build', ['docker exec web python manage.py migrate', 'docker build -t shop .', 'docker restart web']],
    ['docker-compose -f', [MIGRATE, 'docker-compose -f prod.yml up -d --build web']],
  ])('is reported on a server: %s', (_, commands) => {
    expect(remote(...commands)).toEqual(['ship.yml:6']);
  });

  it('is reported for the steps of one job, at the migration', () => {
    expect(
      found(
        'uses: actions/checkout@v5',
        'run: python manage.py migrate --noinput\n        env:\n          DATABASE_URL: ${{ secrets.DATABASE_URL }}',
        'uses: docker/build-push-action@v6\n        with:\n          push: true\n          tags: r.example/shop:1',
      ),
    ).toEqual(['ship.yml:7']);
  });

  it.each([
    ['the image is built before', ['docker compose build', MIGRATE, 'docker compose up -d --build']],
    [
      'the migration itself builds it',
      ['docker compose run --build --rm web python manage.py migrate', 'docker compose build'],
    ],
    ['only the image of the frontend is built later', [MIGRATE, 'docker build -t frontend frontend']],
    ['nothing is built', ['docker compose pull', MIGRATE, 'docker compose up -d']],
    ['a condition decides whether it is built', [MIGRATE, 'if [ -f Dockerfile ]; then docker compose build; fi']],
    ['it only looks', ['docker compose run --rm web python manage.py migrate --check', 'docker compose up -d --build']],
    ['the words are only printed', [MIGRATE, "echo 'docker compose build'", 'docker compose up -d']],
  ])('is not reported where %s', (_, commands) => {
    expect(remote(...commands)).toEqual([]);
  });

  it('is not reported where the database may be of the job itself', () => {
    expect(found('run: python manage.py migrate', 'run: docker build -t r.example/shop:1 .')).toEqual([]);
  });

  it('is not reported where a job that it needs builds', () => {
    const files = {
      'ship.yml': `on: push\njobs:\n${job('build', '', 'docker build -t r.example/shop:1 . && docker push r.example/shop:1')}${job('deploy', 'build', `ssh app.example "${MIGRATE} && docker compose up -d --build"`)}`,
    };
    expect(linesFound(files, 'migrate/order')).toEqual([]);
  });

  it('is not reported where another condition decides about the build', () => {
    const build = "if: github.ref_name == 'main'\n        run: docker build -t r.example/shop:1 .";
    expect(found(`run: ssh app.example "${MIGRATE}"`, build)).toEqual([]);
  });
});
