import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

type Files = Readonly<Record<string, string>>;

const deploy = (...commands: readonly string[]): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - uses: actions/checkout@v5',
    '      - run: |',
    ...commands.map((line) => `          ${line}`),
    '',
  ].join('\n');

const UP = deploy('ssh ops@shop.example "cd /srv/shop && git pull && docker compose up -d --build"');
const RESTART = deploy('ssh ops@shop.example "cd /srv/shop && git pull && sudo systemctl restart shop"');

/** What both rules say: a start that migrates, and a pipeline that does not migrate (at the job, line 3). */
const judge = (checkout: Files, workflow = UP): readonly string[] =>
  (['migrate/on-container-start', 'migrate/missing-job'] as const).flatMap((rule) =>
    linesFound({ 'deploy.yml': workflow }, rule, { checkout: { 'manage.py': 'import django\n', ...checkout } }),
  );

const MISSING = ['deploy.yml:3'];
const MIGRATES = 'python manage.py migrate --noinput && gunicorn shop.wsgi';
const SERVES = 'gunicorn shop.wsgi';
const COMPOSE = 'services:\n  web:\n    build: .\n';
const IMAGE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n';

describe('a process manager is followed to what its file starts', () => {
  const supervisor = (command: string, more = ''): string =>
    `[supervisord]\nnodaemon=true\n\n[program:web]\ncommand=${command}\n${more}`;

  it.each([
    ['supervisord', 'CMD ["supervisord", "-n", "-c", "/app/ops/web.ini"]', 'ops/web.ini', supervisor, 5],
    [
      'supervisord with the usual file',
      'CMD supervisord -n',
      'supervisord.conf',
      (command: string) => supervisor(command),
      5,
    ],
    [
      'supervisord whose file is copied to its folder',
      'COPY ops/web.conf /etc/supervisor/conf.d/supervisord.conf\nCMD ["/usr/bin/supervisord"]',
      'ops/web.conf',
      (command: string) => supervisor(command),
      5,
    ],
    [
      'circusd',
      'CMD ["circusd", "ops/web.ini"]',
      'ops/web.ini',
      (command: string) => `[watcher:web]\ncmd = ${command}\n`,
      2,
    ],
    ['honcho', 'CMD ["honcho", "start"]', 'Procfile', (command: string) => `web: ${command}\n`, 1],
    ['foreman', 'CMD foreman start -f ops/procs web', 'ops/procs', (command: string) => `web: ${command}\n`, 1],
    ['overmind', 'CMD overmind s -f ops/procs', 'ops/procs', (command: string) => `web: ${command}\n`, 1],
  ] as const)('%s', (_, start, file, written, line) => {
    const checkout = (command: string): Files => ({
      'docker-compose.yml': COMPOSE,
      Dockerfile: `${IMAGE}${start}\n`,
      [file]: written(command),
    });
    expect(judge(checkout(`sh -c "${MIGRATES}"`))).toEqual([`${file}:${line}`]);
    expect(judge(checkout(SERVES))).toEqual(MISSING);
  });

  it('but not to what it does not start by itself, or to other processes than those it is told', () => {
    const image = (start: string): string => `${IMAGE}CMD ${start}\n`;
    const idle = `\n[program:once]\ncommand=python manage.py migrate\nautostart=false\n`;
    const all = { 'docker-compose.yml': COMPOSE, 'ops/web.ini': supervisor(SERVES, idle) };
    expect(judge({ ...all, Dockerfile: image('supervisord -c ops/web.ini') })).toEqual(MISSING);
    const procs = { 'docker-compose.yml': COMPOSE, 'ops/procs': `web: ${SERVES}\nonce: python manage.py migrate\n` };
    expect(judge({ ...procs, Dockerfile: image('honcho -f ops/procs start web') })).toEqual(MISSING);
  });

  it('and says nothing where its file is not in the checkout', () => {
    expect(judge({ 'docker-compose.yml': COMPOSE, Dockerfile: `${IMAGE}CMD supervisord -c /etc/shop.ini\n` })).toEqual(
      [],
    );
  });

  it('with commands that go on in further lines, and values that it fills in', () => {
    const long = supervisor('sh -c "python manage.py migrate &&\n  gunicorn shop.wsgi -b :%(ENV_PORT)s" ; serves');
    const checkout = { 'docker-compose.yml': COMPOSE, Dockerfile: `${IMAGE}CMD supervisord -c ops/a.ini\n` };
    expect(judge({ ...checkout, 'ops/a.ini': long })).toEqual(['ops/a.ini:5']);
  });
});

describe('a program that only starts another one is taken off', () => {
  it.each([
    'gosu app',
    'su-exec app:app',
    'runuser -u app --',
    'setpriv --reuid 1000 --clear-groups',
    'chpst -u app',
    's6-setuidgid app',
    'dumb-init --',
    'dumb-init --rewrite 15:3 --',
    'tini -g --',
    'ddtrace-run',
    'newrelic-admin run-program',
    'wait-for-it db:5432 --timeout=30 --',
    './wait-for-it.sh db:5432 --',
    'honcho run',
  ])('%s', (wrapper) => {
    const start = (script: string): Files => ({
      'docker-compose.yml': `${COMPOSE}    command: ${wrapper} ./up\n`,
      Dockerfile: IMAGE,
      up: script,
    });
    expect(judge(start(`#!/bin/sh\npython manage.py migrate\nexec ${SERVES}\n`))).toEqual(['up:2']);
    expect(judge(start(`#!/bin/sh\nexec ${SERVES}\n`))).toEqual(MISSING);
  });
});

describe('what starts a server outside of a container', () => {
  it('may migrate in a unit of systemd, before or instead of the server', () => {
    const unit = (...lines: readonly string[]): Files => ({
      'ops/shop.service': ['[Service]', ...lines, ''].join('\n'),
    });
    expect(
      judge(unit('ExecStartPre=-/srv/shop/venv/bin/python manage.py migrate', `ExecStart=${SERVES}`), RESTART),
    ).toEqual([]);
    const script = { 'bin/go': `#!/bin/sh\npython manage.py migrate\nexec ${SERVES}\n` };
    expect(judge({ ...unit('ExecStart=/srv/shop/bin/go'), ...script }, RESTART)).toEqual([]);
    expect(judge({ ...unit('WorkingDirectory=/srv/shop', 'ExecStart=/srv/shop/bin/go'), ...script }, RESTART)).toEqual(
      [],
    );
    expect(judge(unit('ExecStart=/srv/shop/up.sh'), RESTART)).toEqual([]);
    expect(judge(unit(`ExecStart=/srv/shop/venv/bin/${SERVES}`), RESTART)).toEqual(MISSING);
  });

  it('may migrate in a service of s6', () => {
    const image = { 'docker-compose.yml': COMPOSE, Dockerfile: `${IMAGE}COPY rootfs /\nENTRYPOINT ["/init"]\n` };
    const run = (script: string): Files => ({ ...image, 'rootfs/etc/services.d/web/run': script });
    expect(judge(run(`#!/usr/bin/with-contenv sh\npython manage.py migrate\nexec ${SERVES}\n`))).toEqual([]);
    expect(judge(run(`#!/usr/bin/with-contenv sh\nexec ${SERVES}\n`))).toEqual(MISSING);
  });

  it('may migrate in the hooks and commands of Elastic Beanstalk', () => {
    const update = deploy(
      'aws elasticbeanstalk update-environment --environment-name shop --version-label $GITHUB_SHA',
    );
    expect(judge({}, update)).toEqual(MISSING);
    const hook = 'source /var/app/venv/*/bin/activate\npython manage.py migrate\n';
    expect(judge({ '.platform/hooks/postdeploy/01.sh': hook }, update)).toEqual([]);
    const commands = 'container_commands:\n  01:\n    command: python manage.py migrate\n    leader_only: true\n';
    expect(judge({ '.ebextensions/01.config': commands }, update)).toEqual([]);
    expect(judge({ '.ebextensions/01.config': commands.replace('migrate', 'collectstatic') }, update)).toEqual(MISSING);
  });
});

describe('compose files are read together', () => {
  const START = `    command: sh -c "${MIGRATES}"\n`;
  const both = (checkout: (start: string) => Files, place: string, workflow = UP): void => {
    expect(judge({ Dockerfile: IMAGE, ...checkout(START) }, workflow)).toEqual([place]);
    expect(judge({ Dockerfile: IMAGE, ...checkout(`    command: ${SERVES}\n`) }, workflow)).toEqual(MISSING);
  };
  const service = (name: string, ...lines: readonly string[]): string =>
    [`  ${name}:`, ...lines.map((line) => `    ${line}`), ''].join('\n');

  it('with the service of the same file that one extends', () => {
    const text = (start: string): string =>
      `services:\n${service('base', 'build: .')}${start}${service('web', 'extends: base', 'restart: always')}`;
    const files = (start: string): Files => ({ Dockerfile: IMAGE, 'docker-compose.yml': text(start) });
    expect(judge(files(START))).toEqual(['docker-compose.yml:4']);
    expect(judge(files(`    command: ${SERVES}\n`))).toEqual(MISSING);
  });

  it('with the service of another file that one extends, and what it says instead', () => {
    const common = (start: string): string => `services:\n${service('app', 'build: ..')}${start}`;
    const web = (...more: readonly string[]): string =>
      `services:\n${service('web', 'extends:', '  file: ops/common.yml', '  service: app', ...more)}`;
    both((start) => ({ 'docker-compose.yml': web(), 'ops/common.yml': common(start) }), 'ops/common.yml:4');
    const own = { 'docker-compose.yml': web(`command: ${SERVES}`), 'ops/common.yml': common(START) };
    expect(judge({ Dockerfile: IMAGE, ...own })).toEqual(MISSING);
    expect(judge({ Dockerfile: IMAGE, 'docker-compose.yml': web() })).toEqual([]);
  });

  it.each([
    ['a name', '  - ops/app.yml\n'],
    ['a path', '  - path: ./ops/app.yml\n    env_file: ops/.env\n'],
    ['several paths', '  - path: [ops/app.yml]\n'],
  ])('with the files that one includes by %s', (_, include) => {
    const main = `include:\n${include}services:\n${service('proxy', 'image: nginx:1.27')}`;
    const app = (start: string): string => `services:\n${service('web', 'build: ..')}${start}`;
    both((start) => ({ 'docker-compose.yml': main, 'ops/app.yml': app(start) }), 'ops/app.yml:4');
    expect(judge({ Dockerfile: IMAGE, 'docker-compose.yml': main })).toEqual([]);
  });

  it('and an override of the usual name that migrates may be there, or be for development', () => {
    const override = (name: string, command = MIGRATES): Files => ({
      'compose.yml': `${COMPOSE}    command: ${SERVES}\n`,
      Dockerfile: IMAGE,
      [name]: `services:\n${service('web', `command: sh -c "${command}"`)}`,
    });
    expect(judge(override('compose.override.yml'))).toEqual([]);
    expect(judge(override('compose.override.yml', 'python manage.py runserver'))).toEqual(MISSING);
    expect(judge(override('compose.local.yml'))).toEqual(MISSING);
    const named = deploy('ssh ops@shop.example "cd /srv/shop && git pull && docker compose -f compose.yml up -d"');
    expect(judge(override('compose.override.yml'), named)).toEqual(MISSING);
  });

  it('by several `-f`, the last one counts, and one that is only on the server may say anything', () => {
    const workflow = deploy(
      'ssh ops@shop.example "cd /srv/shop && git pull && docker compose -f compose.yml -f ops/prod.yml up -d"',
    );
    const files = (start: string): Files => ({
      'compose.yml': `${COMPOSE}    command: ${SERVES}\n`,
      'ops/prod.yml': `services:\n${service('web', 'restart: always')}${start}`,
    });
    both(files, 'ops/prod.yml:4', workflow);
    expect(judge({ Dockerfile: IMAGE, 'compose.yml': `${COMPOSE}    command: ${SERVES}\n` }, workflow)).toEqual([]);
  });

  it('with the services that a named one depends on', () => {
    const web = deploy('ssh ops@shop.example "cd /srv/shop && git pull && docker compose up -d web"');
    const files = (needs: string): Files => ({
      Dockerfile: IMAGE,
      'compose.yml': `services:\n${service('init', 'build: .', 'command: python manage.py migrate')}${service('web', 'build: .', `command: ${SERVES}`, needs)}`,
    });
    expect(judge(files('depends_on: { init: { condition: service_completed_successfully } }'), web)).toEqual([]);
    expect(judge(files('restart: always'), web)).toEqual(MISSING);
    expect(
      judge(
        files('depends_on: [init]'),
        deploy('ssh ops@shop.example "cd /srv/shop && docker compose up -d --no-deps web"'),
      ),
    ).toEqual(MISSING);
  });

  it('with the variables that a condition of the start script asks for', () => {
    const script = `#!/bin/sh\nif [ "$RUN_MIGRATIONS" = true ]; then\n  python manage.py migrate\nfi\nexec ${SERVES}\n`;
    const files = (line: string, more: Files = {}): Files => ({
      'compose.yml': `${COMPOSE}    ${line}\n`,
      Dockerfile: `${IMAGE}ENTRYPOINT ["./up.sh"]\n`,
      'up.sh': script,
      ...more,
    });
    expect(judge(files('environment: { RUN_MIGRATIONS: "true" }'))).toEqual(['up.sh:3']);
    expect(judge(files('environment: { RUN_MIGRATIONS: "false" }'))).toEqual(MISSING);
    expect(judge(files('env_file: ops/prod.env', { 'ops/prod.env': 'RUN_MIGRATIONS=true\n' }))).toEqual(['up.sh:3']);
    expect(judge(files('env_file: [{ path: ops/prod.env }]', { 'ops/prod.env': 'RUN_MIGRATIONS=true\n' }))).toEqual([
      'up.sh:3',
    ]);
    // A server has its own copy, and what is off here may be on there.
    expect(judge(files('env_file: .env'))).toEqual([]);
    expect(judge(files('env_file: .env', { '.env': 'RUN_MIGRATIONS=false\n' }))).toEqual([]);
  });
});

describe('templates of a chart in the checkout are read as far as they are YAML', () => {
  const UPGRADE = deploy('helm upgrade --install shop ops/shop --set image.tag=$GITHUB_SHA');
  const chart = (kind: string, ...lines: readonly string[]): Files => ({
    'ops/shop/Chart.yaml': 'name: shop\n',
    'ops/shop/templates/web.yaml': [
      '{{- /* The server:',
      '  one container. */ -}}',
      'apiVersion: apps/v1',
      `kind: ${kind}`,
      'metadata:',
      '  name: {{ include "shop.name" . }}',
      '  labels:',
      '    {{- include "shop.labels" . | nindent 4 }}',
      'spec:',
      '  template:',
      '    spec:',
      '      containers:',
      '        - name: {{ .Chart.Name }}',
      '          image: "{{ .Values.image.repository }}:{{ .Values.image.tag | default "1" }}"',
      '          {{- with .Values.resources }}',
      '          resources: {{- toYaml . | nindent 12 }}',
      '          {{- end }}',
      ...lines.map((line) => `          ${line}`),
      '',
    ].join('\n'),
  });
  const PLACE = ['ops/shop/templates/web.yaml:20'];

  it.each([UPGRADE, deploy('cd ops', 'helm template shop ./shop/ -f values.yaml | kubectl apply -f -')])(
    'also between conditions, and with values in them',
    (workflow) => {
      const lines = (command: string): readonly string[] => [
        '{{- if .Values.web.enabled }}',
        'command: ["sh", "-c"]',
        `args: ["${command} --bind :{{ .Values.port }}"]`,
        '{{- end }}',
      ];
      expect(judge(chart('Deployment', ...lines(MIGRATES)), workflow)).toEqual(PLACE);
      expect(judge(chart('Deployment', ...lines(SERVES)), workflow)).toEqual(MISSING);
    },
  );

  it('and a Job migrates once, as a hook before the upgrade or without one', () => {
    const job = (command: string): Files => ({
      ...chart('Job', `command: ["python", "manage.py", "${command}"]`),
      Dockerfile: `${IMAGE}CMD ${SERVES}\n`,
    });
    expect(judge(job('migrate'), UPGRADE)).toEqual([]);
    expect(judge(job('clearsessions'), UPGRADE)).toEqual(MISSING);
  });

  it('and a template that is no YAML may migrate where it speaks of it', () => {
    const web = (command: string): Files => chart('Deployment', `  command: ["python", "manage.py", "${command}"]`);
    expect(judge(web('migrate'), UPGRADE)).toEqual([]);
    expect(judge(web('runserver'), UPGRADE)).toEqual(MISSING);
  });

  it('and what the values say of a start command is not known', () => {
    expect(judge(chart('Deployment', 'command: {{ .Values.command | toJson }}'), UPGRADE)).toEqual([]);
    expect(judge(chart('Deployment', 'args:', '  {{- toYaml .Values.args | nindent 12 }}'), UPGRADE)).toEqual([]);
  });

  it('and without a start command the image that is built counts', () => {
    const build = deploy(
      'docker build -t ghcr.io/acme/shop:$GITHUB_SHA . && docker push ghcr.io/acme/shop:$GITHUB_SHA',
      'helm upgrade --install shop ops/shop --set image.tag=$GITHUB_SHA',
    );
    const image = (start: string): Files => ({ ...chart('Deployment'), Dockerfile: `${IMAGE}CMD ${start}\n` });
    expect(judge(image(MIGRATES), build)).toEqual(['Dockerfile:4']);
    expect(judge(image(SERVES), build)).toEqual(MISSING);
  });
});
