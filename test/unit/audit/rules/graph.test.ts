import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const BUILD = `  build:
    runs-on: ubuntu-24.04
    steps:
      - run: docker build -t r.example/shop:$GITHUB_SHA . && docker push r.example/shop:$GITHUB_SHA
`;
const MIGRATE = `    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: npx --no-install devsetup migrate
`;
const DEPLOY = `    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: kubectl set image deployment/shop shop=r.example/shop:$GITHUB_SHA
`;

const workflow = (...jobs: readonly string[]): Readonly<Record<string, string>> => ({
  'ship.yml': `on: [push, pull_request]\njobs:\n${jobs.join('')}`,
});

describe('migrate/deploy-not-wired', () => {
  it.each([
    [
      'needs it through another',
      '    needs: gate\n',
      '  gate:\n    needs: migrate\n    runs-on: x\n    steps:\n      - run: "true"\n',
      [],
    ],
    ['does not need it', '    needs: build\n', '', ['ship.yml:14']],
    ['needs nothing', '', '', ['ship.yml:13']],
    ['runs whatever becomes of it', '    needs: migrate\n    if: always()\n', '', ['ship.yml:15']],
    ['asks for its result', "    needs: migrate\n    if: always() && needs.migrate.result == 'success'\n", '', []],
    ['runs only without a failure', '    needs: migrate\n    if: ${{ !failure() && !cancelled() }}\n', '', []],
    ['runs only when something failed', '    needs: migrate\n    if: failure()\n', '', []],
    [
      'asks for the result of another',
      "    needs: [build, migrate]\n    if: always() && needs.build.result == 'success'\n",
      '',
      ['ship.yml:15'],
    ],
  ])('a deployment that %s', (_, wiring, further, lines) => {
    const files = workflow(BUILD, `  migrate:\n    needs: build\n${MIGRATE}`, `  deploy:\n${wiring}${DEPLOY}`, further);
    expect(linesFound(files, 'migrate/deploy-not-wired')).toEqual(lines);
  });

  it('is told of for a deployment before the migration', () => {
    const files = workflow(
      BUILD,
      `  deploy:\n    needs: build\n${DEPLOY}`,
      `  migrate:\n    needs: deploy\n${MIGRATE}`,
    );
    expect(linesFound(files, 'migrate/deploy-not-wired')).toEqual(['ship.yml:8']);
  });

  it('follows the jobs of called workflows', () => {
    const called = `on: workflow_call\njobs:\n  migrate:\n${MIGRATE}`;
    const caller = (needs: string): Readonly<Record<string, string>> => ({
      'db.yml': called,
      'ship.yml': `on: push\njobs:\n  database:\n    uses: ./.github/workflows/db.yml\n  deploy:\n    needs: ${needs}\n${DEPLOY}  other:\n    runs-on: x\n    steps:\n      - run: make\n`,
    });
    expect(linesFound(caller('database'), 'migrate/deploy-not-wired')).toEqual([]);
    expect(linesFound(caller('other'), 'migrate/deploy-not-wired')).toEqual(['ship.yml:6']);
  });

  it('is told of once, where both jobs are in a workflow that others call', () => {
    const files = {
      'parts.yml': `on: workflow_call\njobs:\n  migrate:\n${MIGRATE}  deploy:\n${DEPLOY}`,
      'ship.yml': `on: push\njobs:\n  all:\n    uses: ./.github/workflows/parts.yml\n`,
    };
    expect(linesFound(files, 'migrate/deploy-not-wired')).toEqual(['parts.yml:8']);
  });
});

describe('migrate/order', () => {
  const test = (condition: string): string =>
    `  test:\n${condition}    runs-on: ubuntu-24.04\n    steps:\n      - run: pytest\n`;
  const rest = `  migrate:\n    needs: build\n    if: github.event_name == 'push'\n${MIGRATE}  deploy:\n    needs: migrate\n${DEPLOY}`;

  it('is told of for tests that the migration does not wait for', () => {
    expect(linesFound(workflow(BUILD, rest, test('')), 'migrate/order')).toEqual(['ship.yml:8']);
  });

  it('is not, for tests that never run together with it', () => {
    const files = workflow(BUILD, rest, test("    if: github.event_name == 'pull_request'\n"));
    expect(linesFound(files, 'migrate/order')).toEqual([]);
  });

  it('knows what only looks at the code from tests', () => {
    const lint = '  lint:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ruff check .\n';
    expect(linesFound(workflow(BUILD, rest, lint), 'migrate/order')).toEqual([]);
  });
});

describe('migrations in a job that tests and deploys', () => {
  const job = (steps: string, service = false): Readonly<Record<string, string>> =>
    workflow(
      `  ship:\n    runs-on: ubuntu-24.04\n${service ? '    services:\n      db:\n        image: postgres:16\n' : ''}    steps:\n${steps}      - run: ssh app.example systemctl restart shop\n`,
    );
  const inline = (files: Readonly<Record<string, string>>): readonly string[] =>
    linesFound(files, 'migrate/inline-in-deploy');

  it('are those of the tests before them', () => {
    expect(inline(job('      - run: python manage.py migrate\n      - run: pytest\n'))).toEqual([]);
    const secret =
      '      - run: python manage.py migrate\n        env:\n          DATABASE_URL: ${{ secrets.TEST_URL }}\n      - run: pytest\n';
    expect(inline(job(secret, true))).toEqual([]);
  });

  it.each([
    ['behind the tests', '      - run: pytest\n      - run: python manage.py migrate\n', 7],
    [
      'of a database that a secret names',
      '      - run: python manage.py migrate\n        env:\n          DATABASE_URL: ${{ secrets.URL }}\n      - run: pytest\n',
      6,
    ],
    ['on the server', '      - run: ssh app.example "cd /srv && python manage.py migrate"\n      - run: pytest\n', 6],
    ['on a platform', '      - run: kubectl exec deploy/shop -- python manage.py migrate\n      - run: pytest\n', 6],
  ])('are of the deployment: %s', (_, steps, line) => {
    expect(inline(job(steps))).toEqual([`ship.yml:${line}`]);
  });
});
