import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const deploy = (step: string): string =>
  [
    'on: push',
    'jobs:',
    '  deploy-django:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - uses: actions/checkout@v5',
    `      - ${step}`,
    '',
  ].join('\n');

const DEPLOY = deploy('run: aws cloudformation deploy --stack-name shop --template-file infra/service.yml');

const template = (lines: readonly string[], { service = 'TaskDefinition: !Ref WebTask' } = {}): string =>
  [
    'Resources:',
    '  WebTask:',
    '    Type: AWS::ECS::TaskDefinition',
    '    Properties:',
    '      ContainerDefinitions:',
    '        - Name: web',
    ...lines.map((line) => `          ${line}`),
    '  WebService:',
    '    Type: AWS::ECS::Service',
    '    Properties:',
    '      Cluster: !ImportValue shop-cluster',
    `      ${service}`,
    '',
  ].join('\n');

const found = (
  text: string,
  {
    workflow = DEPLOY,
    rule = 'migrate/on-container-start',
    checkout = {},
  }: {
    readonly workflow?: string;
    readonly rule?: 'migrate/on-container-start' | 'migrate/missing-job';
    readonly checkout?: Readonly<Record<string, string>>;
  } = {},
): readonly string[] =>
  linesFound({ 'deploy.yml': workflow }, rule, {
    checkout: { 'manage.py': '', 'infra/service.yml': text, ...checkout },
  });

const IMAGE = 'Image: !Ref ImageUrl';
const MIGRATES = [IMAGE, 'Command: ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]'];

describe('a container of a service in a template of CloudFormation', () => {
  it.each([
    ['a list of words', template(MIGRATES), 'infra/service.yml:8'],
    [
      'an entry point of its own, in several lines',
      template([IMAGE, 'EntryPoint:', '  - sh', '  - -c', '  - python manage.py migrate; exec gunicorn shop.wsgi']),
      'infra/service.yml:11',
    ],
    [
      'a text that CloudFormation fills in',
      template([IMAGE, 'Command: [sh, -c, !Sub "python manage.py migrate && gunicorn -b :${Port} shop.wsgi"]']),
      'infra/service.yml:8',
    ],
    [
      'the long form of a reference',
      template(MIGRATES, { service: 'TaskDefinition: { Ref: WebTask }' }),
      'infra/service.yml:8',
    ],
  ])('is reported where it starts with a migration: %s', (_, text, place) => {
    expect(found(text)).toEqual([place]);
    expect(found(text, { rule: 'migrate/missing-job' })).toEqual([]);
  });

  it.each([
    [
      'an update of the stack',
      'run: aws cloudformation update-stack --stack-name shop --template-body file://infra/service.yml',
    ],
    ['SAM', 'run: sam deploy --no-confirm-changeset -t service.yml\n        working-directory: infra'],
    [
      'an action',
      'uses: aws-actions/aws-cloudformation-github-deploy@v1\n        with: { name: shop, template: infra/service.yml }',
    ],
  ])('is deployed by %s', (_, step) => {
    expect(found(template(MIGRATES), { workflow: deploy(step) })).toEqual(['infra/service.yml:8']);
  });

  it.each([
    ['does not migrate', template([IMAGE, 'Command: [gunicorn, shop.wsgi]'])],
    ['is of a task that no service runs', template(MIGRATES, { service: 'TaskDefinition: !Ref OtherTask' })],
    ['gets its words from elsewhere', template([IMAGE, 'Command: !Split [",", "python,manage.py,migrate"]'])],
    [
      'gets its words by a condition',
      template([IMAGE, 'Command: !If [IsWeb, [gunicorn], [python, manage.py, migrate]]']),
    ],
  ])('is not reported where it %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('starts as the image that the job builds does, where it has no command', () => {
    const workflow = deploy(
      'run: |\n          docker build -t registry.example/shop:$GITHUB_SHA .\n          aws cloudformation deploy --stack-name shop --template-file infra/service.yml',
    );
    const checkout = { Dockerfile: 'FROM python:3.12\nCMD python manage.py migrate && gunicorn shop.wsgi\n' };
    expect(found(template([IMAGE]), { workflow, checkout })).toEqual(['Dockerfile:2']);
  });
});
