import { describe, expect, it } from 'vitest';

import { explainFile } from '../../../../src/audit/explain.ts';
import { renderExplanation } from '../../../../src/ui/render-explanation.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';

const MIGRATING = '        run: ssh app.example "python manage.py migrate && docker compose up -d"\n';
const OF_STEP = (condition: string, on = 'push'): Readonly<Record<string, string>> => ({
  'ship.yml': `on: ${on}\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - if: ${condition}\n${MIGRATING}`,
});
const OF_JOB = (condition: string): Readonly<Record<string, string>> => ({
  'ship.yml': `on: push\njobs:\n  deploy:\n    if: ${condition}\n    runs-on: ubuntu-24.04\n    steps:\n      - env: {}\n${MIGRATING}`,
});

/** As YAML writes them, and whether GitHub can ever run what has them. */
const CONDITIONS: readonly (readonly [string, boolean])[] = [
  ['false', false],
  ['${{ false }}', false],
  ["'false'", false],
  ['0', false],
  ['"${{ 0 }}"', false],
  ['false && always()', false],
  ["github.ref == 'refs/heads/main' && false", false],
  ["github.event_name == 'never'", false],
  ["github.event_name == 'release' && github.ref_name == 'main'", false],
  ['"!true"', false],
  ["github.event.workflow_run.conclusion == 'success'", false],
  ['github.event.pull_request.merged', false],
  ["startsWith(github.event.release.tag_name, 'v')", false],
  ["github.event.workflow_run.conclusion != 'failure'", true],
  ['${{ !github.event.release }}', true],
  ["contains(github.event.head_commit.message, '[deploy]')", true],
  ['true', true],
  ['"\'false\'"', true],
  ["${{ 'false' }}", true],
  ['"${{ false }} && true"', true],
  ['"|| false"', true],
  ["github.ref == 'refs/heads/never'", true],
  ["env.DEPLOY == 'yes'", true],
  ["vars.DEPLOY == 'yes'", true],
  ["false || github.ref == 'refs/heads/main'", true],
  ['failure()', true],
  ["''", true],
];

describe('an if that is never true', () => {
  it.each(CONDITIONS)('`if: %s` lets a step and a job run: %s', (condition, runs) => {
    expect(linesFound(OF_STEP(condition), 'migrate/inline-in-deploy')).toEqual(runs ? ['ship.yml:7'] : []);
    expect(linesFound(OF_JOB(condition), 'migrate/inline-in-deploy')).toEqual(runs ? ['ship.yml:8'] : []);
  });

  it('is not certain of an event where another workflow may call this one', () => {
    const condition = "github.event_name == 'release'";
    expect(linesFound(OF_STEP(condition, '[push, workflow_call]'), 'migrate/inline-in-deploy')).toEqual(['ship.yml:7']);
  });

  it.each(['workflow_run', '[push, workflow_run]', 'workflow_call'])(
    'may be true of what `on: %s` brings along',
    (on) => {
      const condition = "github.event.workflow_run.conclusion == 'success'";
      expect(linesFound(OF_STEP(condition, on), 'migrate/inline-in-deploy')).toEqual(['ship.yml:7']);
    },
  );

  it('skips the jobs that need such a job, but those that ask for the status', () => {
    const files = (condition: string): Readonly<Record<string, string>> => ({
      'ship.yml': `on: push\njobs:\n  build:\n    if: false\n    runs-on: x\n    steps:\n      - run: make\n  deploy:\n    needs: build\n${condition}    runs-on: x\n    steps:\n      - env: {}\n${MIGRATING}`,
    });
    expect(linesFound(files(''), 'migrate/inline-in-deploy')).toEqual([]);
    expect(linesFound(files("    if: github.ref_name == 'main'\n"), 'migrate/inline-in-deploy')).toEqual([]);
    expect(linesFound(files('    if: always()\n'), 'migrate/inline-in-deploy')).toEqual(['ship.yml:14']);
    expect(linesFound(files('    if: ${{ !failure() }}\n'), 'migrate/inline-in-deploy')).toEqual(['ship.yml:14']);
  });

  it('keeps what a job waits for through one that never runs', () => {
    const files = {
      'ship.yml': `on: push\njobs:\n  migrate:\n    runs-on: x\n    environment: production\n    steps:\n      - run: npx --no-install devsetup migrate\n  gate:\n    needs: migrate\n    if: false\n    runs-on: x\n    steps:\n      - run: make\n  deploy:\n    needs: gate\n    if: \${{ !failure() }}\n    runs-on: x\n    steps:\n      - run: kubectl apply -f k8s\n`,
    };
    expect(linesFound(files, 'migrate/deploy-not-wired')).toEqual([]);
  });

  it('follows the input that the caller of a workflow or an action sets', () => {
    const files = (migrate: boolean): Readonly<Record<string, string>> => ({
      'parts.yml': `on:\n  workflow_call:\n    inputs:\n      migrate:\n        type: boolean\njobs:\n  deploy:\n    runs-on: x\n    steps:\n      - if: inputs.migrate\n${MIGRATING}      - run: kubectl apply -f k8s\n`,
      'ship.yml': `on: push\njobs:\n  all:\n    uses: ./.github/workflows/parts.yml\n    with:\n      migrate: ${migrate}\n`,
    });
    const judge = (migrate: boolean): readonly string[] =>
      auditOf(files(migrate)).pipelines.flatMap(({ isOnlyCalled, jobs }) =>
        isOnlyCalled ? [] : jobs.flatMap(({ does }) => [...does]),
      );
    expect(judge(false)).toEqual(['deploy']);
    expect(judge(true)).toEqual(['migrate', 'deploy']);
  });

  it('is shown by --explain, with what it concerns', () => {
    const text = `on: push\njobs:\n  build:\n    if: false\n    runs-on: x\n    steps:\n      - run: make\n  test:\n    runs-on: x\n    steps:\n      - run: pytest\n      - name: Old tests\n        if: \${{ false }}\n        run: nosetests\n  deploy:\n    needs: build\n    runs-on: x\n    steps:\n      - run: make\n`;
    const explanation = explainFile(auditOf({ 'ci.yml': text }), '.github/workflows/ci.yml');
    if (explanation === null) throw new Error('The file was not audited.');
    expect(renderExplanation(explanation, { columns: undefined, color: false }).split('\n')).toEqual([
      '.github/workflows/ci.yml',
      'on push',
      '',
      'test  test  line 8',
      '  runs pytest',
      '  shows: test: pytest',
      '  waits for nothing',
      '  never runs: step Old tests · its `if` is never true · line 12',
      '',
      'build  never runs  line 3',
      '  its `if` is never true: no rule judges it',
      '',
      'deploy  never runs  line 15',
      '  it needs build, which never runs: no rule judges it',
      '',
    ]);
  });
});
