import { describe, expect, it } from 'vitest';

import { applied, decouple, lint, type Files } from './support/convert.ts';

const FILE = '.github/workflows/deploy.yml';
const RUNNER = '    runs-on: ubuntu-latest';

interface Jobs {
  readonly migrate?: readonly string[];
  readonly deploy: readonly string[];
  readonly needs?: string;
}

const workflow = ({ migrate, deploy, needs }: Jobs): string =>
  [
    'on: push',
    'jobs:',
    '  test:',
    RUNNER,
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - run: pip install -r requirements.txt',
    '      - run: pytest',
    ...(migrate === undefined ? [] : ['  migrate:', RUNNER, ...migrate.map((line) => `    ${line}`)]),
    '  deploy:',
    ...(needs === undefined ? [] : [`    needs: ${needs}`]),
    RUNNER,
    '    environment: prod',
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...deploy.map((line) => `      ${line}`),
    '',
  ].join('\n');

/** In a checkout without manage.py. */
const convert = async (
  text: string,
): Promise<{ readonly after: string; readonly left: readonly string[]; readonly notes: readonly string[] }> => {
  const before: Files = { [FILE]: text, 'requirements.txt': 'alembic' };
  const plan = decouple(before, { hasDjango: false, secret: 'DATABASE_URL' });
  const after = applied(before, plan);
  expect(await lint(after)).toEqual([]);
  expect(plan.needsDevsetup).toBe(false);
  expect(decouple(after, { hasDjango: false, secret: 'DATABASE_URL' }).files).toEqual([]);
  const left = plan.left.map(({ span, what, why, remedy }) => `${span.line}: ${what}: ${why}. ${remedy}`);
  return { after: after[FILE] ?? '', left, notes: plan.notes };
};

const AS_IT_IS =
  'Move the command, in the way it runs now, into a job of its own by hand, and let the deployments need that job.';

describe('a checkout without manage.py', () => {
  it('wires a migrate job of another framework, and removes what hides its failure', async () => {
    const { after, left, notes } = await convert(
      workflow({
        migrate: [
          'environment: prod',
          'steps:',
          '  - uses: actions/checkout@v4',
          '  - run: alembic upgrade head || true',
        ],
        deploy: ['- run: kubectl set image deployment/api api=ghcr.io/acme/api:${{ github.sha }}'],
        needs: 'test',
      }),
    );
    expect({ left, notes }).toEqual({ left: [], notes: [] });
    expect(after).toContain('  migrate:\n    needs: test\n');
    expect(after).toContain('      - run: alembic upgrade head\n');
    expect(after).toContain('  deploy:\n    needs: [test, migrate]\n');
  });

  it('gives deployments the tag of the commit', async () => {
    const { after, left } = await convert(
      workflow({
        deploy: [
          '- run: docker build -t ghcr.io/acme/api:latest .',
          '- run: docker push ghcr.io/acme/api:latest',
          '- run: kubectl set image deployment/api api=ghcr.io/acme/api:latest',
        ],
        needs: 'test',
      }),
    );
    expect(left).toEqual([]);
    expect(after).toContain('kubectl set image deployment/api api=ghcr.io/acme/api:${{ github.sha }}\n');
  });

  it('removes from the deployment what the migrate job runs, too', async () => {
    const { after, left } = await convert(
      workflow({
        migrate: ['needs: test', 'environment: prod', 'steps:', '  - run: alembic upgrade head'],
        deploy: ['- run: ssh host "cd /srv/app && alembic upgrade head && systemctl restart api"'],
        needs: '[test, migrate]',
      }),
    );
    expect(left).toEqual([]);
    expect(after).toContain('      - run: ssh host "cd /srv/app && systemctl restart api"\n');
  });

  it.each<readonly [string, readonly string[], string, readonly string[]]>([
    [
      'Alembic',
      [
        '- uses: actions/setup-python@v6',
        "  with: { python-version: '3.12' }",
        '- run: pip install -r requirements.txt',
      ],
      'alembic upgrade head',
      [
        '- uses: actions/setup-python@v6',
        "  with: { python-version: '3.12' }",
        '- run: pip install -r requirements.txt',
      ],
    ],
    [
      'Prisma',
      ['- uses: actions/setup-node@v6', '- run: npm ci', '- run: docker build -t api .'],
      'npx prisma migrate deploy --schema prisma/schema.prisma',
      ['- uses: actions/setup-node@v6', '- run: npm ci'],
    ],
  ])('moves a plain migration of %s that ran on the runner, as it is', async (_, steps, command, copied) => {
    const env = ['  env:', '    DATABASE_URL: ${{ secrets.PROD_DATABASE }}'];
    const { after, left } = await convert(
      workflow({ deploy: [...steps, `- run: ${command}`, ...env, '- run: kubectl apply -f k8s'], needs: 'test' }),
    );
    expect(left).toEqual([]);
    expect(after.split('  migrate:\n')[1]?.split('  deploy:\n')[0]).toBe(
      [
        '    needs: test',
        RUNNER,
        '    environment: prod',
        '    # One group for each commit: a run that waits is never dropped.',
        '    concurrency:',
        '      group: migrate-prod-${{ github.sha }}',
        '      cancel-in-progress: false',
        '    timeout-minutes: 30',
        '    permissions:',
        '      contents: read',
        '    steps:',
        '      - uses: actions/checkout@v4',
        ...copied.map((line) => `      ${line}`),
        '      - name: Migrate',
        '        env:',
        '          DATABASE_URL: ${{ secrets.PROD_DATABASE }}',
        `        run: ${command}`,
        '',
        '',
      ].join('\n'),
    );
    expect(after.split('  deploy:\n')[1]).not.toContain(command);
  });

  it.each<readonly [string, Jobs, string]>([
    [
      'a migration whose database nothing names',
      { deploy: ['- run: pip install alembic', '- run: alembic upgrade head', '- run: kubectl apply -f k8s'] },
      `15: alembic upgrade in deploy: what alembic upgrade needs, its tools and the address of the database, cannot be told. ${AS_IT_IS}`,
    ],
    [
      'a migration that needs what another step writes',
      {
        deploy: [
          '- run: echo "$KEY" > key.pem',
          '- run: alembic upgrade head',
          '  env: { DATABASE_URL: "${{ secrets.DATABASE_URL }}" }',
          '- run: kubectl apply -f k8s',
        ],
      },
      `15: alembic upgrade in deploy: what alembic upgrade needs, its tools and the address of the database, cannot be told. ${AS_IT_IS}`,
    ],
    [
      'a migration of another framework on a server',
      { deploy: ['- run: ssh host "cd /srv/app && alembic upgrade head && systemctl restart api"'] },
      `14: alembic upgrade in deploy: what alembic upgrade needs, its tools and the address of the database, cannot be told. ${AS_IT_IS}`,
    ],
    [
      'a migration that the migrate job does not run',
      {
        migrate: ['needs: test', 'environment: prod', 'steps:', '  - run: alembic upgrade head'],
        deploy: ['- run: ssh host "npx prisma migrate deploy && systemctl restart api"'],
        needs: '[test, migrate]',
      },
      '21: prisma migrate deploy in deploy: migrate does not run prisma migrate deploy. Add it to migrate.',
    ],
    [
      "Django's own migration, whose manage.py is elsewhere",
      { deploy: ['- run: ssh host "cd /srv/app && python manage.py migrate && systemctl restart api"'] },
      `14: migrate in deploy: the checkout has no manage.py that a job of its own could run. ${AS_IT_IS}`,
    ],
  ])('leaves %s, and says what to do', async (_, jobs, sentence) => {
    const text = workflow(jobs);
    const { after, left } = await convert(text);
    expect(left).toEqual([sentence]);
    expect(after).toBe(text);
  });
});
