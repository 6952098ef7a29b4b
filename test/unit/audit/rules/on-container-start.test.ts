import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const deploy = (run: string): string =>
  `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v5\n      - run: ${run}\n`;

const UP = deploy('ssh ops@shop.example "cd /srv/shop && git pull && docker compose up -d --build"');

const found = (
  checkout: Readonly<Record<string, string>>,
  workflow = UP,
  rule: 'migrate/on-container-start' | 'migrate/missing-job' = 'migrate/on-container-start',
): readonly string[] => linesFound({ 'deploy.yml': workflow }, rule, { checkout: { 'manage.py': '', ...checkout } });

const compose = (...lines: readonly string[]): string =>
  `services:\n  web:\n    build: .\n${lines.map((line) => `    ${line}\n`).join('')}  db:\n    image: postgres:16\n`;

const DOCKERFILE = 'FROM python:3.12\nWORKDIR /app\nCOPY . .\n';

describe('a container that migrates whenever it starts', () => {
  it.each([
    [
      'in an entry point that asks for a file of the checkout',
      {
        Dockerfile: `${DOCKERFILE}ENTRYPOINT ["./start.sh"]\n`,
        'compose.yaml': compose(),
        'start.sh':
          '#!/bin/sh\nset -e\nif [ -f manage.py ]; then\n  python manage.py migrate\nfi\nexec gunicorn shop.wsgi\n',
      },
      'start.sh:4',
    ],
    [
      'in the command of a compose service',
      {
        'docker-compose.yml': compose('command: sh -c "python manage.py migrate && gunicorn shop.wsgi"'),
        Dockerfile: DOCKERFILE,
      },
      'docker-compose.yml:4',
    ],
    [
      'in a list of words',
      {
        'compose.yaml': compose(
          'command: ["sh", "-c", "python manage.py migrate --noinput && exec gunicorn shop.wsgi"]',
        ),
        Dockerfile: DOCKERFILE,
      },
      'compose.yaml:4',
    ],
    [
      'in several lines',
      {
        'docker-compose.yml': compose(
          'command: >',
          '  bash -c "python manage.py collectstatic --noinput',
          '  && python manage.py migrate',
          '  && gunicorn shop.wsgi"',
        ),
        Dockerfile: DOCKERFILE,
      },
      'docker-compose.yml:6',
    ],
    [
      'in the CMD of the Dockerfile',
      {
        'docker-compose.yml': compose('restart: always'),
        Dockerfile: `${DOCKERFILE}CMD python manage.py migrate && gunicorn shop.wsgi\n`,
      },
      'Dockerfile:4',
    ],
    [
      'in the entry point script that the Dockerfile copies',
      {
        'docker-compose.yml': compose('command: gunicorn shop.wsgi'),
        Dockerfile:
          'FROM python:3.12\nCOPY docker/start.sh /usr/local/bin/start.sh\nENTRYPOINT ["/usr/local/bin/start.sh"]\n',
        'docker/start.sh': '#!/bin/sh\nset -e\n\npython manage.py migrate --noinput\nexec "$@"\n',
      },
      'docker/start.sh:4',
    ],
    [
      'in a script without an ending, of a build stage',
      {
        'docker-compose.yml': compose('command: /start'),
        Dockerfile:
          'FROM python:3.12 AS base\nCOPY ./ops/start /start\nFROM base AS final\nENTRYPOINT ["/entrypoint"]\nCOPY --chmod=755 ./ops/entry /entrypoint\n',
        'ops/start': '#!/bin/bash\npython /app/manage.py migrate\ngunicorn shop.wsgi\n',
        'ops/entry': '#!/bin/bash\nuntil nc -z db 5432; do sleep 1; done\nexec "$@"\n',
      },
      'ops/start:2',
    ],
    [
      'with a tool that is not of Django',
      {
        'docker-compose.yml': compose('command: sh -c "alembic upgrade head && uvicorn shop:app"'),
        Dockerfile: DOCKERFILE,
      },
      'docker-compose.yml:4',
    ],
    [
      'where a variable of the service asks for it',
      {
        'docker-compose.yml': compose('environment:', '  MIGRATE: "on"', 'command: ./run.sh'),
        Dockerfile: DOCKERFILE,
        'run.sh': 'if [ "$MIGRATE" = "on" ]; then\n  python manage.py migrate\nfi\ngunicorn shop.wsgi\n',
      },
      'run.sh:2',
    ],
  ])('is reported at the command: %s', (_, checkout, line) => {
    expect(found(checkout as Record<string, string>)).toEqual([line]);
    expect(found(checkout as Record<string, string>, UP, 'migrate/missing-job')).toEqual([]);
  });

  it('is reported once for several services with one script', () => {
    const checkout = {
      'docker-compose.yml':
        'services:\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n  worker:\n    build: .\n    command: celery -A shop worker\n',
      Dockerfile: `${DOCKERFILE}ENTRYPOINT ["./entry.sh"]\n`,
      'entry.sh': 'python manage.py migrate\nexec "$@"\n',
    };
    expect(found(checkout)).toEqual(['entry.sh:1']);
  });
});

describe('the command behind other programs', () => {
  const start = (command: string, files: Readonly<Record<string, string>> = {}): readonly string[] =>
    found({ 'docker-compose.yml': compose(`command: ${command}`), Dockerfile: DOCKERFILE, ...files });

  it.each([
    [
      'a wait for the database whose script is in the image',
      './wait-for-it.sh db:5432 -- sh -c "python manage.py migrate && gunicorn shop.wsgi"',
      {},
      'docker-compose.yml:4',
    ],
    [
      'dockerize',
      'dockerize -wait tcp://db:5432 sh -c "python manage.py migrate && gunicorn shop.wsgi"',
      {},
      'docker-compose.yml:4',
    ],
    [
      'a condition that holds by default',
      './run.sh',
      { 'run.sh': 'if [ "${MIGRATE:-true}" = true ]; then\n  python manage.py migrate\nfi\ngunicorn shop.wsgi\n' },
      'run.sh:2',
    ],
    [
      'lines that end as on Windows',
      './run.sh',
      { 'run.sh': '#!/bin/sh\r\npython manage.py migrate\r\ngunicorn shop.wsgi\r\n' },
      'run.sh:2',
    ],
    [
      'another folder',
      'sh -c "cd src && ./run.sh"',
      { 'src/run.sh': 'python manage.py migrate\ngunicorn shop.wsgi\n' },
      'src/run.sh:1',
    ],
    [
      'a function of another file',
      './run.sh',
      {
        'run.sh': '. ./lib.sh\nprepare\ngunicorn shop.wsgi\n',
        'lib.sh': 'prepare() {\n  python manage.py migrate\n}\n',
      },
      'lib.sh:2',
    ],
    [
      'a script of Python',
      'python start.py',
      { 'start.py': 'import os\nos.system("python manage.py migrate")\nos.system("gunicorn shop.wsgi")\n' },
      'start.py:2',
    ],
  ])('is followed: %s', (_, command, files, line) => {
    expect(start(command, files as Record<string, string>)).toEqual([line]);
  });

  it('is silent where a condition does not hold by default, and claims nothing', () => {
    const files = {
      'run.sh': 'if [ "${MIGRATE:-false}" = true ]; then\n  python manage.py migrate\nfi\ngunicorn shop.wsgi\n',
    };
    expect(start('./run.sh', files)).toEqual([]);
    const checkout = { 'docker-compose.yml': compose('command: ./run.sh'), Dockerfile: DOCKERFILE, ...files };
    expect(found(checkout, UP, 'migrate/missing-job')).toEqual([]);
  });

  it('is that of the last of several compose files', () => {
    const up = deploy(
      'ssh ops@shop.example "cd /srv/shop && git pull && docker compose -f base.yml -f prod.yml up -d"',
    );
    const files = (command: string) => ({
      'base.yml': compose('command: sh -c "python manage.py migrate && gunicorn shop.wsgi"'),
      'prod.yml': `services:\n  web:\n${command}    restart: always\n`,
      Dockerfile: DOCKERFILE,
    });
    expect(found(files(''), up)).toEqual(['base.yml:4']);
    expect(found(files('    command: gunicorn shop.wsgi\n'), up)).toEqual([]);
  });
});

describe('what is not a container that migrates whenever it starts', () => {
  it.each([
    [
      'a service that others wait for',
      {
        'docker-compose.yml':
          'services:\n  setup:\n    build: .\n    command: python manage.py migrate\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n    depends_on:\n      setup: { condition: service_completed_successfully }\n',
        Dockerfile: DOCKERFILE,
      },
    ],
    [
      'a service that is run once, by its own command',
      {
        'docker-compose.yml':
          'services:\n  release:\n    profiles: [release]\n    build: .\n    command: python manage.py migrate\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n',
        Dockerfile: DOCKERFILE,
      },
    ],
    [
      'a compose file for development',
      {
        'docker-compose.yml': compose('command: gunicorn shop.wsgi'),
        'docker-compose.override.yml': compose(
          'command: sh -c "python manage.py migrate && python manage.py runserver"',
        ),
        Dockerfile: DOCKERFILE,
      },
    ],
    [
      'a condition that only the server knows',
      {
        'docker-compose.yml': compose('command: ./run.sh'),
        Dockerfile: DOCKERFILE,
        'run.sh': 'if [ "$MIGRATE" = "on" ]; then\n  python manage.py migrate\nfi\ngunicorn shop.wsgi\n',
      },
    ],
    [
      'a stage that is not built',
      {
        'docker-compose.yml': 'services:\n  web:\n    build: { context: ., target: final }\n',
        Dockerfile:
          'FROM python:3.12 AS final\nCMD ["gunicorn", "shop.wsgi"]\nFROM final AS dev\nCMD python manage.py migrate && python manage.py runserver\n',
      },
    ],
    [
      'a check',
      {
        'docker-compose.yml': compose('command: sh -c "python manage.py migrate --check && gunicorn shop.wsgi"'),
        Dockerfile: DOCKERFILE,
      },
    ],
  ])('is silent: %s', (_, checkout) => {
    expect(found(checkout as Record<string, string>)).toEqual([]);
  });

  it('is silent where compose runs on the runner for tests', () => {
    const checkout = {
      'docker-compose.yml': compose('command: sh -c "python manage.py migrate && gunicorn shop.wsgi"'),
      Dockerfile: DOCKERFILE,
    };
    expect(found(checkout, deploy('docker compose up -d'))).toEqual([]);
  });
});

describe('a cluster and a task', () => {
  const manifest = (kind: string, pod: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a }\n---\napiVersion: apps/v1\nkind: ${kind}\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n${pod}`;
  const APPLY = deploy('kubectl apply -f k8s/');

  it('start with a migration in args, and in a container before it', () => {
    const args =
      '      containers:\n        - name: web\n          image: acme/shop:1\n          command: ["sh", "-c"]\n          args:\n            - python manage.py migrate && gunicorn shop.wsgi\n';
    expect(found({ 'k8s/web.yaml': manifest('Deployment', args) }, APPLY)).toEqual([
      'web.yaml:16'.replace('web', 'k8s/web'),
    ]);
    const init =
      '      initContainers:\n        - name: migrate\n          image: acme/shop:1\n          command: [python, manage.py, migrate]\n      containers:\n        - name: web\n          image: acme/shop:1\n';
    expect(found({ 'k8s/web.yaml': manifest('Deployment', init) }, APPLY)).toEqual(['k8s/web.yaml:14']);
    expect(found({ 'k8s/web.yaml': manifest('Job', init) }, APPLY)).toEqual([]);
  });

  it('start with a migration in a task definition', () => {
    const task = `{\n  "containerDefinitions": [\n    {\n      "name": "web",\n      "image": "acme/shop",\n      "command": ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]\n    }\n  ]\n}\n`;
    const workflow =
      'on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with:\n          task-definition: aws/task.json\n          service: shop\n';
    expect(found({ 'aws/task.json': task }, workflow)).toEqual(['aws/task.json:6']);
  });

  it('start as the Dockerfile says that the pipeline builds', () => {
    const workflow =
      'on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: docker build -t acme/shop:1 --push .\n      - run: kubectl set image deployment/web web=acme/shop:1\n';
    const Dockerfile = `${DOCKERFILE}CMD ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]\n`;
    expect(found({ Dockerfile }, workflow)).toEqual(['Dockerfile:4']);
    expect(found({ Dockerfile }, workflow, 'migrate/missing-job')).toEqual([]);
  });
});

describe('what other programs build and apply', () => {
  const MIGRATING = `${DOCKERFILE}CMD ["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]\n`;

  it.each([
    ['Cloud Build', 'gcloud builds submit --tag gcr.io/acme/shop:1', 'Dockerfile'],
    ['Cloud Build, of a folder', 'gcloud builds submit --tag gcr.io/acme/shop:1 api/', 'api/Dockerfile'],
    ['Azure', 'az acr build -r acme -t shop:1 -f ops/Dockerfile .', 'ops/Dockerfile'],
  ])('starts as its Dockerfile says: %s', (_, command, file) => {
    const workflow = `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${command}\n      - run: gcloud run deploy shop --image gcr.io/acme/shop:1\n`;
    const own = command.startsWith('az')
      ? workflow.replace('gcr.io/acme/shop:1\n', 'acme.azurecr.io/shop:1\n')
      : workflow;
    expect(found({ [file]: MIGRATING }, own)).toEqual([`${file}:4`]);
  });

  it('starts as a kustomization says that is built and applied', () => {
    const files = {
      'ops/prod/kustomization.yaml': 'resources: [web.yaml]\n',
      'ops/prod/web.yaml':
        'kind: Deployment\nmetadata: { name: web }\nspec:\n  template:\n    spec:\n      containers:\n        - name: web\n          args: [sh, -c, "python manage.py migrate && gunicorn shop.wsgi"]\n',
    };
    expect(found(files, deploy('kustomize build ops/prod | kubectl apply -f -'))).toEqual(['ops/prod/web.yaml:8']);
    expect(found(files, deploy('kubectl kustomize ops/prod | kubectl apply -f -'))).toEqual(['ops/prod/web.yaml:8']);
    expect(
      found(files, deploy('kustomize build ops/prod | kubeconform && kubectl rollout restart deployment/api')),
    ).toEqual([]);
  });
});

describe('a service that is run once', () => {
  const checkout = {
    'docker-compose.yml':
      'services:\n  release:\n    profiles: [release]\n    build: .\n    command: python manage.py migrate\n  web:\n    build: .\n    command: gunicorn shop.wsgi\n',
    Dockerfile: DOCKERFILE,
  };
  const once = deploy(
    'ssh ops@shop.example "cd /srv/shop && git pull && docker compose run --rm release && docker compose up -d"',
  );

  it('migrates for the deployment', () => {
    expect(found(checkout, once, 'migrate/missing-job')).toEqual([]);
    expect(found(checkout, UP, 'migrate/missing-job')).toEqual(['deploy.yml:3']);
    expect(found(checkout, once)).toEqual([]);
  });
});

describe('a workload that a command names', () => {
  const deployment = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name} }\nspec:\n  template:\n    spec:\n      containers:\n        - name: app\n          image: acme/shop:1\n          args: [sh, -c, "python manage.py migrate && gunicorn shop.wsgi"]\n`;

  it.each([
    ['set image', 'kubectl set image deployment/shop app=acme/shop:2'],
    ['rollout restart', 'kubectl -n prod rollout restart deployment shop'],
  ])('starts as its one manifest in the checkout says: %s', (_, command) => {
    const files = { 'ops/shop.yaml': deployment('shop'), 'ops/other.yaml': deployment('other') };
    expect(found(files, deploy(command))).toEqual(['ops/shop.yaml:10']);
    expect(found({ 'ops/a.yaml': deployment('shop'), 'ops/b.yaml': deployment('shop') }, deploy(command))).toEqual([]);
  });

  it('is found through kustomizations, which may name each other', () => {
    const files = {
      'k8s/prod/kustomization.yaml': 'resources: [../base]\n',
      'k8s/base/kustomization.yaml': 'resources: [shop.yaml, ../prod]\n',
      'k8s/base/shop.yaml': deployment('shop'),
    };
    expect(found(files, deploy('kubectl apply -k k8s/prod'))).toEqual(['k8s/base/shop.yaml:10']);
  });
});

describe('a Dockerfile', () => {
  it('whose stages copy from each other again and again is read', () => {
    const stages = Array.from(
      { length: 40 },
      (_, index) => `FROM python AS s${index + 1}\nCOPY --from=s${index} / /\nCOPY --from=s${index} / /\n`,
    );
    const Dockerfile = `FROM python AS s0\nCOPY . /\n${stages.join('')}CMD python manage.py migrate && gunicorn shop.wsgi\n`;
    expect(found({ 'docker-compose.yml': compose('restart: always'), Dockerfile })).toEqual(['Dockerfile:123']);
  });
});

describe('a platform', () => {
  const MIGRATES = 'python manage.py migrate && gunicorn shop.wsgi';

  it.each([
    [
      'a process of a Procfile',
      'git push heroku main',
      { Procfile: `release: echo\nweb: ${MIGRATES}\n` },
      ['Procfile:2'],
    ],
    [
      'a process of a Procfile, by a remote of another name',
      'git remote add live https://git.heroku.com/shop.git && git push live main',
      { Procfile: `web: ${MIGRATES}\n` },
      ['Procfile:1'],
    ],
    [
      'a release phase',
      'git push heroku main',
      { Procfile: 'release: python manage.py migrate\nweb: gunicorn shop.wsgi\n' },
      [],
    ],
    ['a Procfile of another platform', 'kubectl set image deployment/a a=b:1', { Procfile: `web: ${MIGRATES}\n` }, []],
    [
      'a process of fly',
      'flyctl deploy',
      { 'fly.toml': `app = "shop"\n[deploy]\n  release_command = "true"\n[processes]\n  web = "${MIGRATES}"\n` },
      ['fly.toml:5'],
    ],
    [
      'a release command of fly',
      'flyctl deploy',
      { 'fly.toml': '[deploy]\n  release_command = "python manage.py migrate"\n' },
      [],
    ],
    [
      'a start command of Render',
      'curl https://api.render.com/deploy/srv-1',
      {
        'render.yaml': `services:\n  - name: web\n    preDeployCommand: python manage.py migrate\n    startCommand: ${MIGRATES}\n`,
      },
      ['render.yaml:4'],
    ],
    [
      'a start command of Railway',
      'railway up --detach',
      {
        'railway.toml': `[build]\nbuilder = "NIXPACKS"\n\n[deploy]\npreDeployCommand = "true"\nstartCommand = "${MIGRATES}" # one replica\n[environments]\n`,
      },
      ['railway.toml:6'],
    ],
    [
      'a command before the deployment of Railway',
      'railway up',
      {
        'railway.toml': `[deploy]\npreDeployCommand = "python manage.py migrate"\nstartCommand = 'gunicorn shop.wsgi'\n[other]\nstartCommand = "${MIGRATES}"\n`,
      },
      [],
    ],
    ['a start of Nixpacks', 'railway up', { 'nixpacks.toml': `[start]\ncmd = '${MIGRATES}'\n` }, ['nixpacks.toml:2']],
    [
      'a container of heroku.yml',
      'git push heroku main',
      { 'heroku.yml': `run:\n  web: ${MIGRATES}\n` },
      ['heroku.yml:2'],
    ],
  ])('starts as its file says: %s', (_, command, files, lines) => {
    expect(found(files as Record<string, string>, deploy(command))).toEqual(lines);
  });
});

describe('services that a loop starts', () => {
  const checkout = {
    'docker-compose.yml': compose('command: sh -c "python manage.py migrate && gunicorn shop.wsgi"'),
    Dockerfile: DOCKERFILE,
  };
  const loop = (list: string): string =>
    deploy(`|\n          ssh ops@shop.example <<'END'\n          ${list}\n          END`);

  it('are read if the loop names them', () => {
    const names = loop('for service in db web; do docker compose up -d --no-deps "$service"; done');
    expect(found(checkout, names)).toEqual(['docker-compose.yml:4']);
  });

  it('are read if an array names them', () => {
    const names = loop('all=(db web); for service in "${all[@]}"; do docker compose up -d "$service"; done');
    expect(found(checkout, names)).toEqual(['docker-compose.yml:4']);
  });

  it('are not reported if the loop starts others', () => {
    expect(found(checkout, loop('for service in db cache; do docker compose up -d "$service"; done'))).toEqual([]);
  });

  it.each([
    ['bundle exec rails db:migrate', 'bundle exec rails server -b 0.0.0.0'],
    ['npx prisma migrate deploy', 'npx next start'],
    ['npx prisma migrate deploy', 'npm run start:prod'],
    ['php artisan migrate --force', 'php artisan serve'],
    ['alembic upgrade head', 'fastapi run app.py'],
    ['flask db upgrade', 'python server.py'],
    ['dotnet ef database update', 'dotnet Shop.dll'],
  ])('serves in every framework: %s, then %s', (migrates, serves) => {
    const files = (script: string): Readonly<Record<string, string>> => ({
      'compose.yaml': compose(),
      Dockerfile: `FROM base:1\nWORKDIR /app\nCOPY . .\nCMD ${script}\n`,
    });
    expect(found(files(`${migrates} && ${serves}`))).toEqual(['Dockerfile:4']);
    expect(found(files(migrates))).toEqual([]);
  });
});
