import { describe, expect, it } from 'vitest';

import { AUDIT_RULES } from '../../../../src/audit/rules/index.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';

const workflow = (id: string, steps: readonly string[], runsOn = 'ubuntu-24.04'): Readonly<Record<string, string>> => ({
  'ship.yml': `on: push\njobs:\n  ${id}:\n    runs-on: ${runsOn}\n    steps:\n${steps.map((step) => `      - ${step.replaceAll('\n', '\n        ')}\n`).join('')}`,
});
const found = (steps: readonly string[], checkout: Readonly<Record<string, string>> = {}): readonly string[] =>
  linesFound(workflow('deploy', steps), 'migrate/inline-in-deploy', { checkout });
const script = (...lines: readonly string[]): string => `run: |\n${lines.map((line) => `  ${line}`).join('\n')}`;

const RESTART = 'sudo systemctl restart shop';
const MIGRATE = 'python manage.py migrate --noinput';

describe('a job that deploys whatever it is called', () => {
  it.each([
    ['self-hosted', [`run: git pull`, `run: ${MIGRATE}`, `run: ${RESTART}`], 'ship.yml:7'],
    [
      '[self-hosted, linux]',
      [script('docker compose pull', `docker compose run --rm web ${MIGRATE}`, 'docker compose up -d')],
      'ship.yml:8',
    ],
    ['[self-hosted, linux]', [`run: ${MIGRATE}`, 'run: gunicorn shop.wsgi --daemon'], 'ship.yml:6'],
    [
      'self-hosted',
      [
        script(
          'docker compose up -d',
          `docker compose exec -T web ${MIGRATE}`,
          'if ! curl -f localhost; then docker compose down; exit 1; fi',
        ),
      ],
      'ship.yml:8',
    ],
    [
      'self-hosted',
      [
        'run: docker compose up -d',
        `run: docker compose exec -T web ${MIGRATE}`,
        'if: failure()\nrun: docker compose down',
      ],
      'ship.yml:7',
    ],
    [
      'ubuntu-24.04',
      [
        `uses: appleboy/ssh-action@v1\nwith:\n  host: app.example\n  script: |\n    git pull\n    ${MIGRATE}\n    ${RESTART}`,
      ],
      'ship.yml:11',
    ],
  ])('named build, on %s: %j', (runsOn, steps, line) => {
    expect(linesFound(workflow('build', steps, runsOn), 'migrate/inline-in-deploy')).toEqual([line]);
  });

  it.each([
    [
      'starts containers for its tests',
      ['run: docker compose up -d', `run: docker compose exec -T web ${MIGRATE}`, 'run: pytest'],
    ],
    [
      'stops what it has started',
      ['run: docker compose up -d', `run: docker compose exec -T web ${MIGRATE}`, 'run: docker compose down'],
    ],
    [
      'stops it whatever happens',
      [
        'run: docker compose up -d',
        `run: docker compose exec -T web ${MIGRATE}`,
        'if: always()\nrun: docker compose down || true',
      ],
    ],
    ['only builds', [`run: ${MIGRATE}`, 'run: docker build -t shop .']],
  ])('is none on a runner of its own where it %s', (_, steps) => {
    expect(linesFound(workflow('build', steps, 'self-hosted'), 'migrate/inline-in-deploy')).toEqual([]);
  });
});

describe('commands in JSON', () => {
  const ssm = (parameters: string): string =>
    script(`aws ssm send-command --document-name AWS-RunShellScript --parameters ${parameters}`);

  it.each([
    ['a list', ssm(`'commands=["cd /srv","${MIGRATE}","${RESTART}"]'`)],
    ['an object', ssm(`'{"commands":["cd /srv && ${MIGRATE} && ${RESTART}"]}'`)],
    ['one text', ssm(`commands="cd /srv && ${MIGRATE} && ${RESTART}"`)],
    ['a list without quotes', ssm(`'commands=[cd /srv,${MIGRATE},${RESTART}]'`)],
    ['a list with brackets in a text', ssm(`'{"commands":["[ -d /srv ] && cd /srv","${MIGRATE}","${RESTART}"]}'`)],
    ['quotes in a text', ssm(`'{"commands":["docker exec web sh -c \\"${MIGRATE}\\"","${RESTART}"]}'`)],
    ['jq', ssm(`"$(jq -n --arg tag "$TAG" '{commands:["docker pull shop:\\($tag)","${MIGRATE}","${RESTART}"]}')"`)],
  ])('are found in the parameters of SSM: %s', (_, step) => {
    expect(found([step])).toEqual(['ship.yml:7']);
  });

  it('are found in a variable, where it is set', () => {
    const step = script(
      `PARAMETERS='{"commands":["docker compose pull","docker compose run --rm web ${MIGRATE}","docker compose up -d"]}'`,
      'aws ssm send-command --document-name AWS-RunShellScript --parameters "$PARAMETERS"',
    );
    expect(found([step])).toEqual(['ship.yml:7']);
  });

  it.each([
    ['of the step', `env:\n  COMMAND: ${MIGRATE}\nrun: ssh app.example "$COMMAND && ${RESTART}"`, ['ship.yml:7']],
    [
      'that two commands use',
      script(
        `COMMAND='${MIGRATE}'`,
        'ssh a.example "$COMMAND"',
        'ssh b.example "$COMMAND"',
        `ssh a.example ${RESTART}`,
      ),
      ['ship.yml:7'],
    ],
    [
      'that holds a part of it',
      script('SETTINGS=shop.settings', `ssh app.example "${MIGRATE} --settings=$SETTINGS && ${RESTART}"`),
      ['ship.yml:8'],
    ],
  ])('are found in a variable %s', (_, step, lines) => {
    expect(found([step])).toEqual(lines);
  });

  it('are found in a file that the step has written, at its line', () => {
    const step = script(
      "cat > send.json <<'EOF'",
      `{"commands": ["cd /srv",`,
      `  "${MIGRATE}", "${RESTART}"]}`,
      'EOF',
      'aws ssm send-command --document-name AWS-RunShellScript --parameters file://send.json',
    );
    expect(found([step])).toEqual(['ship.yml:9']);
  });

  it('are found in a file of the checkout', () => {
    const text = `{"DocumentName":"AWS-RunShellScript",\n"Parameters":{"commands":["${MIGRATE}","${RESTART}"]}}`;
    expect(
      found(['run: aws ssm send-command --cli-input-json file://ops/send.json'], { 'ops/send.json': text }),
    ).toEqual(['ops/send.json:2']);
  });

  it.each([
    ['the body of a request', `curl -sf https://agent.example/run -d '{"command": "${MIGRATE} && ${RESTART}"}'`],
    ['a script in it', `curl -sf https://agent.example/run --json '{"script": "${MIGRATE}\\n${RESTART}"}'`],
    ['the body of wget', `wget --post-data='{"commands": ["${MIGRATE}", "${RESTART}"]}' https://agent.example/run`],
  ])('are found in %s', (_, command) => {
    expect(found([script(command)])).toEqual(['ship.yml:7']);
  });

  it.each([
    ['a message', `curl https://chat.example/hook -d '{"text": "${MIGRATE} && ${RESTART}"}'`],
    ['a name', `aws ssm send-command --parameters '{"workingDirectory":["${MIGRATE}"],"commands":["${RESTART}"]}'`],
    ['what only looks', `aws ssm send-command --parameters '{"commands":["${MIGRATE} --check","${RESTART}"]}'`],
    ['an echo', `aws ssm send-command --parameters '{"commands":["echo ${MIGRATE}","${RESTART}"]}'`],
  ])('are not found in %s', (_, command) => {
    expect(found(['run: kubectl apply -f k8s', script(command)])).toEqual([]);
  });
});

describe('commands that a platform runs', () => {
  it.each([
    `aws ecs run-task --overrides '{"containerOverrides":[{"name":"web","command":["python","manage.py","migrate"]}]}'`,
    `aws ecs run-task --overrides '{"containerOverrides":[{"name":"web","command":["sh","-c","cd /app && ${MIGRATE}"]}]}'`,
    `aws ecs execute-command --cluster c --task t --interactive --command "${MIGRATE}"`,
    `kubectl exec deploy/web -- ${MIGRATE}`,
    `kubectl -n shop exec -i $(kubectl get pod -l app=web -o name) -c web -- sh -c "cd /app && ${MIGRATE}"`,
    `docker -H ssh://app.example exec web ${MIGRATE}`,
    `docker compose exec -T web ${MIGRATE}`,
    `flyctl ssh console -C "${MIGRATE}"`,
    `heroku run -a shop "${MIGRATE}"`,
    `heroku run:detached -a shop -- ${MIGRATE}`,
    `gcloud run jobs update migrate --image x:1 --command python --args manage.py,migrate`,
    `gcloud compute ssh vm --zone z --command "cd /srv && ${MIGRATE}"`,
    `az vm run-command invoke -g shop -n vm --command-id RunShellScript --scripts "cd /srv" "${MIGRATE}"`,
    `az containerapp exec -n web -g shop --command "${MIGRATE}"`,
    `railway run ${MIGRATE}`,
    `doctl compute ssh vm --ssh-command "cd /srv && ${MIGRATE}"`,
    `eb ssh prod -c "${MIGRATE}"`,
    `ansible web -m shell -a "cd /srv && ${MIGRATE}"`,
  ])('are found in a job that deploys: %s', (command) => {
    expect(found(['run: kubectl apply -f k8s', script(command)])).toEqual(['ship.yml:8']);
  });
});

describe('the migrations of other frameworks', () => {
  it.each([
    ['docker compose run --rm api alembic upgrade head', 'alembic upgrade'],
    ['bundle exec rails db:migrate', 'rails db:migrate'],
    ['npx prisma migrate deploy', 'prisma migrate deploy'],
    ['php artisan migrate --force', 'artisan migrate'],
    ['npx knex migrate:latest', 'knex migrate:latest'],
  ])('are found in a deployment, and the fix does not name devsetup: %s', (command, named) => {
    const files = workflow('deploy', [`run: ssh app.example "cd /srv && ${command} && ${RESTART}"`]);
    const rule = AUDIT_RULES.find(({ id }) => id === 'migrate/inline-in-deploy');
    expect(rule?.check(auditOf(files)).map(({ span, message, fix }) => [span.line, message, fix.sentence])).toEqual([
      [
        6,
        `deploy deploys, and migrates on the way: if ${named} fails, half of it is done.`,
        `Migrate in a job of its own, between build and tests and every deployment: \`${named}\`.`,
      ],
    ]);
  });

  it('are no part of the sequence of tenants', () => {
    const files = workflow('deploy', [`run: ssh app.example "alembic upgrade head && ${RESTART}"`]);
    const checkout = { 'manage.py': '', 'requirements.txt': 'django-tenants\n' };
    expect(linesFound(files, 'migrate/sequence', { checkout })).toEqual([]);
  });

  it.each([
    'alembic upgrade head --sql',
    'alembic current',
    'npx prisma generate',
    'php artisan migrate --pretend',
    'bundle exec rails db:migrate:status',
    "echo 'alembic upgrade head'",
  ])('are none where nothing is migrated: %s', (command) => {
    expect(found([`run: ssh app.example "cd /srv && ${command} && ${RESTART}"`])).toEqual([]);
  });
});

describe('what a deploying job runs to its end', () => {
  const APPLY = 'run: kubectl apply -f k8s/web.yaml';
  const jobOf = (command: string, kind = 'Job'): string =>
    `apiVersion: batch/v1\nkind: ${kind}\nmetadata:\n  name: migrate\nspec:\n  template:\n    spec:\n      containers:\n        - name: migrate\n          image: r.example/shop:1\n          command: ${command}\n`;
  const TASK =
    '{"family":"migrate","containerDefinitions":[{"name":"web","command":["python","manage.py","migrate"]}]}';
  const COMPOSE =
    'services:\n  web:\n    image: r.example/shop:1\n    command: gunicorn shop.wsgi\n  migrate:\n    image: r.example/shop:1\n    command: python manage.py migrate\n';

  it.each([
    [
      'a Job of Kubernetes',
      [APPLY, 'run: kubectl apply -f k8s/migrate.yaml'],
      { 'k8s/migrate.yaml': jobOf('["python", "manage.py", "migrate"]') },
    ],
    [
      'a Job of Cloud Run',
      ['run: gcloud run deploy web --image r.example/shop:1', 'run: gcloud run jobs replace ops/migrate.yaml'],
      {
        'ops/migrate.yaml':
          'apiVersion: run.googleapis.com/v1\nkind: Job\nspec:\n  template:\n    spec:\n      template:\n        spec:\n          containers:\n            - image: r.example/shop:1\n              command: ["python", "manage.py", "migrate"]\n',
      },
    ],
    [
      'a task of ECS',
      [
        'run: aws ecs register-task-definition --cli-input-json file://ecs/migrate.json',
        'run: aws ecs run-task --cluster c --task-definition migrate',
        'run: aws ecs update-service --cluster c --service web',
      ],
      { 'ecs/migrate.json': TASK },
    ],
    [
      'a task that an action runs',
      [
        'run: aws ecs update-service --cluster c --service web',
        'uses: aws-actions/amazon-ecs-deploy-task-definition@v2\nwith:\n  task-definition: ecs/migrate.json\n  run-task: true',
      ],
      { 'ecs/migrate.json': TASK },
    ],
    [
      'a service of compose',
      [APPLY, 'run: ssh app.example "cd /srv/shop && docker compose run --rm migrate && docker compose up -d web"'],
      { 'docker-compose.yml': COMPOSE },
    ],
  ])('is found where the checkout says that it migrates: %s', (_, steps, checkout) => {
    expect(found(steps, checkout)).toEqual(['ship.yml:7']);
  });

  it('is found in the line of a manifest that a program has filled in', () => {
    const checkout = { 'k8s/migrate.yaml': jobOf('["python", "manage.py", "migrate"]') };
    const at = checkout['k8s/migrate.yaml'].split('\n').findIndex((line) => line.includes('manage.py')) + 1;
    const steps = [APPLY, "run: sed 's|r.example/shop:1|r.example/shop:2|' k8s/migrate.yaml | kubectl apply -f -"];
    expect(found(steps, checkout)).toEqual([`k8s/migrate.yaml:${at}`]);
  });

  it.each([
    [
      'does something else',
      [APPLY, 'run: kubectl apply -f k8s/migrate.yaml'],
      { 'k8s/migrate.yaml': jobOf('["python", "manage.py", "clearsessions"]') },
    ],
    [
      'only looks',
      [APPLY, 'run: kubectl apply -f k8s/migrate.yaml'],
      { 'k8s/migrate.yaml': jobOf('["python", "manage.py", "migrate", "--check"]') },
    ],
    [
      'keeps running',
      [APPLY, 'run: kubectl apply -f k8s/migrate.yaml'],
      { 'k8s/migrate.yaml': jobOf('["sh", "-c", "python manage.py migrate && gunicorn shop.wsgi"]', 'Deployment') },
    ],
    [
      'is only registered',
      [
        'run: aws ecs register-task-definition --cli-input-json file://ecs/migrate.json',
        'run: aws ecs update-service --cluster c --service web',
      ],
      { 'ecs/migrate.json': TASK },
    ],
    [
      'has a command of its own',
      ['run: ssh app.example "docker compose run --rm migrate date && docker compose up -d web"'],
      { 'docker-compose.yml': COMPOSE },
    ],
    ['is not in the checkout', [APPLY, 'run: kubectl apply -f k8s/migrate.yaml'], {}],
  ])('is not found where it %s', (_, steps, checkout) => {
    expect(found(steps, checkout)).toEqual([]);
  });

  it('is not found in a job that is there to migrate', () => {
    const checkout = { 'k8s/migrate.yaml': jobOf('["python", "manage.py", "migrate"]') };
    const files = workflow('migrate', [
      'run: kubectl apply -f k8s/migrate.yaml',
      'run: kubectl wait --for=condition=complete job/migrate',
    ]);
    expect(linesFound(files, 'migrate/inline-in-deploy', { checkout })).toEqual([]);
  });
});

describe('a script of the checkout that a deployment runs in a roundabout way', () => {
  const hidden = (steps: readonly string[], checkout: Readonly<Record<string, string>>): readonly string[] =>
    linesFound(workflow('deploy', ['run: kubectl apply -f k8s', ...steps]), 'migrate/hidden-in-script', { checkout });
  const SCRIPT = { 'ops/migrate.sh': `docker exec web ${MIGRATE}\necho 'done'\n` };

  it.each([
    [
      'encoded, and decoded on a server',
      script('S=$(base64 -w 0 ops/migrate.sh)', 'ssh app.example "echo $S | base64 -d | bash"'),
    ],
    [
      'read and encoded',
      script(
        'S=$(cat ops/migrate.sh | base64)',
        'ssh app.example "echo $S | base64 --decode > /tmp/m.sh; bash /tmp/m.sh"',
      ),
    ],
    [
      'encoded, in the parameters of SSM',
      script(
        'S=$(base64 -w 0 < ops/migrate.sh)',
        `aws ssm send-command --document-name AWS-RunShellScript --parameters "commands=[\\"echo '$S' | base64 -d > m.sh\\",\\"bash m.sh\\"]"`,
      ),
    ],
  ])('is followed where it is %s', (_, step) => {
    expect(hidden([step], SCRIPT)).toEqual(['ship.yml:9']);
  });

  it.each([
    'npm --workspace api run db:deploy',
    'npm run db:deploy -w api',
    'npm --prefix api run db:deploy',
    'pnpm --filter @acme/api run db:deploy',
    'yarn workspace api db:deploy',
  ])('is found in the package of a workspace: %s', (command) => {
    const checkout = { 'api/package.json': '{"scripts": {"db:deploy": "prisma migrate deploy"}}' };
    expect(hidden([`run: ${command}`], checkout)).toEqual(['ship.yml:7']);
    expect(hidden([`run: ${command.replaceAll('api', 'web')}`], checkout)).toEqual([]);
  });

  it.each([
    [
      'in a recipe of just',
      'run: just release',
      { justfile: 'release:\n    npx prisma migrate deploy\n' },
      ['ship.yml:7'],
    ],
    [
      'in the one package that has the script, where the folder is one of a server',
      'run: ssh app.example "cd /srv/shop && npm run db:deploy"',
      {
        'package.json': '{"scripts": {"build": "turbo build"}}',
        'apps/api/package.json': '{"scripts": {"db:deploy": "prisma migrate deploy"}}',
      },
      ['ship.yml:7'],
    ],
    [
      'in one of two packages that have the script',
      'run: ssh app.example "cd /srv/shop && npm run db:deploy"',
      {
        'apps/api/package.json': '{"scripts": {"db:deploy": "prisma migrate deploy"}}',
        'apps/jobs/package.json': '{"scripts": {"db:deploy": "prisma migrate deploy"}}',
      },
      [],
    ],
  ])('is looked for %s', (_, step, checkout, lines) => {
    expect(hidden([step], checkout as Record<string, string>)).toEqual(lines);
  });

  it('is a script of the checkout that is called by what it does and runs a client of the database', () => {
    const SQL = { 'ops/migrate.sh': 'for f in db/*.sql; do psql -f "$f"; done\n' };
    expect(hidden(['run: ./ops/migrate.sh'], SQL)).toEqual(['ship.yml:7']);
    expect(hidden(['run: ./ops/other.sh'], { 'ops/other.sh': 'psql -f a.sql\n' })).toEqual([]);
    expect(found(['run: ssh app.example "./migrate.sh && ./restart"'])).toEqual(['ship.yml:6']);
  });

  it('is not made up where nothing was encoded', () => {
    expect(hidden([script('ssh app.example "echo $SCRIPT | base64 -d | bash"')], SCRIPT)).toEqual([]);
  });
});

describe('a migration in a job that deploys and tests', () => {
  const steps = (...order: readonly string[]): readonly string[] =>
    order.map(
      (name) =>
        ({
          migrate: 'run: npx prisma migrate deploy',
          deploy: 'run: gcloud run deploy shop',
          test: 'run: npx playwright test',
        })[name] ?? name,
    );

  it('is one of the deployment if the tests try what was deployed', () => {
    expect(found(steps('migrate', 'deploy', 'test'))).toEqual(['ship.yml:6']);
    expect(found(steps('migrate', 'uses: google-github-actions/deploy-cloudrun@v2', 'test'))).toEqual(['ship.yml:6']);
    expect(found([script('npx prisma migrate deploy', 'gcloud run deploy shop', 'npx playwright test')])).toEqual([
      'ship.yml:7',
    ]);
  });

  it('is one of the tests if they come before the deployment', () => {
    expect(found(steps('migrate', 'test', 'deploy'))).toEqual([]);
    expect(found([script('npx prisma migrate deploy', 'npx playwright test'), 'run: gcloud run deploy shop'])).toEqual(
      [],
    );
  });
});
