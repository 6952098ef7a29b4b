import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const DEPLOY = 'kubectl set image deployment/web web=registry.example/shop/web:1';

const pipeline = (steps: readonly string[], trigger = 'push', before = ''): string =>
  `on: ${trigger}\njobs:\n${before}  ship:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`;

const found = (
  text: string,
  checkout: Readonly<Record<string, string>> = { 'backend/manage.py': '' },
): readonly string[] => linesFound({ 'ship-backend.yml': text }, 'migrate/missing-job', { checkout });

const TESTS = '  test:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: make test\n';

describe('a deployment that nothing migrates for', () => {
  it('is told of at its job', () => {
    expect(found(pipeline([`run: ${DEPLOY}`]))).toEqual(['ship-backend.yml:3']);
    expect(found(pipeline([`run: ${DEPLOY}`]), { 'README.md': '' })).toEqual([]);
  });

  it('is one also where tests are run by make, and where others call the whole of it', () => {
    expect(found(pipeline([`run: ${DEPLOY}`], 'push', TESTS))).toEqual(['ship-backend.yml:7']);
    expect(found(pipeline([`run: ${DEPLOY}`], 'workflow_call', TESTS))).toEqual(['ship-backend.yml:7']);
    expect(found(pipeline([`run: ${DEPLOY}`], 'workflow_call'))).toEqual([]);
  });

  it.each([
    ['another folder', '{ push: { paths: ["shop-front/**", ".github/workflows/ship-backend.yml"] } }', []],
    ['its folder', '{ push: { paths: ["backend/**"] } }', ['ship-backend.yml:3']],
    ['any Python file', '{ push: { paths: ["**.py"] } }', ['ship-backend.yml:3']],
    ['another folder, and at will', '{ push: { paths: ["shop-front/**"] }, workflow_dispatch: {} }', []],
    ['whatever changes', '{ push: { branches: [main] } }', ['ship-backend.yml:3']],
  ])('knows the backend by where it stands: started for %s', (_, trigger, lines) => {
    expect(found(pipeline([`run: ${DEPLOY}`], trigger))).toEqual(lines);
  });

  it('takes files for a web server alone for no backend', () => {
    expect(found(pipeline(['run: rsync -az --delete ./static/ web@cdn.example:/srv/static/']))).toEqual([]);
    const restart = 'run: ssh web@shop.example sudo systemctl restart shop';
    expect(found(pipeline(['run: rsync -az ./ web@shop.example:/srv/shop/', restart]))).toEqual(['ship-backend.yml:3']);
  });

  it('takes functions and visits to a server for no backend', () => {
    expect(found(pipeline(['run: az functionapp deployment source config-zip --name sums --src sums.zip']))).toEqual(
      [],
    );
    const visit = (job: string): string => pipeline(['run: ssh web@shop.example uptime']).replace('ship:', `${job}:`);
    const look = (file: string, job: string): readonly string[] =>
      linesFound({ [file]: `# gunicorn\n${visit(job)}` }, 'migrate/missing-job', { checkout: { 'manage.py': '' } });
    expect(look('look.yml', 'look')).toEqual([]);
    expect(look('look.yml', 'deploy')).toEqual(['look.yml:4']);
  });

  it('reads what an action has a platform run', () => {
    const text = pipeline([
      'run: python manage.py collectstatic --noinput',
      `uses: acme/cf-cli@v1\n        with:\n          cf_command: run-task shop --command 'python manage.py migrate' --name migrate`,
    ]).replace('ship:', 'deploy:');
    expect(found(text)).toEqual([]);
    expect(linesFound({ 'ship.yml': text }, 'migrate/inline-in-deploy')).toEqual(['ship.yml:9']);
    const old = pipeline([`run: ${DEPLOY}`, `run: cf run-task shop "python manage.py migrate"`]);
    expect(linesFound({ 'ship.yml': old }, 'migrate/inline-in-deploy')).toEqual(['ship.yml:7']);
  });
});
