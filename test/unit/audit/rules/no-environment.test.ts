import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';
import { deployRun } from '../../../support/secret-jobs.ts';

const RULE = 'secret/no-environment';
const without = (run: string): string => deployRun(run).replace('    environment: production\n', '');
const found = (text: string): readonly string[] => linesFound({ 'a.yml': text }, RULE);

describe('a deployment with secrets of the repository', () => {
  it('is told of at the job', () => {
    expect(found(without('./go ${{ secrets.TOKEN }}'))).toEqual(['a.yml:3']);
    expect(found(without("./go ${{ secrets['TOKEN'] }}"))).toEqual(['a.yml:3']);
    expect(found(without('./go').replace('jobs:', 'env:\n  T: ${{ secrets.TOKEN }}\njobs:'))).toEqual(['a.yml:5']);
    const migrate = without('python manage.py migrate --noinput')
      .replace('      - run: kubectl rollout restart deployment/web\n', '')
      .replace('  deploy:', '  migrate:');
    expect(found(`${migrate}        env:\n          DATABASE_URL: \${{ secrets.DATABASE_URL }}\n`)).toEqual([
      'a.yml:3',
    ]);
  });

  it('is found where the choice of a person is what migrates', () => {
    const chosen = (options: string): string =>
      [
        `on: { workflow_dispatch: { inputs: { action: { type: choice, options: ${options} } } } }`,
        'jobs:',
        '  run-migration:',
        '    runs-on: ubuntu-24.04',
        '    steps:',
        '      - run: npm run db:${{ inputs.action }}',
        '        env: { DB_URI: "${{ secrets.DB_URI }}" }',
      ].join('\n');
    expect(found(chosen('[migrate, undo]'))).toEqual(['a.yml:3']);
    expect(found(chosen('[status, dump]'))).toEqual([]);
  });

  it('is told of a rollback, too', () => {
    const rollback = without('kubectl rollout undo deployment/web --token ${{ secrets.TOKEN }}')
      .replace('kubectl rollout restart deployment/web', 'kubectl rollout undo deployment/web')
      .replace('  deploy:', '  rollback:');
    expect(found(rollback)).toEqual(['a.yml:3']);
  });

  it('has nothing to say with an environment, without secrets, of other jobs', () => {
    expect(found(deployRun('./go ${{ secrets.TOKEN }}'))).toEqual([]);
    expect(found(without('./go ${{ secrets.GITHUB_TOKEN }}'))).toEqual([]);
    expect(found(without('# ${{ secrets.TOKEN }}\n./go'))).toEqual([]);
    expect(
      found(
        'on: push\njobs:\n  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: pytest ${{ secrets.TOKEN }}\n',
      ),
    ).toEqual([]);
  });

  it('is asked for where the secret is used: in the called workflow', () => {
    const files = {
      'a.yml': 'on: push\njobs:\n  ship:\n    uses: ./.github/workflows/b.yml\n    secrets: inherit\n',
      'b.yml': without('./go ${{ secrets.TOKEN }}').replace('on: push', 'on: workflow_call'),
    };
    expect(linesFound(files, RULE)).toEqual(['b.yml:3']);
    expect(
      linesFound(
        { ...files, 'b.yml': deployRun('./go ${{ secrets.TOKEN }}').replace('on: push', 'on: workflow_call') },
        RULE,
      ),
    ).toEqual([]);
  });
});
