import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const DEPLOY = 'ssh ops@shop.example "sudo systemctl restart gunicorn"';

/** The deployment is at line 3. */
const found = (
  steps: readonly string[],
  checkout: Readonly<Record<string, string>> = {},
  behind: readonly string[] = [],
): readonly string[] => {
  const list = (all: readonly string[]): string => all.map((step) => `      - ${step}\n`).join('');
  const job = (name: string, needs: string, all: readonly string[]): string =>
    `  ${name}:\n${needs}    runs-on: ubuntu-24.04\n    steps:\n${list(all)}`;
  const later = behind.length === 0 ? '' : job('tell', '    needs: deploy\n', behind);
  return linesFound(
    { 'deploy.yml': `on: push\njobs:\n${job('deploy', '', [...steps, `run: ${DEPLOY}`])}${later}` },
    'migrate/missing-job',
    { checkout: { 'manage.py': '', ...checkout } },
  );
};

const FOUND = ['deploy.yml:3'];

describe('a request next to a deployment', () => {
  it.each([
    ['a page that is read, its text thrown away', 'curl -fsS https://${{ vars.HOST }}/login > /dev/null'],
    ['the status of a page', 'curl -s -o /dev/null -w "%{http_code}" ${{ vars.ADDRESS }}'],
    ['a file that is downloaded', 'curl -fsSL https://get.example.com/cli.sh -o cli.sh'],
    ['a file of a version', 'curl -fsSL https://git.example.com/acme/cli/releases/download/v2/cli-$(uname -m) -o cli'],
    ['a look at the head', 'wget --spider https://${{ vars.HOST }}/'],
  ])('does not hide a migration: %s', (_, command) => {
    expect(found([`run: ${command}`])).toEqual(FOUND);
  });

  it.each([
    ['an address that is a secret', 'curl -fsS ${{ secrets.AFTER_SHIPPING }}'],
    ['something is sent to the own host', 'curl -X POST https://${{ vars.HOST }}/internal/run'],
    ['an address that is named for it', 'curl -fsS https://api.example.com/deploy/123?key=1 > /dev/null'],
  ])('may hide one: %s', (_, command) => {
    expect(found([`run: ${command}`])).toEqual([]);
  });

  it('does not hide one behind the deployment', () => {
    expect(found([], {}, ['run: curl -X POST ${{ secrets.AFTER_SHIPPING }}'])).toEqual(FOUND);
    expect(found([], {}, ['run: ./ops/after.sh'])).toEqual([]);
  });
});

describe('a push next to a deployment', () => {
  it.each([
    ['a tag of the repository itself', ['run: git tag v1 && git push origin v1'], FOUND],
    ['its version', ['run: sed -i s/1/2/ version.py && git commit -am next && git push'], FOUND],
    ['the remote of a platform', ['run: git push dokku main'], []],
    ['a manifest that is watched', ['run: sed -i s/1/2/ k8s/web.yaml && git commit -am next && git push'], []],
    ['another repository', ['run: git clone https://git.example.com/ops && cd ops && git push'], []],
  ])('is seen for what it is: %s', (_, steps, lines) => {
    expect(found(steps as string[])).toEqual(lines);
  });
});

describe('a target of make next to a deployment', () => {
  it('is followed where the Makefile is in the checkout', () => {
    const Makefile = 'assets:\n\tpython -m compileall .\n\nupgrade:\n\tpython manage.py migrate\n';
    expect(found(['run: make assets'], { Makefile })).toEqual(FOUND);
    expect(found(['run: make upgrade'], { Makefile })).toEqual([]);
    expect(found(['run: make other'], { Makefile })).toEqual([]);
    expect(found(['run: make assets'])).toEqual([]);
  });
});

describe('a recipe of just next to a deployment', () => {
  it('is followed where the Justfile is in the checkout', () => {
    const justfile = 'assets:\n    python -m compileall .\n\nupgrade: assets\n    python manage.py migrate\n';
    expect(found(['run: just assets'], { justfile })).toEqual(FOUND);
    expect(found(['run: just upgrade'], { justfile })).toEqual([]);
    expect(found(['run: just other'], { justfile })).toEqual([]);
    expect(found(['run: just assets'])).toEqual([]);
  });
});

describe('what starts on the server', () => {
  it.each([
    [
      'a start script of the checkout migrates',
      { 'ops/start.sh': 'python manage.py migrate\nexec gunicorn shop.wsgi\n' },
      [],
    ],
    ['a start script of the checkout serves', { 'ops/start.sh': 'exec gunicorn shop.wsgi\n' }, FOUND],
    ['a unit migrates first', { 'ops/gunicorn.service': '[Service]\nExecStartPre=/srv/manage.py migrate\n' }, []],
    ['a unit serves', { 'ops/gunicorn.service': '[Service]\n# ExecStartPre=migrate\nExecStart=gunicorn\n' }, FOUND],
    ['a task of Terraform migrates', { 'infra/task.tf': 'command = ["python", "manage.py", "migrate"]\n' }, []],
    ['a release phase', { Procfile: 'release: python manage.py migrate\nweb: gunicorn shop.wsgi\n' }, []],
    ['an image that migrates', { Dockerfile: 'FROM python\nCMD python manage.py migrate && gunicorn shop.wsgi\n' }, []],
    ['an image whose entry point is not here', { Dockerfile: 'FROM python\nENTRYPOINT ["/start.sh"]\n' }, []],
    ['an image that serves', { Dockerfile: 'FROM python\nCMD ["gunicorn", "shop.wsgi"]\n' }, FOUND],
    ['an image for development', { 'Dockerfile.dev': 'FROM python\nCMD python manage.py migrate && sleep 1\n' }, FOUND],
  ])('decides: %s', (_, checkout, lines) => {
    expect(found([], checkout as Record<string, string>)).toEqual(lines);
  });
});

describe('a backend in a folder of a larger checkout', () => {
  const look = (run: string, checkout: Readonly<Record<string, string>>): readonly string[] =>
    linesFound(
      { 'release.yml': `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${run}\n` },
      'migrate/missing-job',
      { checkout },
    );
  const CHECKOUT = { 'server/manage.py': '', 'site/index.html': '' };
  const RESTART = 'ssh ops@shop.example sudo systemctl restart shop';

  it.each([
    ['its files are copied', `rsync -az server/ ops@shop.example:/srv/shop/ && ${RESTART}`],
    [
      'the server stands in it',
      `ssh ops@shop.example "cd /srv/shop/server && git pull && sudo systemctl restart shop"`,
    ],
    [
      'its image is built',
      'docker build -t acme/shop:1 --push server && kubectl set image deployment/shop shop=acme/shop:1',
    ],
  ])('is known by what is deployed: %s', (_, run) => {
    expect(look(run, { ...CHECKOUT, 'server/Dockerfile': 'FROM python\nCMD ["gunicorn", "shop.wsgi"]\n' })).toEqual([
      'release.yml:3',
    ]);
  });

  it.each([
    ['another folder is copied', `rsync -az site/ ops@shop.example:/srv/site/ && ${RESTART}`, CHECKOUT],
    [
      'it is the project of a test',
      `rsync -az tests/ ops@shop.example:/srv/t/ && ${RESTART}`,
      { 'tests/manage.py': '' },
    ],
  ])('is not taken for what is deployed next to it: %s', (_, run, checkout) => {
    expect(look(run, checkout as Record<string, string>)).toEqual([]);
  });
});

describe('a workflow that does nothing but migrate', () => {
  const deploy = `on: push\njobs:\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${DEPLOY}\n`;
  const migrate = (trigger: string): string =>
    `on: ${trigger}\njobs:\n  migrate:\n    runs-on: ubuntu-24.04\n    environment: production\n    steps:\n      - run: python manage.py migrate\n`;

  it('may be started in time, if it is not only there to be called', () => {
    const look = (trigger: string): readonly string[] =>
      linesFound({ 'deploy.yml': deploy, 'migrate.yml': migrate(trigger) }, 'migrate/missing-job', {
        checkout: { 'manage.py': '' },
      });
    expect(look('workflow_dispatch')).toEqual([]);
    expect(look('workflow_call')).toEqual(FOUND);
  });
});

describe('a chart', () => {
  const upgrade = (chart: string): readonly string[] => [`run: helm upgrade --install shop ${chart} --set image.tag=1`];
  const CHART = { 'deploy/shop/Chart.yaml': 'name: shop\n', 'deploy/shop/values.yaml': 'replicas: 2\n' };

  it.each([
    ['that is not in the checkout', 'oci://registry.example/charts/shop', {}, []],
    ['of a repository', 'acme/shop', CHART, []],
    ['of the checkout', './deploy/shop', CHART, FOUND],
    [
      'with a hook',
      './deploy/shop/',
      { ...CHART, 'deploy/shop/templates/hook.yaml': 'command: [python, manage.py, migrate]\n' },
      [],
    ],
    ['with values that name it', './deploy/shop', { ...CHART, 'deploy/shop/values.yaml': 'migrations: true\n' }, []],
  ])('%s', (_, chart, checkout, lines) => {
    expect(found(upgrade(chart), checkout)).toEqual(lines);
  });
});

describe('manifests that nothing seems to apply', () => {
  it('may be applied', () => {
    const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: { name: migrate }\n';
    expect(found(['run: ./bin/apply-all'], { 'infra/base/job.yaml': job, 'bin/apply-all': 'true\n' })).toEqual([]);
    expect(found([], { 'infra/base/job.yaml': job })).toEqual([]);
    expect(found([], { 'infra/base/job.yaml': '# no migrate here\nkind: Job\n' })).toEqual(FOUND);
  });
});

describe('a command that is not known', () => {
  it.each([
    ['a script of Python that the matrix names', 'ssh ops@shop.example "python ${{ matrix.command }}"', []],
    ['a management command that an input names', 'ssh ops@shop.example "./manage.py ${{ inputs.command }}"', []],
    ['a task', 'ssh ops@shop.example "poetry run poe after-release"', []],
    ['a program that is named for it', 'ssh ops@shop.example "sudo shop-upgrade"', []],
    ['a script of the project', 'ssh ops@shop.example "pdm run upgrade"', []],
    ['a program of the system', 'sudo update-ca-certificates', FOUND],
    ['a known management command', 'ssh ops@shop.example "python manage.py collectstatic"', FOUND],
  ])('may migrate if its name does not say otherwise: %s', (_, command, lines) => {
    expect(found([`run: ${command}`])).toEqual(lines);
  });
});

describe('an image whose command is that of another one', () => {
  const built = (from: string): readonly string[] =>
    found(['run: docker build -t shop:${{ github.sha }} . && docker push shop:${{ github.sha }}'], {
      Dockerfile: `FROM ${from}\nCOPY . .\n`,
    });

  it('may migrate where that one is not in the checkout', () => {
    expect(built('registry.acme.example/python-base:3')).toEqual([]);
    expect(built('python:3.13-slim')).toEqual(FOUND);
    expect(built('registry.acme.example/python-base:3\nCMD ["gunicorn", "shop.wsgi"]')).toEqual(FOUND);
  });
});

describe('a management command of the project', () => {
  const release = 'shop/management/commands/release.py';
  const run = (name: string): readonly string[] => [`run: ssh ops@shop.example "python manage.py ${name}"`];

  it.each([
    ['that migrates', run('release'), { [release]: 'call_command("migrate")\n' }, []],
    ['that does not', run('release'), { [release]: '# no migrate\ncall_command("check")\n' }, FOUND],
    ['that is not here and named for it', run('setup_production'), {}, []],
    ['that is not here', run('update_index'), {}, FOUND],
  ])('%s', (_, steps, checkout, lines) => {
    expect(found(steps, checkout)).toEqual(lines);
  });
});

describe('an application that migrates when it is imported', () => {
  it.each([
    ['apps.py', { 'shop/apps.py': 'def ready(self):\n    call_command("migrate")\n' }, []],
    ['manage.py', { 'manage.py': 'execute_from_command_line(["manage.py", "migrate"])\n' }, []],
    ['a comment', { 'shop/wsgi.py': '# call_command("migrate")\n' }, FOUND],
    ['a test', { 'shop/test_apps.py': 'call_command("migrate")\n' }, FOUND],
  ])('%s', (_, checkout, lines) => {
    expect(found([], checkout)).toEqual(lines);
  });
});

describe('Zappa', () => {
  it('runs management commands', () => {
    const steps = ['run: zappa update production', 'run: zappa manage production "migrate --noinput"'];
    const files = {
      'deploy.yml': `on: push\njobs:\n  deploy:\n    runs-on: x\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`,
    };
    expect(linesFound(files, 'migrate/inline-in-deploy', { checkout: { 'manage.py': '' } })).toEqual(['deploy.yml:7']);
    expect(linesFound(files, 'migrate/missing-job', { checkout: { 'manage.py': '' } })).toEqual([]);
  });
});

describe('a push to Heroku', () => {
  const ACTION = 'uses: akhileshns/heroku-deploy@v3.14.15';
  const WEB = 'web: gunicorn shop.wsgi\n';
  const inFolder = `{ ${ACTION}, with: { heroku_app_name: shop, appdir: "./server/" } }`;

  it.each([
    ['an action', [ACTION], { Procfile: WEB }],
    ['an action for a folder', [inFolder], { 'server/Procfile': WEB, 'server/manage.py': '' }],
    ['a remote', ['run: git push heroku HEAD:main'], { Procfile: `${WEB}worker: celery -A shop worker\n` }],
    ['an address', ['run: git push "https://x:${{ secrets.KEY }}@git.heroku.com/shop.git" main'], { Procfile: WEB }],
    ['an action, with a comment on a release phase', [ACTION], { Procfile: `# release: manage.py migrate\n${WEB}` }],
  ])('hides no migration where a Procfile says what is run and has no release phase: %s', (_, steps, checkout) => {
    expect(found(steps as string[], checkout as Record<string, string>)).toEqual(FOUND);
  });

  it.each([
    ['a release phase', [ACTION], { Procfile: `${WEB}release: ./ops/release.sh\n` }],
    ['a process that migrates', [ACTION], { Procfile: 'web: python manage.py migrate && gunicorn shop.wsgi\n' }],
    ['a hook of the build', [ACTION], { Procfile: WEB, 'bin/post_compile': 'python manage.py migrate\n' }],
    ['a hook of the app', [ACTION], { Procfile: WEB, 'app.json': '{"scripts": {"postdeploy": "manage.py migrate"}}' }],
    ['an image', [`{ ${ACTION}, with: { usedocker: true } }`], { Procfile: WEB }],
    ['a Procfile of the workflow', [`{ ${ACTION}, with: { procfile: "web: ./start" } }`], { Procfile: WEB }],
    ['another folder', [inFolder], { Procfile: WEB }],
    ['no Procfile', [ACTION], {}],
    ['a command of Heroku', ['run: heroku run ./ops/after.sh', ACTION], { Procfile: WEB }],
  ])('may hide one: %s', (_, steps, checkout) => {
    expect(found(steps as string[], checkout as Record<string, string>)).toEqual([]);
  });
});

describe('a job beside a deployment that starts what is not here', () => {
  /** The deployment is at line 7. */
  const lint = (runsOn: string, step: string, key = '${{ secrets.SSH_KEY }}'): readonly string[] =>
    linesFound(
      {
        'deploy.yml': `on: push\njobs:\n  lint:\n    runs-on: ${runsOn}\n    steps:\n      - ${step}\n  deploy:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ${DEPLOY}\n        env: { KEY: "${key}" }\n`,
      },
      'migrate/missing-job',
      { checkout: { 'manage.py': '' } },
    );

  it.each([
    ['reaches no database without a secret', 'ubuntu-24.04', 'run: ./ops/lint.sh', ['deploy.yml:7']],
    ['may reach one with a secret', 'ubuntu-24.04', 'run: ./ops/lint.sh ${{ secrets.KEY }}', []],
    ['may reach one with a token of its own', 'ubuntu-24.04', 'run: ./ops/lint.sh ${{ github.token }}', []],
    ['may reach one with all secrets', 'ubuntu-24.04', 'run: ./ops/lint.sh "${{ toJSON(secrets) }}"', []],
    ['may reach one from a runner of its own', 'self-hosted', 'run: ./ops/lint.sh', []],
  ])('%s', (_, runsOn, step, lines) => {
    expect(lint(runsOn, step)).toEqual(lines);
  });

  it('may reach one where the deployment itself needs no secret', () => {
    expect(lint('ubuntu-24.04', 'run: ./ops/lint.sh', 'none')).toEqual([]);
  });
});

describe('a service that is replaced after static files went to a bucket', () => {
  const BUILD = 'run: docker build -t shop:${{ github.sha }} . && docker push shop:${{ github.sha }}';
  const ECS = [
    'uses: aws-actions/amazon-ecs-render-task-definition@v1\n        with: { task-definition: web.json, container-name: web, image: "shop:${{ github.sha }}" }',
    'uses: aws-actions/amazon-ecs-deploy-task-definition@v2\n        with: { task-definition: web.json, service: web, cluster: shop }',
  ];
  const CHECKOUT = {
    'manage.py': '',
    Dockerfile: 'FROM python:3.13\nCMD ["gunicorn", "shop.wsgi"]\n',
    'web.json': '{ "containerDefinitions": [{ "name": "web", "image": "shop" }] }',
  };
  const at = (steps: readonly string[]): readonly string[] =>
    linesFound(
      {
        'ship.yml': `on: push\njobs:\n  ship:\n    runs-on: ubuntu-24.04\n    steps:\n${steps.map((step) => `      - ${step}\n`).join('')}`,
      },
      'migrate/missing-job',
      { checkout: CHECKOUT },
    );

  it('is the backend', () => {
    expect(at([BUILD, ...ECS])).toEqual(['ship.yml:3']);
    expect(at([BUILD, 'run: aws s3 sync static s3://shop/static', ...ECS])).toEqual(['ship.yml:3']);
    expect(at([BUILD, 'run: aws s3 sync dist s3://shop'])).toEqual([]);
  });
});

describe('a container beside that of Django', () => {
  const compose = (context: string): string =>
    `services:\n  web:\n    build: backend\n    command: gunicorn shop.wsgi\n  other:\n    build: ${context}\n`;
  const at = (context: string, files: Readonly<Record<string, string>>): readonly string[] =>
    linesFound(
      {
        'ship.yml': `on: push\njobs:\n  ship:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: ssh ops@shop.example "docker compose up -d --build"\n`,
      },
      'migrate/missing-job',
      {
        checkout: {
          'compose.yml': compose(context),
          'backend/manage.py': '',
          'backend/Dockerfile': 'FROM python:3.13\n',
          ...files,
        },
      },
    );
  const FROM = 'FROM registry.acme.example/tool:3\n';

  it('does not migrate where its folder has no program of Python', () => {
    expect(at('handbook', { 'handbook/Dockerfile': `${FROM}COPY book.yml /\n`, 'handbook/book.yml': '' })).toEqual([
      'ship.yml:3',
    ]);
  });

  it('may migrate where it has one', () => {
    expect(at('jobs', { 'jobs/Dockerfile': `${FROM}COPY . /\n`, 'jobs/upgrade.py': '' })).toEqual([]);
  });
});
