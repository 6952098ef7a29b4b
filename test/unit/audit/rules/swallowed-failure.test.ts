import { describe, expect, it } from 'vitest';

import { swallowedFailure } from '../../../../src/audit/rules/swallowed-failure.ts';
import { linesFound } from '../../../support/audit-findings.ts';
import { auditOf } from '../../../support/audit.ts';

const job = (run: string, more = ''): string =>
  [
    'on: push',
    'jobs:',
    '  migrate:',
    '    runs-on: ubuntu-24.04',
    '    steps:',
    '      - run: |',
    ...run.split('\n').map((line) => `          ${line}`),
    more,
  ].join('\n');

const findingsOf = (text: string) => swallowedFailure.check(auditOf({ 'a.yml': text }));

/** The script's first line is line 7 of the file. */
const FIRST = 7;

describe('a migration whose failure is hidden', () => {
  it.each([
    ['|| true', 'python manage.py migrate --noinput || true'],
    ['|| :', 'python manage.py migrate || :'],
    ['|| echo', 'python manage.py migrate || echo "no migrations"'],
    ['a group that does not exit', 'python manage.py migrate || { echo failed; }'],
    ['an and-list', 'cd app && python manage.py migrate && python manage.py collectstatic --noinput || true'],
    ['a group around it', '(python manage.py migrate) || true'],
    ['a container', 'docker compose run --rm web python manage.py migrate || true'],
    ['a message to people', 'python manage.py migrate || curl -X POST https://chat.example/hook'],
    ['an if without else', 'if ! python manage.py migrate; then echo "migration failed"; fi'],
    ['a pipe', 'python manage.py migrate | tee migrate.log'],
  ])('%s', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST}`]);
  });

  it.each([
    ['nothing hides it', 'python manage.py migrate --noinput'],
    ['a group that ends the job', 'python manage.py migrate || { echo failed; exit 1; }'],
    ['an if that ends the job', 'if ! python manage.py migrate; then\n  echo failed\n  exit 1\nfi'],
    ['the status is asked', 'set +e\npython manage.py migrate\nstatus=$?\nset -e\nexit $status'],
    ['tries again', 'until python manage.py migrate; do sleep 5; done'],
    ['cleaning up', 'docker rm old || true\npython manage.py migrate'],
    ['a look', 'python manage.py migrate --check || echo "something is pending"'],
    ['a word that is said', 'echo "python manage.py migrate || true"'],
    ['a comment', '# python manage.py migrate || true\npython manage.py migrate'],
  ])('not where %s', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([]);
  });

  it.each([
    ['an ssh command', 'ssh deploy@host "cd /srv; python manage.py migrate; systemctl restart shop"', 0],
    ['an ssh command that ends in words', 'ssh deploy@host "python manage.py migrate; echo done"', 0],
    ['a here-document', "ssh deploy@host <<'EOF'\ncd /srv\npython manage.py migrate\nsystemctl restart shop\nEOF", 2],
    ['a here-document for bash -s', 'ssh host bash -s <<EOF\npython manage.py migrate\necho done\nEOF', 1],
    ['a chain in the middle', 'ssh host <<EOF\ncd /srv && python manage.py migrate\nsystemctl restart shop\nEOF', 1],
    ['a string for a shell', 'sh -c "python manage.py migrate; echo done"', 0],
    ['a container', "docker exec web sh -c 'python manage.py migrate; python manage.py collectstatic'", 0],
    ['a platform', 'heroku run -a shop "python manage.py migrate; echo done"', 0],
    ['a background job', 'python manage.py migrate &\nnpm run build', 0],
    ['a background job that is waited for in general', 'python manage.py migrate &\nnpm run build\nwait', 0],
    ['a chain under -e that is not the last', 'python manage.py migrate && echo done\nsystemctl restart shop', 0],
    ['a group whose status is asked', '( python manage.py migrate; echo done ) || exit 1', 0],
    ['a status that an echo loses', 'ssh host "python manage.py migrate; echo $?; exit"', 0],
    ['words of another command', 'echo "$(python manage.py migrate)"', 0],
  ])('%s: the shell continues after a failure', (_, script, at) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST + at}`]);
  });

  it.each([
    ['it is the last command', 'ssh deploy@host "cd /srv; git pull; python manage.py migrate"'],
    ['the commands are joined', 'ssh deploy@host "cd /srv && python manage.py migrate && systemctl restart shop"'],
    ['set -e is its first line', "ssh host <<'EOF'\nset -euo pipefail\npython manage.py migrate\necho done\nEOF"],
    ['the shell is called with -e', 'ssh host bash -se <<EOF\npython manage.py migrate\necho done\nEOF'],
    ['a bare exit follows', 'ssh host <<EOF\ncd /srv\npython manage.py migrate\nexit\nEOF'],
    ['a trap ends the shell', "ssh host <<'EOF'\ntrap 'echo no; exit 1' ERR\npython manage.py migrate\necho done\nEOF"],
    ['it ends by itself', 'ssh host "python manage.py migrate || exit 1; systemctl restart shop"'],
    ['its status is kept', "ssh host 'python manage.py migrate; rc=$?; systemctl start shop; exit $rc'"],
    ['its success is noted', 'ssh host \'python manage.py migrate && ok=1; systemctl start shop; [ "$ok" = 1 ]\''],
    ['it is the last in a container', "docker exec web sh -c 'cd /srv; python manage.py migrate'"],
    ['the job is waited for', 'python manage.py migrate &\npid=$!\nnpm run build\nwait $pid'],
    ['its status is said to the caller', `code=$(ssh host 'python manage.py migrate; echo $?')\n[ "$code" = 0 ]`],
    ['its success is said to the caller', "ssh host 'python manage.py migrate && echo fine; ls' | grep -q fine"],
    ['it has a line of its own', 'cd app && ls\npython manage.py migrate\nsystemctl restart shop'],
  ])('not where %s, whatever the shell does', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([]);
  });

  const OVERRIDES = `'{"containerOverrides":[{"name":"web","command":["python","manage.py","migrate"]}]}'`;
  const RUN_TASK = `aws ecs run-task --cluster shop --overrides ${OVERRIDES}`;
  const MANIFEST = 'kind: Job\nspec:\n  containers:\n    - command: ["python", "manage.py", "migrate"]';
  const KUBECTL_JOB = 'kubectl create job migrate --image=shop:v1 -- python manage.py migrate';

  it.each([
    ['a task of ECS', `${RUN_TASK}\nsleep 30`, 0],
    ['a task that only its end is waited for', `ARN=$(${RUN_TASK})\naws ecs wait tasks-stopped --tasks $ARN`, 0],
    [
      'a task with a shell',
      `aws ecs run-task --overrides '{"containerOverrides":[{"command":["sh","-c","python manage.py migrate"]}]}'`,
      0,
    ],
    ['a command of SSM', `aws ssm send-command --parameters 'commands=["cd /srv","python manage.py migrate"]'`, 0],
    ['a job of Cloud Run', 'gcloud run jobs execute shop --region=x --args=python,manage.py,migrate', 0],
    ['a job of a cluster', KUBECTL_JOB, 0],
    ['a job whose state is only shown', `${KUBECTL_JOB}\nkubectl get jobs`, 0],
    ['a manifest', `kubectl apply -f - <<EOF\n${MANIFEST}\nEOF\nkubectl rollout status deploy/shop`, 3 + 1],
    ['a pod without a terminal', 'kubectl run migrate --image=shop:v1 --restart=Never -- python manage.py migrate', 0],
    ['a detached dyno', 'heroku run:detached -a shop python manage.py migrate', 0],
    ['a task of Cloud Foundry', 'cf run-task shop --command "python manage.py migrate" --name migrate', 0],
    ['a detached container', 'docker run -d --rm shop:v1 python manage.py migrate', 0],
    ['a detached command of compose', 'docker compose exec -d web python manage.py migrate', 0],
  ])('%s: nothing waits for it', (_, script, at) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST + at}`]);
  });

  it.each([
    [
      'the exit code of the task is asked for',
      `${RUN_TASK}\naws ecs wait tasks-stopped\n[ "$(aws ecs describe-tasks --query 'tasks[0].containers[0].exitCode')" = 0 ]`,
    ],
    ['a script that is not here may wait for the task', `${RUN_TASK} > task.json\n./ops/wait-for-task.sh task.json`],
    [
      'the command of SSM is waited for',
      `aws ssm send-command --parameters 'commands=["python manage.py migrate"]'\naws ssm wait command-executed`,
    ],
    [
      'a function that is asked sends the command and waits for it',
      `try_it() {\n  id=$(aws ssm send-command --parameters 'commands=["python manage.py migrate"]')\n  aws ssm wait command-executed --command-id "$id" || return 1\n}\nif try_it; then echo fine; else exit 1; fi`,
    ],
    [
      'the call that starts it may fail',
      `aws ssm send-command --parameters 'commands=["python manage.py migrate"]' || echo no\naws ssm wait command-executed`,
    ],
    ['the job of Cloud Run is waited for', 'gcloud run jobs execute shop --wait --args=python,manage.py,migrate'],
    ['the job of a cluster is waited for', `${KUBECTL_JOB}\nkubectl wait --for=condition=complete job/migrate`],
    [
      'the state of the job is asked for',
      `${KUBECTL_JOB}\nuntil [ "$(kubectl get job migrate -o name)" ]; do sleep 1; done`,
    ],
    ['the pod is attached', 'kubectl run migrate --rm -i --image=shop:v1 --restart=Never -- python manage.py migrate'],
    ['the task of Cloud Foundry is waited for', 'cf run-task shop --command "python manage.py migrate" --wait'],
    [
      'the tasks of Cloud Foundry are asked for',
      'cf run-task shop --command "python manage.py migrate"\ncf tasks shop | grep SUCCEEDED',
    ],
    ['the dyno is attached', 'heroku run -a shop python manage.py migrate'],
    ['the container runs in the foreground', 'docker run --rm shop:v1 python manage.py migrate'],
    ['the detached container serves', 'docker run -d shop:v1 sh -c "python manage.py migrate && gunicorn shop"'],
    [
      'it runs in a container that was started before',
      'docker run -d --name web shop:v1\ndocker exec web python manage.py migrate',
    ],
  ])('not where %s, nothing else hides it', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([]);
  });

  it.each([
    ['a task', 'aws ecs run-task --cluster shop --task-definition shop-migrate'],
    ['a job of Cloud Run', 'gcloud run jobs execute migrate --region europe-west1'],
    ['a job from a schedule', 'kubectl create job migrate-now --from=cronjob/shop'],
    ['a job in a file that is not here', 'kubectl apply -f k8s/migration-job.yaml'],
    ['a request', 'curl -sS -X POST -H "Authorization: Bearer $TOKEN" https://shop.example/ops/run-migrations/'],
    ['a request with data', 'curl --data "{}" "$BASE/migrate"'],
    [
      'a request for a command',
      `curl -sX POST https://agent.example/run -d '{"command": "python manage.py migrate", "dir": "/srv"}'`,
    ],
  ])('%s that migrates by its name: nothing waits for it', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST}`]);
  });

  it.each([
    ['a task of another kind', 'aws ecs run-task --cluster shop --task-definition shop-report'],
    ['a job that is waited for', 'gcloud run jobs execute migrate --wait'],
    [
      'a job of a cluster that is waited for',
      'kubectl apply -f migrate-job.yaml\nkubectl wait --for=condition=complete job/m',
    ],
    ['a manifest that is no job', 'kubectl apply -f k8s/migration-config.yaml'],
    ['a job that is deleted', 'kubectl delete job migrate'],
    ['a request that fails', 'curl -fsS -X POST https://shop.example/migrate'],
    [
      'a request for a command that fails',
      `curl -fsX POST https://agent.example/run -d '{"command": "python manage.py migrate"}'`,
    ],
    [
      'a request for a command whose answer is read',
      `answer=$(curl -sX POST https://agent.example/run -d '{"command": "python manage.py migrate"}')\n[[ "$answer" == *'"code":0'* ]]`,
    ],
    ['a request whose answer is read', 'curl -X POST https://shop.example/migrate | grep -q done'],
    [
      'a request whose status is read',
      `code=$(curl -X POST -o /dev/null -w '%{http_code}' https://shop.example/migrate)`,
    ],
    [
      'a program that is fetched',
      'curl -L https://github.com/golang-migrate/migrate/releases/download/v4/migrate.tar.gz | tar xz',
    ],
    ['a page that is read', 'curl https://shop.example/migrations'],
    ['words', 'echo "curl -X POST https://shop.example/migrate"'],
  ])('not %s', (_, script) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([]);
  });

  it('the shell of the step, without -e', () => {
    const two = job('python manage.py migrate\nsystemctl restart shop', '        shell: bash -l {0}');
    expect(linesFound({ 'a.yml': two }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST}`]);
    expect(linesFound({ 'a.yml': two.replace('-l', '-el') }, 'migrate/swallowed-failure')).toEqual([]);
    expect(linesFound({ 'a.yml': two.replace('-l', '-Eeuo pipefail') }, 'migrate/swallowed-failure')).toEqual([]);
    const one = job('python manage.py migrate', '        shell: bash {0}');
    expect(linesFound({ 'a.yml': one }, 'migrate/swallowed-failure')).toEqual([]);
  });

  it('reports one shell once, at the first of its migrations', () => {
    const script =
      'ssh host <<EOF\npython manage.py migrate_schemas --shared\npython manage.py migrate_schemas --tenant\nls\nEOF';
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST + 1}`]);
  });

  it('says which shell continues, with what, and why', () => {
    const text = `on: push
jobs:
  migrate:
    runs-on: ubuntu-24.04
    steps:
      - uses: appleboy/ssh-action@v1
        with:
          host: app.example
          script_stop: true
          script: |
            python manage.py migrate
            systemctl restart shop
`;
    const [found] = findingsOf(text);
    expect(found?.message).toBe(
      'If migrate fails, migrate continues as if it had not: `script_stop` has no effect since v1.2.1 of appleboy/ssh-action.',
    );
    expect(found?.evidence).toMatchObject([
      { text: 'This is run although it has failed', span: { line: 12 } },
      { text: 'This shell continues after a failure', span: { line: 6 } },
    ]);
    expect(found?.span.line).toBe(11);
    expect(findingsOf(text.replace('@v1', '@v1.0.3'))).toEqual([]);
    expect(findingsOf(text.replace('            systemctl restart shop\n', ''))).toEqual([]);
  });

  it('finds what hides a failure inside of a command that is waited for', () => {
    const script = `aws ssm send-command --parameters 'commands=["python manage.py migrate","ls"]'\naws ssm wait command-executed`;
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST}`]);
  });

  it('names the shell that continues, not one inside that stops', () => {
    const text = job('ssh host "bash -ec \'cd /srv; python manage.py migrate\'; ls"');
    expect(findingsOf(text).map(({ message }) => message)).toEqual([
      'If migrate fails, migrate continues as if it had not: the shell on the server continues after a failure, as it has no `set -e`.',
    ]);
  });

  it('names the line of the command in a here-document for a server', () => {
    const script = "ssh deploy@host <<'EOF'\ncd /srv/app\npython manage.py migrate || true\nEOF";
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual([`a.yml:${FIRST + 2}`]);
  });

  it('continue-on-error of the step, and of the job', () => {
    expect(
      linesFound(
        { 'a.yml': job('python manage.py migrate', '        continue-on-error: true') },
        'migrate/swallowed-failure',
      ),
    ).toEqual([`a.yml:${FIRST + 1}`]);
    const ofJob = job('python manage.py migrate').replace('    steps:', '    continue-on-error: true\n    steps:');
    expect(linesFound({ 'a.yml': ofJob }, 'migrate/swallowed-failure')).toEqual(['a.yml:5']);
  });

  it('is a warning for the set-up of tenants', () => {
    const found = linesFound(
      { 'a.yml': job('python manage.py create_super_tenant || true') },
      'migrate/swallowed-failure',
      {
        withSeverity: true,
      },
    );
    expect(found).toEqual([`a.yml:${FIRST} warning`]);
  });

  it('does not matter on a database of the job itself', () => {
    const test = job('python manage.py migrate || true\npytest').replace('  migrate:', '  test:');
    expect(linesFound({ 'a.yml': test }, 'migrate/swallowed-failure')).toEqual([]);
  });
});

describe('brackets that end with a failure', () => {
  it.each([
    [
      'end only themselves where the shell continues',
      'ssh host <<EOF\npython manage.py migrate || (echo no; exit 1)\necho done\nEOF',
      [1],
    ],
    ['end the shell where it stops', 'set -e\npython manage.py migrate || (echo no; exit 1)\necho done', []],
    ['are the last command', 'ssh host "python manage.py migrate || (echo no && exit 1)"', []],
    ['leave a second alternative', '(python manage.py migrate) || (echo no; exit 1) || true', [0]],
  ])('%s', (_, script, at) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual(
      at.map((line) => `a.yml:${FIRST + line}`),
    );
  });
});

describe('a step with continue-on-error whose outcome is asked', () => {
  const found = (condition: string, then: string, id = 'db', head = ''): readonly string[] =>
    linesFound(
      {
        'a.yml': `on: push
jobs:
  migrate:
    runs-on: ubuntu-24.04
${head}    steps:
      - id: ${id}
        run: python manage.py migrate
        continue-on-error: true
      - if: ${condition}
        ${then}
`,
      },
      'migrate/swallowed-failure',
    );
  const HIDDEN = ['a.yml:8'];

  it.each([
    ['a step that fails', "steps.db.outcome == 'failure'", 'run: exit 1'],
    ['a step that reports and fails', "${{ steps.db.outcome != 'success' }}", 'run: echo no && exit 1'],
    ['what is done after a success', "steps.db.outcome == 'success'", 'run: ssh host systemctl restart shop'],
    ['a test', 'true', 'run: test "${{ steps.db.outcome }}" = success'],
    ['an action', "steps.DB.outcome == 'failure'", 'uses: actions/github-script@v8'],
  ])('is not hidden: %s', (_, condition, then) => {
    expect(found(condition, then)).toEqual([]);
  });

  it('is not hidden where a job hands the outcome on', () => {
    expect(found('true', 'run: "true"', 'db', '    outputs: { how: "${{ steps.db.outcome }}" }\n')).toEqual([]);
  });

  it.each([
    ['a message', "steps.db.outcome == 'failure'", 'run: echo "exit 1"'],
    ['a message elsewhere', "steps.db.outcome == 'failure'", 'uses: slackapi/slack-github-action@v2'],
    ['the conclusion, which is always a success', "steps.db.conclusion == 'failure'", 'run: exit 1'],
    ['another step', "steps.other.outcome == 'failure'", 'run: exit 1'],
  ])('is hidden by %s', (_, condition, then) => {
    expect(found(condition, then)).toEqual(HIDDEN);
  });
});

describe('a task whose end is only shown', () => {
  const RUN =
    'aws ecs run-task --task-definition web --overrides \'{"containerOverrides":[{"name":"web","command":["python","manage.py","migrate"]}]}\'';

  it.each([
    ['hides a failure', `${RUN}\naws ecs wait tasks-stopped --tasks x\naws ecs describe-tasks --tasks x`, [FIRST]],
    ['is asked for', `${RUN}\ncode=$(aws ecs describe-tasks --tasks x)\n[ "$code" = 0 ]`, []],
    ['is a job of Azure', 'az containerapp job start --name shop-migrate --resource-group shop', [FIRST]],
    ['is another job of Azure', 'az containerapp job start --name shop-report --resource-group shop', []],
    [
      'is a job of Azure that is asked for',
      'run=$(az containerapp job start -n migrate -g shop --query name)\ntest "$(az containerapp job execution show -n migrate -g shop --job-execution-name "$run")" = Succeeded',
      [],
    ],
  ])('%s', (_, script, lines) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual(
      lines.map((line) => `a.yml:${line}`),
    );
  });
});

describe('what is noted of a failure', () => {
  it.each([
    [
      'a loop that continues and ends with it',
      'for name in a b; do\n  python manage.py migrate --database $name || { failed=1; continue; }\ndone\nexit ${failed:-0}',
      [],
    ],
    [
      'a loop that continues and forgets it',
      'for name in a b; do\n  python manage.py migrate --database $name || { failed=1; continue; }\ndone\necho "$failed"',
      [FIRST + 1],
    ],
    ['an output of the step', 'set +e\npython manage.py migrate\necho "code=$?" >> "$GITHUB_OUTPUT"', []],
    [
      'a message',
      'set +e\npython manage.py migrate\necho "code=$?" >> migrate.log\nsystemctl restart shop',
      [FIRST + 1],
    ],
  ])('counts where something asks for it: %s', (_, script, lines) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual(
      lines.map((line) => `a.yml:${line}`),
    );
  });
});

describe('a connection in the background', () => {
  it.each([
    ['-f', 'ssh -f host "python manage.py migrate"', [FIRST]],
    ['-nfT behind other options', 'ssh -i key.pem -nfT host "python manage.py migrate"', [FIRST]],
    ['a file of that name', 'ssh -F file -i f host "python manage.py migrate"', []],
    ['an option of what is run there', 'ssh host "rm -f lock && python manage.py migrate"', []],
  ])('is not waited for: %s', (_, script, lines) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure')).toEqual(
      lines.map((line) => `a.yml:${line}`),
    );
  });
});

describe('continue-on-error of a matrix', () => {
  it('hides a failure only where it is true in every leg', () => {
    const text = (values: string): string =>
      job('python manage.py migrate').replace(
        '    steps:',
        `    strategy: { matrix: { extra: ${values} } }\n    continue-on-error: \${{ matrix.extra }}\n    steps:`,
      );
    expect(linesFound({ 'a.yml': text('[false, true]') }, 'migrate/swallowed-failure')).toEqual([]);
    expect(linesFound({ 'a.yml': text('[true]') }, 'migrate/swallowed-failure')).toEqual(['a.yml:6']);
  });
});

describe('a job of a cluster that is waited for', () => {
  const create = 'kubectl create job migrate-1 --from=cronjob/migrate';
  it.each([
    ['and asked', 'kubectl wait --for=condition=complete job/migrate-1', []],
    ['and not asked', 'kubectl wait --for=condition=complete job/migrate-1 || true', [FIRST]],
    ['and only shown', 'kubectl wait --for=condition=complete job/migrate-1 || kubectl logs job/migrate-1', [FIRST]],
    [
      'and fails',
      'if ! kubectl wait --for=condition=complete job/migrate-1; then kubectl logs job/migrate-1; exit 1; fi',
      [],
    ],
    ['in a loop', 'until kubectl get job migrate-1 -o json | jq -e .status.succeeded; do sleep 2; done', []],
  ])('%s', (_, script, lines) => {
    expect(linesFound({ 'a.yml': job(`${create}\n${script}`) }, 'migrate/swallowed-failure')).toEqual(
      lines.map((line) => `a.yml:${line}`),
    );
  });
});

describe('a migration in a script whose failure another file hides', () => {
  const checkout = { 'ops/up.sh': '#!/bin/sh\nset -e\npython manage.py migrate\n', 'ops/down.sh': 'echo down\n' };

  it.each([
    ['the call in the workflow', './ops/up.sh || true', [`a.yml:${FIRST}`]],
    ['the command on a server', 'ssh app.example "./ops/up.sh; ./ops/down.sh"', [`a.yml:${FIRST}`]],
    ['nothing that asks for it', './ops/up.sh', []],
  ])('is reported at %s', (_, script, lines) => {
    expect(linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure', { checkout })).toEqual(lines);
  });

  it('is reported in the script that hides it', () => {
    const script = 'set -e\npython manage.py migrate || true\n';
    expect(
      linesFound({ 'a.yml': job('./up.sh') }, 'migrate/swallowed-failure', { checkout: { 'up.sh': script } }),
    ).toEqual(['up.sh:2']);
  });

  it('has the migration as evidence', () => {
    const [finding] = swallowedFailure.check(auditOf({ 'a.yml': job('./ops/up.sh || true') }, checkout));
    expect(finding?.evidence?.map(({ text, span }) => [text, span?.file, span?.line])).toEqual([
      ['migrate is run here', 'ops/up.sh', 3],
      ['This hides the failure', '.github/workflows/a.yml', FIRST],
    ]);
  });
});

describe('a script whose name says that it migrates', () => {
  const SQL = '#!/bin/bash\nset -euo pipefail\nfor f in db/*.sql; do\n  psql "$URL" -v ON_ERROR_STOP=1 -f "$f"\ndone\n';
  const at = (script: string, checkout: Readonly<Record<string, string>> = {}): readonly string[] =>
    linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure', { checkout });

  it.each([
    ['on a server', 'ssh app.example "cd /srv/shop && ./migrate.sh || true"'],
    ['that a shell of the server reads', 'ssh app.example "bash ops/run_migrations.sh; ./restart"'],
    ['in a container', 'docker exec web ./scripts/db-migrate.sh | tee log'],
  ])('is a migration: %s', (_, script) => {
    expect(at(script)).toEqual([`a.yml:${FIRST}`]);
  });

  it.each([
    ['run-migrations.sh', './ops/run-migrations.sh --env prod 2>&1 | tee log'],
    ['apply-migrations.sh', 'bash ops/apply-migrations.sh || true'],
    ['migrate.sh', 'sh -e ops/migrate.sh up || echo failed'],
  ])('is a migration if it runs a client of the database: %s', (name, script) => {
    expect(at(script, { [`ops/${name}`]: SQL })).toEqual([`a.yml:${FIRST}`]);
    expect(at(script, { [`ops/${name}`]: 'aws s3 sync old new\n' })).toEqual([]);
  });

  it.each([
    ['what it would do is only said', './migrate.sh --dry-run || true'],
    ['it takes back', './migrate.sh down || true'],
    ['it writes migrations', './make-migrations.sh || true'],
    ['it checks them', './check-migrations.sh || true'],
    ['it is made ready', 'chmod +x migrate.sh || true'],
    ['its failure counts', 'ssh app.example "set -e; ./migrate.sh; ./restart"'],
  ])('is none, or hides nothing, where %s', (_, script) => {
    expect(at(script)).toEqual([]);
  });

  it('is one migration with the command that it holds', () => {
    expect(at('./migrate.sh || true', { 'migrate.sh': 'npx prisma migrate deploy\n' })).toEqual([`a.yml:${FIRST}`]);
  });
});

describe('a status that nothing can ask for', () => {
  const at = (script: string, checkout: Readonly<Record<string, string>> = {}): readonly string[] =>
    linesFound({ 'a.yml': job(script) }, 'migrate/swallowed-failure', { checkout });

  it.each([
    ['a trap on EXIT', "trap 'rm -f key; exit 0' EXIT\npython manage.py migrate", 1],
    [
      'a trap with a function',
      'cleanup() { rm -f key; exit 0; }\ntrap cleanup EXIT\npython manage.py migrate\n./go',
      2,
    ],
    ['a trap by its number', 'trap "exit 0" 0\npython manage.py migrate || exit 1', 1],
    ['a trap on a server', "ssh app.example <<'EOF'\nset -e\ntrap 'exit 0' EXIT\npython manage.py migrate\nEOF", 3],
    ['screen', 'ssh app.example "set -e; screen -dmS up python manage.py migrate"', 0],
    ['screen with a command for a shell', "screen -d -m bash -c 'python manage.py migrate'", 0],
    ['tmux', 'ssh app.example "set -e; tmux new-session -d -s up \'python manage.py migrate\'"', 0],
    ['keys for tmux', "tmux send-keys -t up 'python manage.py migrate' C-m", 0],
  ])('is that of %s', (_, script, line) => {
    expect(at(script)).toEqual([`a.yml:${FIRST + line}`]);
  });

  it.each([
    ['a trap that cleans up', "trap 'rm -f key' EXIT\npython manage.py migrate\n./go"],
    ['a trap that keeps the status', "trap 'rc=$?; rm -f key; exit $rc' EXIT\npython manage.py migrate"],
    ['a trap that asks', "trap 'if [ $? -ne 0 ]; then exit 1; fi; exit 0' EXIT\npython manage.py migrate"],
    ['a trap on a signal', "trap 'exit 0' TERM\npython manage.py migrate"],
    ['a trap that is taken back', "trap 'exit 0' EXIT\ntrap - EXIT\npython manage.py migrate"],
    ['a trap in one of two ways', 'if [ -n "$A" ]; then trap \'exit 0\' EXIT; fi\npython manage.py migrate'],
    ['screen that waits', "screen -D -m bash -c 'python manage.py migrate'"],
    ['keys that are not entered', "tmux send-keys -t up 'python manage.py migrate'"],
  ])('is not that of %s', (_, script) => {
    expect(at(script)).toEqual([]);
  });

  it.each([
    ['os.system', 'os.system("python manage.py migrate")', ['up.py:3']],
    ['os.system behind another statement', 'x = 1; os.system("python manage.py migrate")', ['up.py:3']],
    ['subprocess.run', 'subprocess.run(["python", "manage.py", "migrate"])', ['up.py:3']],
    ['subprocess.run with a text', 'subprocess.run("python manage.py migrate", shell=True, cwd=root)', ['up.py:3']],
    ['subprocess.call', 'subprocess.call(["alembic", "upgrade", "head"])', ['up.py:3']],
    ['check=True', 'subprocess.run(["python", "manage.py", "migrate"], check=True)', []],
    ['options that are not known', 'subprocess.run(["python", "manage.py", "migrate"], **options)', []],
    ['check_call', 'subprocess.check_call(["python", "manage.py", "migrate"])', []],
    ['check_returncode', 'subprocess.run(["python", "manage.py", "migrate"]).check_returncode()', []],
    ['a result that is kept', 'done = subprocess.run(["python", "manage.py", "migrate"])', []],
    ['a status that is handed on', 'sys.exit(os.system("python manage.py migrate"))', []],
    ['a condition', 'if os.system("python manage.py migrate"): sys.exit(1)', []],
    ['a function of the script', 'run(["python", "manage.py", "migrate"])', []],
  ])('is asked for, or not, by Python: %s', (_, statement, lines) => {
    expect(at('python up.py', { 'up.py': `import os, subprocess, sys\n\n${statement}\n` })).toEqual(lines);
  });
});

describe('a called workflow that registers a task of ECS and runs it', () => {
  const caller = (role: string): string =>
    `on: push\njobs:\n  migration:\n    uses: ./.github/workflows/task.yml\n    with:\n      role: ${role}\n`;
  const called = (more: string, service = ''): string =>
    [
      'on:\n  workflow_call:\n    inputs:\n      role:\n        type: string\n        required: true',
      'jobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - uses: actions/checkout@v5',
      '      - id: task',
      '        uses: aws-actions/amazon-ecs-deploy-task-definition@v2',
      `        with:\n          task-definition: ecs/\${{ inputs.role }}.json\n          cluster: shop${service}`,
      `      - run: |\n          aws ecs run-task --cluster shop --task-definition \${{ steps.task.outputs.task-definition-arn }}${more}`,
      '',
    ].join('\n');
  const TASK = '{"containerDefinitions":[{"name":"shop","command":["npx","prisma","migrate","deploy"]}]}';
  const SERVER = '{"containerDefinitions":[{"name":"shop","command":["node","server.js"]}]}';
  const checkout = { 'ecs/up.json': TASK, 'ecs/serve.json': SERVER };
  const found = (role: string, more = '', service = ''): readonly string[] => {
    const files = { 'a.yml': caller(role), 'task.yml': called(more, service) };
    return (['migrate/swallowed-failure', 'migrate/inline-in-deploy', 'migrate/on-container-start'] as const).flatMap(
      (rule) => linesFound(files, rule, { checkout }).map((line) => `${rule} ${line}`),
    );
  };

  it('migrates, deploys nothing, and hides a failure unless it asks how the task has ended', () => {
    expect(found('up')).toEqual(['migrate/swallowed-failure task.yml:18']);
    expect(found('up', '\n          [ "$(aws ecs describe-tasks --tasks x)" = 0 ]')).toEqual([]);
    expect(found('serve')).toEqual([]);
  });

  it('deploys where it gives the task definition to a service', () => {
    expect(found('up', '', '\n          service: shop')).toEqual([
      'migrate/swallowed-failure task.yml:19',
      'migrate/inline-in-deploy task.yml:19',
      'migrate/on-container-start ecs/up.json:1',
    ]);
  });
});
