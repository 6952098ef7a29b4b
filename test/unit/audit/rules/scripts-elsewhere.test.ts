import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const SCRIPT = '#!/bin/bash\ncd /app\npython manage.py migrate --noinput\npython manage.py clearsessions || true\n';

const deploy = (runsOn: string, ...lines: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy-django:',
    `    runs-on: ${runsOn}`,
    '    steps:',
    '      - uses: actions/checkout@v5',
    '      - run: |',
    ...lines.map((line) => `          ${line}`),
    '',
  ].join('\n');

const found = (
  rule: 'migrate/hidden-in-script' | 'migrate/inline-in-deploy' | 'migrate/swallowed-failure',
  workflow: string,
  checkout: Readonly<Record<string, string>>,
): readonly string[] => linesFound({ 'deploy.yml': workflow }, rule, { checkout });

const IMAGE = {
  'web/manage.py': '',
  'web/Dockerfile': 'FROM python:3.12\nCOPY . /app\n',
  'web/scripts/db.sh': SCRIPT,
  'web/migrate.sh': SCRIPT,
};

const ROLLOUT = 'kubectl set image deployment/shop web=registry.example/shop:${{ github.sha }}';

describe('a script that is run in a container', () => {
  it.each([
    ['a pod', `kubectl exec deploy/shop -- bash /app/migrate.sh`, 'deploy.yml:9'],
    ['a pod, below a folder', `kubectl exec deploy/shop -- /app/scripts/db.sh`, 'deploy.yml:9'],
    ['a service of compose', `ssh ops@shop.example "docker compose exec -T web sh /app/migrate.sh"`, 'deploy.yml:9'],
    ['the folder of the image', `kubectl exec deploy/shop -- sh ./scripts/db.sh`, 'deploy.yml:9'],
  ])('is the one of the folder whose Dockerfile copies it: in %s', (_, call, place) => {
    const workflow = deploy('ubuntu-24.04', ROLLOUT, call);
    expect(found('migrate/hidden-in-script', workflow, IMAGE)).toEqual([place]);
    expect(found('migrate/inline-in-deploy', workflow, IMAGE)).toEqual([]);
    expect(found('migrate/swallowed-failure', workflow, IMAGE)).toEqual([place]);
  });

  it('is named as it is called where two folders with a Dockerfile have one of that name', () => {
    const workflow = deploy('ubuntu-24.04', ROLLOUT, 'kubectl exec deploy/shop -- bash /app/migrate.sh');
    const checkout = { ...IMAGE, 'api/Dockerfile': 'FROM python:3.12\n', 'api/migrate.sh': 'exit 0\n' };
    expect(found('migrate/hidden-in-script', workflow, checkout)).toEqual([]);
    expect(found('migrate/inline-in-deploy', workflow, checkout)).toEqual(['deploy.yml:9']);
  });

  it('is not a file that no image is built from', () => {
    const workflow = deploy('ubuntu-24.04', ROLLOUT, 'kubectl exec deploy/shop -- bash /app/tasks.sh');
    expect(found('migrate/hidden-in-script', workflow, { ...IMAGE, 'docs/tasks.sh': SCRIPT })).toEqual([]);
  });
});

describe('a script that a runner finds in a clone of the repository', () => {
  const checkout = {
    'manage.py': '',
    'ops/live/update.sh': 'set -e\ngit pull\npython manage.py migrate\nsystemctl restart shop\n',
  };

  it.each([
    ['below a home', 'bash /home/ops/shop/ops/live/update.sh'],
    ['below another folder', '/srv/shop/ops/live/update.sh --now'],
  ])('is the one of the checkout: %s', (_, call) => {
    const workflow = deploy('[self-hosted, linux]', 'set -eu', call);
    expect(found('migrate/hidden-in-script', workflow, checkout)).toEqual(['deploy.yml:9']);
  });

  it.each([
    ['whose name alone is the same', '/usr/local/sbin/update.sh'],
    ['of another folder', '/opt/tools/update.sh'],
    ['that was downloaded', '/tmp/live/update.sh'],
  ])('is another one: %s', (_, call) => {
    expect(found('migrate/hidden-in-script', deploy('[self-hosted, linux]', call), checkout)).toEqual([]);
  });
});
