import { describe, expect, it } from 'vitest';

import { explainFile } from '../../../src/audit/explain.ts';
import { renderExplanation } from '../../../src/ui/render-explanation.ts';
import { auditOf } from '../../support/audit.ts';

const WORKFLOW = `name: Ship
on:
  push:
    branches: [main]
env:
  TAG: latest
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: docker build -t registry.example/shop:\${{ github.sha }} . && docker push registry.example/shop:\${{ github.sha }}
  migrate:
    needs: build
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: ssh app.example "cd /srv && python manage.py migrate --database=main || true"
  deploy:
    needs: [build, migrate]
    if: always()
    runs-on: ubuntu-24.04
    steps:
      - run: |
          ssh app.example <<EOF
          docker run -d registry.example/shop:$TAG
          EOF
          ./announce.sh
`;

const explain = (text = WORKFLOW) => explainFile(auditOf({ 'ship.yml': text }), '.github/workflows/ship.yml');

describe('explaining a workflow', () => {
  it('tells each job with its role, why, and what it waits for', () => {
    const explanation = explain();
    expect(explanation).toMatchObject({ name: 'Ship', events: ['push'], isOnlyCalled: false, faults: [] });
    expect(
      explanation?.jobs.map(({ key, role, needs, ignoresResultOf }) => [key, role, needs, ignoresResultOf]),
    ).toEqual([
      ['build', 'build', [], []],
      ['migrate', 'migrate', ['build'], []],
      ['deploy', 'deploy', ['build', 'migrate'], ['build', 'migrate']],
    ]);
    expect(explanation?.jobs[1]).toMatchObject({ environment: 'production', stage: 'prod', why: 'runs migrations' });
    expect(explanation?.jobs[2]).toMatchObject({ condition: 'always()' });
    expect(explanation?.jobs[2]?.unknownScripts.map(({ path }) => path)).toEqual(['./announce.sh']);
  });

  it('tells what migrates, where it stands and what becomes of its failure, without values of options', () => {
    expect(explain()?.jobs[1]?.migrations).toMatchObject([
      { command: 'migrate --database', stage: 'plain', within: ['remote (app.example)'], fate: 'swallowed', step: '1' },
    ]);
  });

  it('tells which shells a migration runs in, and whether each stops at a failure', () => {
    const shells = (step: string) =>
      explain(`on: push\njobs:\n  migrate:\n    runs-on: ubuntu-24.04\n    steps:\n${step}`)?.jobs[0]?.migrations.map(
        (one) => [
          one.hiddenBy,
          one.shells.map(({ shell, stops, why, span }) => `${shell}: ${String(stops)}, ${why}, ${span?.line ?? '-'}`),
        ],
      );
    expect(
      shells(
        '      - run: |\n          ssh app.example <<EOF\n          python manage.py migrate\n          ls\n          EOF\n',
      ),
    ).toEqual([
      [
        ['the shell on the server continues after a failure, as it has no `set -e`'],
        [
          'the shell of the step: true, it has `-e`, 7',
          'the shell on the server (app.example): false, it has no `set -e`, 7',
        ],
      ],
    ]);
    const action = `      - uses: appleboy/ssh-action@v1
        with:
          host: app.example
          script_stop: true
          script: |
            SET
            sh ops/prepare.sh && python manage.py migrate
            ls
`;
    expect(shells(action.replace('            SET\n', ''))).toEqual([
      [
        ['`script_stop` has no effect since v1.2.1 of appleboy/ssh-action'],
        [
          'the shell on the server (app.example): false, `script_stop` has no effect since v1.2.1 of appleboy/ssh-action, 6',
        ],
      ],
    ]);
    expect(shells(action.replace('SET', 'set -e').replace('sh ops/prepare.sh && ', ''))).toEqual([
      [[], ['the shell on the server (app.example): true, it has `set -e`, 6']],
    ]);
    expect(shells(action.replace('SET', 'ls').replace('appleboy/ssh-action', 'acme/ssh'))).toMatchObject([
      [[], ['the shell on the server (app.example): true, `script_stop: true`, 6']],
    ]);
    expect(shells(`      - run: sh -c "docker exec web sh -ec 'python manage.py migrate; ls'; ls"\n`)).toEqual([
      [
        ['the inner shell continues after a failure, as it has no `set -e`'],
        [
          'the shell of the step: true, it has `-e`, 6',
          'the inner shell: false, it has no `set -e`, 6',
          'the inner shell: true, it has `set -e`, 6',
        ],
      ],
    ]);
  });

  it('tells how the tag of each image was found out', () => {
    const [build, , deploy] = explain()?.jobs ?? [];
    expect(build?.images.map(({ use, said, references }) => [use, said, references[0]?.verdict])).toEqual([
      ['build', 'registry.example/shop:${github.sha}', { kind: 'immutable', by: 'commit' }],
      ['push', 'registry.example/shop:${github.sha}', { kind: 'immutable', by: 'commit' }],
    ]);
    expect(deploy?.images).toMatchObject([
      {
        use: 'run',
        references: [{ name: 'registry.example/shop:latest', verdict: { kind: 'mutable', by: 'latest' } }],
        span: { line: 25 },
      },
    ]);
  });

  it('tells where the value of an expression is set, in a here-document too', () => {
    const [job] = explain(WORKFLOW.replace('shop:$TAG', 'shop:${{ env.TAG }}'))?.jobs.slice(-1) ?? [];
    expect(job?.images[0]?.origins).toMatchObject([{ text: 'env.TAG is set here', span: { line: 6 } }]);
  });

  it('shows what a job was judged by, what its condition asks for, and what never runs with it', () => {
    const text = `on: push
jobs:
  ship:
    if: github.ref == 'refs/heads/main' && github.actor != 'bot' && always()
    runs-on: ubuntu-24.04
    steps:
      - run: ssh app.example "sudo systemctl restart shop"
  preview:
    if: github.ref_name == 'next'
    runs-on: ubuntu-24.04
    steps:
      - run: ./announce.sh
`;
    const explanation = explain(text);
    expect(explanation?.jobs.map(({ shows, demands, neverWith }) => ({ shows, demands, neverWith }))).toEqual([
      {
        shows: ['deploy, weakly: ssh app.example …', 'deploy: systemctl restart shop'],
        demands: [
          'github.ref is refs/heads/main',
          'github.ref_type is branch',
          'github.ref_name is main',
          'github.actor is not bot',
        ],
        neverWith: ['preview'],
      },
      { shows: [], demands: ['github.ref_name is next'], neverWith: ['ship'] },
    ]);
    if (explanation === null) throw new Error('The file was not audited.');
    expect(renderExplanation(explanation, { columns: undefined, color: false })).toContain(`
  shows: deploy, weakly: ssh app.example …
  shows: deploy: systemctl restart shop
  waits for nothing · if github.ref == 'refs/heads/main' && github.actor != 'bot' && always()
  runs only where: github.ref is refs/heads/main · github.ref_type is branch · github.ref_name is main · github.actor is not bot
  never runs together with: preview
`);
  });

  it('tells why GitHub refuses a file, and knows no file that was not asked for', () => {
    expect(explain('on: push\njobs: [')).toMatchObject({ jobs: [] });
    expect(explain('on: push\njobs: [')?.faults.length).toBeGreaterThan(0);
    expect(explainFile(auditOf({ 'a.yml': WORKFLOW }), 'b.yml')).toBeNull();
  });

  it('tells how the containers start that a job deploys', () => {
    const audit = auditOf(
      {
        'ship.yml':
          'on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ssh app.example "cd /srv/shop && docker compose up -d --build"\n',
      },
      {
        'compose.yaml':
          'services:\n  web:\n    build: .\n  bot:\n    image: acme/bot:1\n    command: ./bot.sh --token=abc\n',
        Dockerfile:
          'FROM python\nCOPY . /app\nWORKDIR /app\nENTRYPOINT ["./start.sh"]\nCMD ["gunicorn", "shop.wsgi"]\n',
        'start.sh':
          'if [ "$SEED" = 1 ]; then\n  python manage.py migrate guest\nfi\npython manage.py migrate\nexec "$@"\n',
      },
    );
    const explanation = explainFile(audit, '.github/workflows/ship.yml');
    expect(explanation?.jobs[0]?.starts).toMatchObject([
      {
        what: 'service web',
        image: 'Dockerfile',
        runs: ['start.sh', 'manage.py migrate', 'gunicorn'],
        migrations: [
          { command: 'migrate', isConditional: true, span: { file: 'start.sh', line: 2 } },
          { command: 'migrate', isConditional: false, span: { file: 'start.sh', line: 4 } },
        ],
        kind: 'kept',
        unknown: [],
        span: { file: 'compose.yaml', line: 2 },
      },
      {
        what: 'service bot',
        image: 'acme/bot:1',
        runs: ['bot.sh'],
        migrations: [],
        unknown: ['./bot.sh', 'acme/bot:1'],
      },
    ]);
    const text = explanation === null ? '' : renderExplanation(explanation, { columns: undefined, color: false });
    expect(text.split('\n').filter((line) => line.includes('starts: '))).toEqual([
      '  starts: service web (Dockerfile) · runs start.sh, manage.py migrate, gunicorn · migrates if the server says so: migrate (start.sh:2) · migrates whenever it starts: migrate (start.sh:4) · compose.yaml:2',
      '  starts: service bot (acme/bot:1) · runs bot.sh · not in this checkout: ./bot.sh, acme/bot:1 · compose.yaml:4',
    ]);
  });
});
