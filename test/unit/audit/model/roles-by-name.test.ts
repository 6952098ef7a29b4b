import { describe, expect, it } from 'vitest';

import { auditOf } from '../../../support/audit.ts';

/** The roles of the jobs of one workflow, by their ids. */
const rolesOf = (jobs: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    auditOf({ 'ci.yml': `on: push\njobs:\n${jobs}` }).pipelines.flatMap((pipeline) =>
      pipeline.jobs.map(({ id, role }) => [id, role]),
    ),
  );

const job = (id: string, steps: readonly string[], needs = ''): string =>
  `  ${id}:\n    runs-on: ubuntu-24.04\n${needs === '' ? '' : `    needs: ${needs}\n`}    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;

describe('what a name says about a job', () => {
  it('takes what comes before a deployment for none, and what builds after one for a build', () => {
    const jobs =
      job('pre-deployment-checks', ['uses: actions/checkout@v4', 'run: ./announce.sh started']) +
      job('build', ['run: docker push registry.example/shop/web:1'], 'pre-deployment-checks') +
      job('deploy-staging', ['run: kubectl apply -f k8s'], 'build') +
      job('build-docs', ['run: docker push registry.example/shop/docs:1'], 'deploy-staging');
    expect(rolesOf(jobs)).toEqual({
      'pre-deployment-checks': 'other',
      build: 'build',
      'deploy-staging': 'deploy',
      'build-docs': 'build',
    });
  });

  it.each([
    [
      'only talks of a deployment',
      'deploy',
      ['uses: actions/checkout@v4', 'run: echo "set up secrets first"'],
      'other',
    ],
    ['deploys with an action', 'deploy', ['uses: acme/put-it-there@v1'], 'deploy'],
    ['runs tests of the build tool', 'verify', ['run: ./mvnw -B clean verify'], 'test'],
    [
      'migrates on the way into service',
      'deploy',
      ['run: python manage.py migrate && python manage.py collectstatic --noinput'],
      'deploy',
    ],
    ['rehearses going back', 'rollback-rehearsal', ['run: python manage.py migrate && pytest'], 'test'],
    ['only migrates', 'deploy-database', ['run: python manage.py migrate'], 'migrate'],
    [
      'migrates and is named for it',
      'migrate-and-deploy',
      ['run: python manage.py migrate', 'run: python manage.py collectstatic'],
      'migrate',
    ],
    [
      'starts a migration that is written elsewhere',
      'migrate',
      ['run: kubectl apply -f k8s/migrate-job.yaml', 'run: kubectl wait --for=condition=complete job/migrate'],
      'migrate',
    ],
    ['starts a service for it', 'db-migrations', ['run: docker compose run --rm migrate'], 'migrate'],
    [
      'migrates as part of a deployment',
      'deploy',
      ['run: kubectl apply -f migrate.yaml', 'run: kubectl apply -f k8s'],
      'deploy',
    ],
  ])('a job that %s', (_, id, steps, role) => {
    expect(rolesOf(job(id, steps))).toEqual({ [id]: role });
  });

  it('tries migrations out on a service of its own, whatever it is called', () => {
    const jobs = job('check-migrations', ['run: python manage.py migrate']).replace(
      '    steps:',
      '    services:\n      db:\n        image: postgres:16\n    steps:',
    );
    expect(rolesOf(jobs)).toEqual({ 'check-migrations': 'test' });
  });

  it('has no environment called test in the name of tests', () => {
    const audit = auditOf({ 'ci.yml': `on: push\njobs:\n${job('test-frontend', ['run: npm test'])}` });
    expect(audit.pipelines[0]?.jobs[0]?.stage).toBeNull();
  });
});
