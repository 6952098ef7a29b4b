import {
  all,
  inJob,
  inJobReplaced,
  indented,
  migratingBy,
  PIPELINE,
  replaced,
  withFile,
  withJob,
  withStep,
  type Mutation,
} from './mutation.ts';

const COMMAND = /npx --no-install devsetup migrate --environment "\$DEPLOY_ENVIRONMENT"/;
const without = (id: string, need: string): Mutation['change'] =>
  inJob(id, (job) => job.replace(/needs: .*/, (needs) => needs.replace(new RegExp(`, ${need}|${need}, `), '')));
const withCondition = (id: string, condition: string): Mutation['change'] =>
  inJob(id, (job) => job.replace('    runs-on:', () => `    if: ${condition}\n    runs-on:`));
const hiding = (suffix: string): Mutation['change'] =>
  inJob('migrate', (job) => job.replace(COMMAND, (command) => `${command} ${suffix}`));
const onServer = (command: string): string => `ssh deploy@"$DEPLOY_HOST" <<'EOF'\ncd /srv/app\n${command}\nEOF`;

const SHARED = 'python manage.py migrate_schemas --shared --noinput';
const SUPER = 'python manage.py create_super_tenant --noinput';
const TENANTS = 'python manage.py migrate_schemas --tenant --noinput';

const wired = (name: string, change: Mutation['change']): Mutation => ({
  name,
  change,
  rule: 'migrate/deploy-not-wired',
});
const inline = (name: string, script: string, job = 'deploy-backend'): Mutation => ({
  name: `migrate in ${job}: ${name}`,
  change: withStep(job, script),
  rule: 'migrate/inline-in-deploy',
});
const swallowed = (name: string, change: Mutation['change']): Mutation => ({
  name: `hidden: ${name}`,
  change,
  rule: 'migrate/swallowed-failure',
});
const outOfOrder = (name: string, change: Mutation['change']): Mutation => ({ name, change, rule: 'migrate/order' });
const unordered = (name: string, ...commands: readonly string[]): Mutation => ({
  name: `sequence: ${name}`,
  change: migratingBy(commands.join('\n')),
  rule: 'migrate/sequence',
});

/** What can be done wrong about migrations. */
export const MIGRATION_MUTATIONS: readonly Mutation[] = [
  wired('deploy-backend no longer waits for migrate', without('deploy-backend', 'migrate')),
  wired('deploy-frontend no longer waits for the backend', without('deploy-frontend', 'deploy-backend')),
  wired(
    'nobody waits for migrate',
    all(without('deploy-backend', 'migrate'), without('deploy-frontend', 'deploy-backend')),
  ),
  wired('deploys whatever happens', withCondition('deploy-backend', 'always()')),
  wired('deploys unless cancelled', withCondition('deploy-backend', '${{ !cancelled() }}')),
  wired('deploys after a failure, too', withCondition('deploy-backend', 'success() || failure()')),
  wired(
    'asks for the build only',
    withCondition('deploy-backend', "always() && needs.build-and-push.result == 'success'"),
  ),
  wired(
    'migrates after the deployment',
    all(
      without('deploy-backend', 'migrate'),
      inJobReplaced('migrate', /needs: .*/, 'needs: [build-and-push, test-backend, deploy-backend]'),
    ),
  ),

  outOfOrder('migrate does not wait for the tests of the backend', without('approve', 'test-backend')),
  outOfOrder('migrate does not wait for the tests of the frontend', without('approve', 'test-frontend')),
  outOfOrder('migrate waits for the build only', inJobReplaced('migrate', /needs: .*/, 'needs: build-and-push')),
  outOfOrder(
    'migrate waits for nothing',
    inJob('migrate', (job) => job.replace(/ {4}needs: .*\n/, '')),
  ),
  outOfOrder(
    'migrate comes before the build',
    all(
      inJob('migrate', (job) => job.replace(/ {4}needs: .*\n/, '')),
      inJobReplaced('build-and-push', '    runs-on:', '    needs: migrate\n    runs-on:'),
    ),
  ),

  ...(
    [
      ['another command', inJob('migrate', (job) => job.replace(COMMAND, 'python manage.py check --deploy'))],
      ['a look only', inJob('migrate', (job) => job.replace(COMMAND, 'python manage.py migrate --check'))],
      ['said, not done', inJob('migrate', (job) => job.replace(COMMAND, 'echo "python manage.py migrate"'))],
      ['a comment', migratingBy('# python manage.py migrate --noinput\necho done')],
    ] as const
  ).map(([name, change]): Mutation => ({ name: `no migration: ${name}`, change, rule: 'migrate/missing-job' })),

  inline('plain', 'python manage.py migrate --noinput'),
  inline('in a folder', 'cd backend && python3 manage.py migrate'),
  inline('in a here-document for ssh', onServer('python manage.py migrate --noinput')),
  inline('in a string for ssh', 'ssh deploy@"$DEPLOY_HOST" "cd /srv/app && python manage.py migrate"'),
  inline('as somebody else', onServer('sudo -u app /srv/app/.venv/bin/python manage.py migrate')),
  inline('in a container over ssh', onServer('docker compose exec -T backend python manage.py migrate')),
  inline('in a container', 'docker run --rm --env-file .env "$IMAGE" python manage.py migrate'),
  inline('in a pod', 'kubectl exec deployment/backend -- python manage.py migrate'),
  inline('in a shell of a shell', `bash -c 'cd backend; python manage.py migrate_schemas'`),
  inline('by Python', `python -c "from django.core.management import call_command; call_command('migrate')"`),
  inline('in a function', 'update() {\n  python manage.py migrate\n}\nupdate'),
  inline('in a condition', 'if [ -n "$IMAGE" ]; then\n  python manage.py migrate\nfi'),
  inline('until it works', 'until python manage.py migrate; do sleep 5; done'),
  inline('with a limit of time', 'timeout 300 env DJANGO_SETTINGS_MODULE=site.settings python manage.py migrate'),
  inline('through a pipe', `echo "python manage.py migrate" | ssh deploy@"$DEPLOY_HOST" bash -s`),
  inline('in a script that is written first', "cat > run.sh <<'EOF'\npython manage.py migrate\nEOF\nbash run.sh"),
  inline('by devsetup', 'npx --no-install devsetup migrate --environment prod'),
  inline('after the deployment', 'python manage.py migrate', 'verify'),
  inline('of the frontend', 'python manage.py migrate', 'deploy-frontend'),
  {
    name: 'migrate in an action that runs commands on a server',
    change: inJob(
      'deploy-backend',
      (job) =>
        `${job.trimEnd()}\n      - uses: appleboy/ssh-action@0ff4204d59e8e51228ff73bce53f80d53301dee2\n        with:\n          host: \${{ vars.DEPLOY_HOST }}\n          script: |\n${indented('    cd /srv/app\n    python manage.py migrate')}\n`,
    ),
    rule: 'migrate/inline-in-deploy',
  },
  {
    name: 'a rollback that migrates back',
    change: withJob(
      '  rollback:\n    if: failure()\n    needs: deploy-backend\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ssh deploy@host "cd /srv/app && python manage.py migrate shop 0007 && docker compose up -d"',
    ),
    rule: 'migrate/inline-in-deploy',
  },
  {
    name: 'a script of the repository migrates',
    change: all(
      withFile('ops/release.sh', '#!/bin/sh\nset -e\ncd /srv/app\npython manage.py migrate --noinput\n'),
      withStep('deploy-backend', './ops/release.sh'),
    ),
    rule: 'migrate/hidden-in-script',
  },
  {
    name: 'the deploy script migrates',
    change: replaced('.github/deployment/over-ssh.sh', /$/, '\npython manage.py migrate --noinput\n'),
    rule: 'migrate/hidden-in-script',
  },

  swallowed('|| true', hiding('|| true')),
  swallowed('|| :', migratingBy('python manage.py migrate || :')),
  swallowed('|| echo', hiding('|| echo "nothing to do"')),
  swallowed('|| exit 0', hiding('|| exit 0')),
  swallowed('a group', hiding('|| { echo failed; }')),
  swallowed('a pipe', hiding('| tee migrate.log')),
  swallowed('an and-list', migratingBy('cd backend && python manage.py migrate_schemas --shared || true')),
  swallowed('an if', migratingBy('if ! python manage.py migrate; then\n  echo "::warning::migration failed"\nfi')),
  swallowed('set +e', migratingBy('set +e\npython manage.py migrate\necho done')),
  swallowed(
    'a shell on a server that continues',
    migratingBy("ssh deploy@app.example <<'EOF'\ncd /srv/app\npython manage.py migrate\necho done\nEOF"),
  ),
  swallowed(
    'a command of ssh that continues',
    migratingBy('ssh deploy@app.example "cd /srv/app; python manage.py migrate; ls"'),
  ),
  swallowed('an inner shell that continues', migratingBy('sh -c "python manage.py migrate; echo done"')),
  swallowed('a chain under -e', migratingBy('python manage.py migrate && echo done\nls')),
  swallowed('a background job', migratingBy('python manage.py migrate &\nls\nwait')),
  swallowed(
    'attempts that end',
    migratingBy('for i in 1 2 3; do\n  python manage.py migrate && break\n  echo "attempt $i failed, exit 1"\ndone'),
  ),
  swallowed(
    'a task that nothing waits for',
    migratingBy(
      `aws ecs run-task --overrides '{"containerOverrides":[{"command":["python","manage.py","migrate"]}]}'\naws ecs wait tasks-stopped`,
    ),
  ),
  swallowed(
    'a job that nothing waits for',
    migratingBy('kubectl create job migrate --image=app:v1 -- python manage.py migrate'),
  ),
  swallowed('a group that is forgiven', migratingBy('{\n  python manage.py migrate\n} || true')),
  swallowed(
    'continue-on-error of the step',
    inJobReplaced('migrate', '        id: migrate\n', '        id: migrate\n        continue-on-error: true\n'),
  ),
  swallowed(
    'continue-on-error of the job',
    inJobReplaced('migrate', '    timeout-minutes: 150\n', '    timeout-minutes: 150\n    continue-on-error: true\n'),
  ),

  unordered('tenants first', TENANTS, SUPER, SHARED),
  unordered('no super tenant', SHARED, TENANTS),
  unordered('the super tenant last', SHARED, TENANTS, SUPER),
  unordered('no tenants', SHARED, SUPER),
  unordered('somebody is asked', SHARED, SUPER, 'python manage.py migrate_schemas --tenant'),

  {
    name: 'a fallback',
    change: migratingBy('python manage.py migrate_schemas --noinput || python manage.py migrate --noinput'),
    rule: 'migrate/masking-fallback',
  },
  {
    name: 'production migrates in another way',
    change: (checkout) => {
      const own = (checkout[PIPELINE] ?? '').replace(
        COMMAND,
        'npx --no-install devsetup migrate --environment "$DEPLOY_ENVIRONMENT" --fail-fast',
      );
      const called = replaced(
        '.github/workflows/13-prod-deployment.yml',
        'deployment.yml #',
        'prod-only.yml #',
      )(checkout);
      return called === null ? null : { ...called, '.github/workflows/prod-only.yml': own };
    },
    rule: 'parity/migrate-pattern',
  },
  {
    name: 'production deploys without waiting',
    change: (checkout) => {
      const own = without('deploy-backend', 'migrate')(checkout)?.[PIPELINE];
      const called = replaced(
        '.github/workflows/13-prod-deployment.yml',
        'deployment.yml #',
        'prod-only.yml #',
      )(checkout);
      return called === null || own === undefined ? null : { ...called, '.github/workflows/prod-only.yml': own };
    },
    rule: 'parity/migrate-pattern',
  },
];
