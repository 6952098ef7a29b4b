import {
  all,
  inJob,
  inJobReplaced,
  PIPELINE,
  replaced,
  withJob,
  withStep,
  type Change,
  type Mutation,
} from './mutation.ts';

const moving = (name: string, change: Change): Mutation => ({
  name: `a tag that moves: ${name}`,
  change,
  rule: 'image/mutable-tag-in-deploy',
});
const found = (rule: Mutation['rule'], name: string, change: Change): Mutation => ({ name, change, rule });

const DEPLOYED = /IMAGE: \$\{\{ needs\.build-and-push\.outputs\.backend-image \}\}/;
const APP = 'ghcr.io/acme/shop-backend';
const deploying = (reference: string): Change => inJobReplaced('deploy-backend', DEPLOYED, `IMAGE: ${reference}`);
const onServer = (...lines: readonly string[]): Change =>
  withStep('deploy-backend', `ssh deploy@"$DEPLOY_HOST" <<'EOF'\n${lines.join('\n')}\nEOF`);
const SHA_TAG = / *--tag "\$image:\$DEPLOY_ENVIRONMENT-\$GITHUB_SHA" \\\n/;

/** What can be done wrong about images, secrets and the files themselves. */
export const OTHER_MUTATIONS: readonly Mutation[] = [
  moving('latest', deploying(`${APP}:latest`)),
  moving('one of the environment', deploying(`${APP}:dev-latest`)),
  moving('none at all', withStep('deploy-backend', `docker pull ${APP}`)),
  moving('the branch', deploying(`${APP}:\${{ github.ref_name }}`)),
  moving('latest of the environment that is deployed', deploying(`${APP}:\${{ inputs.environment }}-latest`)),
  moving('handed on by the build', (checkout) =>
    replaced(PIPELINE, 'echo "image=$image@$digest"', 'echo "image=$image:$DEPLOY_ENVIRONMENT-latest"')(checkout),
  ),
  moving(
    'in a variable of the workflow',
    all(
      replaced(PIPELINE, '\nenv:\n', '\nenv:\n  TAG: latest\n'),
      withStep('deploy-backend', `docker pull ${APP}:$TAG`),
    ),
  ),
  moving('in a here-document', onServer(`docker pull ${APP}:latest`)),
  moving('in a variable of a here-document', onServer('TAG="prod-latest"', `docker pull "${APP}:$TAG"`)),
  moving(
    'in two variables',
    onServer('REGISTRY=ghcr.io/acme', 'TAG=prod-latest', 'docker run -d --name backend "$REGISTRY/shop-backend:$TAG"'),
  ),
  moving('as a default', withStep('deploy-backend', `docker pull "${APP}:\${TAG:-latest}"`)),
  moving('as a default of an expression', deploying(`${APP}:\${{ github.event.inputs.tag || 'latest' }}`)),
  moving('in a cluster', withStep('deploy-backend', `kubectl set image deployment/backend backend=${APP}:latest`)),
  moving(
    'in a chart',
    withStep(
      'deploy-backend',
      `helm upgrade --install shop ./chart --set image.repository=${APP} --set image.tag=latest`,
    ),
  ),
  moving('in a service', withStep('deploy-backend', `docker service update --image ${APP}:main shop_backend`)),
  moving('where it is migrated', withStep('migrate', `docker run --rm ${APP}:latest python manage.py migrate`)),
  moving(
    'in a string',
    withStep('deploy-backend', `ssh deploy@"$DEPLOY_HOST" "docker pull ${APP}:stable && docker compose up -d"`),
  ),

  found(
    'image/duplicate-build-tag',
    'the same tag twice',
    inJobReplaced('build-and-push', '"$image:$DEPLOY_ENVIRONMENT-latest"', '"$image:$DEPLOY_ENVIRONMENT-$GITHUB_SHA"'),
  ),
  found('image/build-missing-sha-tag', 'nothing says which commit', inJobReplaced('build-and-push', SHA_TAG, '')),
  found('image/tag-collision', 'two builds push one name', (checkout) => {
    const text = checkout[PIPELINE] ?? '';
    const backend = /IMAGE: (\S+(?: \S+)*-backend)\n/.exec(text)?.[1];
    return backend === undefined ? null : replaced(PIPELINE, /IMAGE: .*-frontend\n/, `IMAGE: ${backend}\n`)(checkout);
  }),
  found(
    'image/input-default-mutable',
    'an input that moves unless it is given',
    replaced(
      '.github/workflows/13-prod-deployment.yml',
      '  workflow_dispatch:\n',
      '  workflow_dispatch:\n    inputs:\n      image_tag:\n        description: What to deploy\n        default: latest\n',
    ),
  ),

  found(
    'secret/literal-credential',
    'a password in the environment',
    inJobReplaced(
      'migrate',
      /DATABASE_URL: \$\{\{.*/,
      'DATABASE_URL: postgresql://app:Sup3r-g3heim@db.internal:5432/app',
    ),
  ),
  found(
    'secret/literal-credential',
    'a password on the server',
    onServer('export DB_PASSWORD="Sup3r-g3heim"', 'docker compose up -d'),
  ),
  found(
    'secret/default-literal',
    'a password if there is none',
    inJobReplaced(
      'migrate',
      /DATABASE_URL: \$\{\{ secrets.DATABASE_URL \}\}/,
      "DATABASE_URL: ${{ secrets.DATABASE_URL || 'postgresql://app:Sup3r-g3heim@db/app' }}",
    ),
  ),
  found(
    'secret/printed',
    'the key is shown',
    withStep(
      'deploy-backend',
      'echo "$DEPLOY_SSH_KEY"',
      '        env:\n          DEPLOY_SSH_KEY: ${{ secrets.DEPLOY_SSH_KEY }}\n',
    ),
  ),
  found(
    'secret/printed',
    'an expression is shown',
    withStep('migrate', 'echo "connecting to ${{ secrets.DATABASE_URL }}"'),
  ),
  found(
    'secret/on-argv',
    'a password as a word',
    withStep('deploy-backend', 'docker login -u app -p "${{ secrets.REGISTRY_PASSWORD }}" registry.example'),
  ),
  found(
    'secret/build-arg',
    'a secret in the image',
    inJobReplaced('build-and-push', '--label', '--build-arg TOKEN="${{ secrets.NPM_TOKEN }}" \\\n            --label'),
  ),
  found(
    'secret/no-environment',
    'nobody approves',
    inJob('migrate', (job) => job.replace(/ {4}environment: .*\n/, '')),
  ),

  found(
    'shell/unterminated-heredoc',
    'a here-document without its end',
    withStep('deploy-backend', "ssh deploy@host <<'EOF'\ndocker compose up -d"),
  ),
  found(
    'concurrency/drops-queued-deploys',
    'queued runs are dropped',
    inJob('deploy-backend', (job) => job.replace('-${{ github.sha }}', '')),
  ),
  found('concurrency/drops-queued-deploys', 'running ones are cancelled', (checkout) =>
    replaced(
      '.github/workflows/13-prod-deployment.yml',
      '\njobs:',
      '\nconcurrency:\n  group: prod\n  cancel-in-progress: true\n\njobs:',
    )(checkout),
  ),

  found(
    'workflow/invalid',
    'a key twice',
    inJob('migrate', (job) =>
      job.replace('    timeout-minutes: 150\n', '    timeout-minutes: 150\n    timeout-minutes: 150\n'),
    ),
  ),
  found(
    'workflow/invalid',
    'a job that does not exist',
    inJobReplaced('verify', /needs: .*/, 'needs: [deploy-backend, deploy-docs]'),
  ),
  found(
    'workflow/invalid',
    'jobs wait for each other',
    withJob(
      '  one:\n    needs: two\n    runs-on: ubuntu-24.04\n    steps: [{ run: ls }]\n  two:\n    needs: one\n    runs-on: ubuntu-24.04\n    steps: [{ run: ls }]',
    ),
  ),
  found('workflow/invalid', 'broken YAML', replaced(PIPELINE, 'name: Deployment', 'name: Deployment: all of it')),
];
