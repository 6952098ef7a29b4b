import { describe, expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';

const job = (id: string, needs: string, ...steps: readonly string[]): string =>
  `  ${id}:\n${needs === '' ? '' : `    needs: ${needs}\n`}    runs-on: ubuntu-24.04\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;
const migrate = (needs: string): string =>
  job('migrate', needs, 'run: npx --no-install devsetup migrate --environment prod');
const DEPLOY = job('deploy', 'migrate', 'run: kubectl set image deployment/shop shop=r.example/shop:1');
const found = (...jobs: readonly string[]): readonly string[] =>
  linesFound({ 'ship.yml': `on: push\njobs:\n${jobs.join('')}` }, 'migrate/deploy-not-wired');
const roleOf = (text: string): readonly string[] =>
  auditOf({ 'ship.yml': `on: push\njobs:\n${text}` }).pipelines.flatMap(({ jobs }) => jobs.map(({ role }) => role));

describe('what need not wait for the migration', () => {
  it.each([
    ['a script that reports the deployment', job('note', '', 'run: ./ci/deployment-notify.sh started')],
    ['a script that checks the last one', job('check', '', 'run: ./ci/check-deploy.sh')],
    ['documentation', job('docs', '', 'uses: peaceiris/actions-gh-pages@v4')],
    ['documentation in a bucket', job('publish-docs', '', 'run: aws s3 sync site s3://docs.example')],
    ['pages of GitHub', job('pages', '', 'uses: actions/deploy-pages@v4')],
    [
      'a deployment that never runs',
      job('old', '', 'run: kubectl apply -f k8s').replace('    runs-on', '    if: false\n    runs-on'),
    ],
  ])('%s', (_, other) => {
    expect(found(other, migrate(''), DEPLOY)).toEqual([]);
  });

  it.each([
    ['terraform', job('infrastructure', '', 'run: terraform apply -auto-approve')],
    ['a backup', job('backup', '', 'run: ssh db.example "pg_dump shop | gzip > /backup/shop.gz"')],
    [
      'a backup that is copied',
      job('backup', '', 'run: pg_dump shop > dump.sql', 'run: aws s3 cp dump.sql s3://backups/'),
    ],
    ['a health check', job('healthy', '', 'run: ssh app.example "docker ps && curl -f localhost/health"')],
    ['a maintenance page', job('maintenance', '', 'run: ssh app.example touch /srv/maintenance.on')],
  ])('%s that the migration waits for', (_, before) => {
    const [, id = ''] = /^ {2}([\w-]+):/.exec(before) ?? [];
    expect(found(before, migrate(id), DEPLOY)).toEqual([]);
  });
});

describe('what has to wait for the migration', () => {
  it.each([
    ['a script that deploys', job('last', '', 'run: ./ci/deploy.sh')],
    [
      'a frontend',
      job('frontend', '', 'run: aws s3 sync dist s3://shop.example', 'run: aws cloudfront create-invalidation'),
    ],
    ['a deployment before it', job('first', '', 'run: kubectl apply -f k8s')],
    [
      'a copy and a restart',
      job('server', '', 'run: rsync -a . app.example:/srv', 'run: ssh app.example sudo systemctl restart shop'),
    ],
    ['terraform that nothing waits for', job('release', '', 'run: terraform apply -auto-approve')],
  ])('%s', (_, other) => {
    const needs = other.startsWith('  first') ? 'first' : '';
    expect(found(other, migrate(needs), DEPLOY)).toEqual(['ship.yml:3']);
  });

  it('not the environment of another migration, where the deployment migrates itself', () => {
    const staging = migrate('')
      .replace('  migrate:', '  migrate-staging:')
      .replace('    runs-on', '    environment: staging\n    runs-on');
    const production = job(
      'deploy-production',
      '',
      'run: ssh app.example "python manage.py migrate && sudo systemctl restart shop"',
    ).replace('    runs-on', '    environment: production\n    runs-on');
    expect(found(staging, production)).toEqual([]);
  });
});

describe('a job that connects to a server', () => {
  it.each([
    ['docker ps', 'other'],
    ['docker compose -f prod.yml logs --tail 50', 'other'],
    ['python manage.py check --deploy', 'other'],
    ['pg_dump shop > shop.sql', 'other'],
    ['docker exec db pg_dump shop', 'other'],
    ['docker compose pull', 'deploy'],
    ['cd /srv && git pull', 'deploy'],
    ['./update', 'deploy'],
  ])('and runs `%s` there is taken for: %s', (command, role) => {
    expect(roleOf(job('visit', '', `run: ssh app.example "${command}"`))).toEqual([role]);
  });
});
