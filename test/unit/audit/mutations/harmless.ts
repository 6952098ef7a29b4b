import {
  all,
  inJob,
  inJobReplaced,
  migratingBy,
  PIPELINE,
  replaced,
  withFile,
  withJob,
  withStep,
  type Change,
  type Mutation,
} from './mutation.ts';

const fine = (name: string, change: Change): Mutation => ({ name, change, rule: null });
const COMMAND = /npx --no-install devsetup migrate --environment "\$DEPLOY_ENVIRONMENT"/;

const everyLine =
  (edit: (line: string) => string): Change =>
  (checkout) => ({ ...checkout, [PIPELINE]: (checkout[PIPELINE] ?? '').split('\n').map(edit).join('\n') });

const renamed =
  (from: string, to: string): Change =>
  (checkout) => {
    const text = checkout[PIPELINE] ?? '';
    if (!text.includes(`\n  ${from}:\n`)) return null;
    const after = text
      .replace(`\n  ${from}:\n`, `\n  ${to}:\n`)
      .replaceAll(new RegExp(`(needs: .*?)\\b${from}\\b`, 'g'), `$1${to}`)
      .replaceAll(`needs.${from}.`, `needs.${to}.`);
    return { ...checkout, [PIPELINE]: after };
  };

/** The jobs in the opposite order. */
const reversed: Change = (checkout) => {
  const text = checkout[PIPELINE] ?? '';
  const start = text.indexOf('\njobs:\n') + '\njobs:\n'.length;
  const jobs = text.slice(start).split(/(?=^ {2}[\w-]+:\n)/m);
  return {
    ...checkout,
    [PIPELINE]: `${text.slice(0, start)}${jobs
      .toReversed()
      .map((job) => `${job.trimEnd()}\n\n`)
      .join('')}`,
  };
};

/** What may be done to a pipeline without anybody minding. */
export const HARMLESS_MUTATIONS: readonly Mutation[] = [
  fine('nothing', (checkout) => checkout),
  fine('jobs in another order', reversed),
  ...[
    ['migrate', 'database'],
    ['migrate', 'apply-schema-changes'],
    ['build-and-push', 'images'],
    ['test-backend', 'pytest'],
    ['test-frontend', 'jest'],
    ['deploy-backend', 'ship-api'],
    ['deploy-frontend', 'ship-web'],
    ['verify', 'smoke'],
  ].map(([from = '', to = '']) => fine(`${from} is called ${to}`, renamed(from, to))),
  fine(
    'a comment that names latest',
    replaced(PIPELINE, '\njobs:', '\n# never: docker pull ghcr.io/acme/shop-backend:latest\njobs:'),
  ),
  fine('a comment in a script', withStep('deploy-backend', '# python manage.py migrate || true\ntrue')),
  fine(
    'a comment behind a command',
    inJob('migrate', (job) => job.replace(COMMAND, (command) => `${command} # not: || true`)),
  ),
  fine(
    'a word that is said',
    withStep('deploy-backend', 'echo "Next: python manage.py migrate, docker pull app:latest"'),
  ),
  fine(
    'a message in a here-document',
    withStep('deploy-backend', "cat <<'EOF'\nThe migrate job runs python manage.py migrate.\nEOF"),
  ),
  fine('Windows line ends', (checkout) => ({
    ...checkout,
    [PIPELINE]: (checkout[PIPELINE] ?? '').replaceAll('\n', '\r\n'),
  })),
  fine(
    'blanks at line ends',
    everyLine((line) => (line.endsWith(':') ? `${line}  ` : line)),
  ),
  fine('empty lines', (checkout) => ({
    ...checkout,
    [PIPELINE]: (checkout[PIPELINE] ?? '').replaceAll(/\n( {2}[\w-]+:\n)/g, '\n\n\n$1'),
  })),
  fine(
    'needs one by one',
    inJob('migrate', (job) =>
      job.replace(
        /needs: \[(.*)\]/,
        (_, list: string) =>
          `needs:\n${list
            .split(', ')
            .map((one) => `      - ${one}`)
            .join('\n')}`,
      ),
    ),
  ),
  fine(
    'needs in quotes',
    inJob('verify', (job) =>
      job.replace(
        /needs: \[(.*)\]/,
        (_, list: string) =>
          `needs: [${list
            .split(', ')
            .map((one) => `'${one}'`)
            .join(', ')}]`,
      ),
    ),
  ),
  fine(
    'a block for a plain command',
    migratingBy('npx --no-install devsetup migrate --environment "$DEPLOY_ENVIRONMENT"'),
  ),
  fine(
    'a folded command',
    inJob('migrate', (job) =>
      job.replace(
        /run: (npx --no-install devsetup migrate) (.*)/,
        (_, a: string, b: string) => `run: >-\n          ${a}\n          ${b}`,
      ),
    ),
  ),
  fine(
    'a continued command',
    migratingBy('npx --no-install devsetup migrate \\\n  --environment "$DEPLOY_ENVIRONMENT"'),
  ),
  fine(
    'strict mode',
    migratingBy('set -euo pipefail\nnpx --no-install devsetup migrate --environment "$DEPLOY_ENVIRONMENT"'),
  ),
  fine(
    'a failure that ends the job',
    inJob('migrate', (job) =>
      job.replace(COMMAND, (command) => `${command} || { echo "::error::not migrated"; exit 1; }`),
    ),
  ),
  fine(
    'attempts that end with a failure',
    inJob('migrate', (job) =>
      job.replace(
        COMMAND,
        (command) =>
          `for i in 1 2 3; do ${command} && break; [ "$i" -lt 3 ] || exit 1; echo "attempt $i did not work"; done`,
      ),
    ),
  ),
  fine(
    'a status that is kept',
    inJob('migrate', (job) =>
      job.replace(COMMAND, (command) => `rc=0; ${command} || rc=$?; echo "exit 0"; exit "$rc"`),
    ),
  ),
  fine(
    'a failure that is told',
    inJob('migrate', (job) => job.replace(COMMAND, (command) => `${command} || exit 1`)),
  ),
  fine(
    'the sequence, written out',
    migratingBy(
      'python manage.py migrate_schemas --shared --noinput\npython manage.py create_super_tenant\npython manage.py migrate_schemas --tenant --noinput',
    ),
  ),
  fine('a look before', withStep('deploy-backend', 'python manage.py migrate --check')),
  fine('a plan before', withStep('verify', 'python manage.py migrate --plan')),
  fine('a list', withStep('verify', 'python manage.py showmigrations')),
  fine('migrations are all made', withStep('test-backend', 'python manage.py makemigrations --check --dry-run')),
  fine("a test's own migration", withStep('test-backend', 'python manage.py migrate --noinput || true')),
  fine(
    "a test's own password",
    inJobReplaced('test-backend', '    steps:', '      DB_PASSWORD: hunter2-hunter2\n    steps:'),
  ),
  fine('cleaning up', withStep('deploy-backend', 'docker image prune --force || true\ndocker rm --force old || true')),
  fine(
    'a helper that is not ours',
    withStep('deploy-backend', 'docker run --rm curlimages/curl:latest --fail https://shop.example/health'),
  ),
  fine('npm at its latest', withStep('test-frontend', 'npm install --global npm@latest')),
  fine('a runner at its latest', replaced(PIPELINE, 'runs-on: ubuntu-24.04', 'runs-on: ubuntu-latest')),
  fine(
    'the commit in short',
    withStep('deploy-backend', 'docker pull "ghcr.io/acme/shop-backend:dev-${GITHUB_SHA::7}"'),
  ),
  fine(
    'a digest',
    withStep(
      'deploy-backend',
      'docker pull "ghcr.io/acme/shop-backend@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    ),
  ),
  fine(
    'a third tag',
    inJob('build-and-push', (job) =>
      job.replace(
        /( *)--tag "\$image:\$DEPLOY_ENVIRONMENT-latest" \\\n/,
        (line, indent: string) => `${line}${indent}--tag "$image:$GITHUB_RUN_NUMBER" \\\n`,
      ),
    ),
  ),
  fine(
    'no tag that moves',
    inJob('build-and-push', (job) => job.replace(/ *--tag "\$image:\$DEPLOY_ENVIRONMENT-latest" \\\n/, '')),
  ),
  fine('a linter', withJob('  lint:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ruff check .')),
  fine(
    'somebody is told',
    withJob(
      '  notify:\n    if: always()\n    needs: verify\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo "deployed"',
    ),
  ),
  fine(
    'asks for the result',
    inJob('deploy-backend', (job) =>
      job.replace('    runs-on:', "    if: ${{ !cancelled() && needs.migrate.result == 'success' }}\n    runs-on:"),
    ),
  ),
  fine(
    'only on success',
    inJob('deploy-backend', (job) => job.replace('    runs-on:', '    if: success()\n    runs-on:')),
  ),
  fine(
    'names for steps',
    inJob('migrate', (job) => job.replace('- name: Migrate\n', '- name: Bring the schema up to date\n')),
  ),
  fine('more time', replaced(PIPELINE, 'timeout-minutes: 150', 'timeout-minutes: 200')),
  fine(
    'a secret through stdin',
    withStep(
      'deploy-backend',
      'printf %s "$TOKEN" | docker login registry.example --username app --password-stdin',
      '        env:\n          TOKEN: ${{ secrets.GITHUB_TOKEN }}\n',
    ),
  ),
  fine(
    'a secret is asked for',
    withStep(
      'deploy-backend',
      '[ -n "$TOKEN" ] || { echo "TOKEN is empty"; exit 1; }',
      '        env:\n          TOKEN: ${{ secrets.REGISTRY_TOKEN }}\n',
    ),
  ),
  fine(
    'a script that does something else',
    all(
      withFile('ops/warm-up.sh', '#!/bin/sh\ncurl --fail https://shop.example/\n'),
      withStep('verify', './ops/warm-up.sh'),
    ),
  ),
  fine(
    'a workflow beside it',
    withFile(
      '.github/workflows/lint.yml',
      'on: push\njobs:\n  lint:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ruff check .\n',
    ),
  ),
  fine('another name of the workflow', replaced(PIPELINE, 'name: Deployment', 'name: Ship it')),
];
