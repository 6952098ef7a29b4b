import { describe, expect, it } from 'vitest';

import type { DecoupleFacts } from '../../../src/decouple/decoupling.ts';
import { decouple } from './support/convert.ts';

interface Deployment {
  /** Keys of the job. */
  readonly job?: readonly string[];
  /** Keys of the step. */
  readonly step?: readonly string[];
  readonly script: readonly string[];
}

const workflow = ({ job = ['environment: prod'], step = [], script }: Deployment): string =>
  [
    'on: push',
    'jobs:',
    '  deploy:',
    '    runs-on: ubuntu-latest',
    ...job.map((line) => `    ${line}`),
    '    steps:',
    '      - uses: actions/checkout@v4',
    '      - name: Update the server',
    ...step.map((line) => `        ${line}`),
    '        run: |',
    ...script.map((line) => `          ${line}`),
    '',
  ].join('\n');

const leftOf = (
  deployment: Deployment,
  facts: Partial<DecoupleFacts> = { secret: 'DATABASE_URL' },
): readonly string[] => {
  const { files, left } = decouple(
    { '.github/workflows/deploy.yml': workflow(deployment), 'manage.py': 'django' },
    facts,
  );
  expect(files).toEqual([]);
  return left.map(({ span, what, why, remedy }) => `${span.line}: ${what}: ${why}. ${remedy}`);
};

const RESTART = 'ssh host sudo systemctl restart shop';
const BY_HAND = 'Move it into a job of its own by hand: `devsetup migrate`.';

describe('leaves a migration, and says why and what to do', () => {
  it.each<readonly [string, Deployment, string]>([
    [
      'that an `if` of the script decides about',
      { script: ['if [ "$MIGRATE" = yes ]; then', '  ssh host python manage.py migrate', 'fi', RESTART] },
      `11: migrate in deploy: an \`if\` decides whether it runs. ${BY_HAND}`,
    ],
    [
      'that an `if` of its step decides about',
      { step: ["if: github.event_name == 'push'"], script: ['ssh host python manage.py migrate', RESTART] },
      '11: migrate in deploy: an `if` of its step decides whether it runs. Give the `if` to a migrate job of its own.',
    ],
    [
      'of a matrix',
      {
        job: ['environment: prod', 'strategy:', '  matrix:', '    host: [a, b]'],
        script: ['ssh ${{ matrix.host }} python manage.py migrate', RESTART],
      },
      `13: migrate in deploy: its job runs once for each entry of a matrix. ${BY_HAND}`,
    ],
    [
      'of another framework',
      { script: ['ssh host alembic upgrade head', RESTART] },
      '10: alembic upgrade in deploy: `devsetup migrate` does not run alembic upgrade. Move it into a job of its own by hand.',
    ],
    [
      'of one app',
      { script: ['ssh host python manage.py migrate shop 0004', RESTART] },
      '10: migrate in deploy: `devsetup migrate` migrates everything, and not one app or schema alone. Use `--with manage`, which moves the command as it is.',
    ],
    [
      'of another database',
      { script: ['ssh host python manage.py migrate --database=archive', RESTART] },
      '10: migrate in deploy: `devsetup migrate` has nothing like --database. Use `--with manage`, which moves the command as it is.',
    ],
    [
      'that comes after makemigrations on the server',
      { script: ['ssh host "python manage.py makemigrations && python manage.py migrate"', RESTART] },
      '10: migrate in deploy: its job makes migrations that are not in the repository, with makemigrations. Commit the migrations that it writes, and remove that command from the deployment.',
    ],
    [
      'of a job of Cloud Run that another command starts',
      {
        script: [
          'gcloud run jobs update migrations --args="manage.py,migrate" --region europe-west1',
          'gcloud run jobs execute migrations --region europe-west1 --wait',
          RESTART,
        ],
      },
      `10: migrate in deploy: it says what a job does that other commands start. ${BY_HAND}`,
    ],
    [
      'whose failure starts something else',
      { script: ['ssh host "python manage.py migrate || ./restore.sh"', RESTART] },
      `10: migrate in deploy: something else runs where it fails. ${BY_HAND}`,
    ],
  ])('%s', (_, deployment, sentence) => {
    expect(leftOf(deployment)).toEqual([sentence]);
  });

  it('whose database no workflow names', () => {
    expect(leftOf({ script: ['ssh host python manage.py migrate', RESTART] }, {})).toEqual([
      '10: migrate in deploy: no workflow says which secret holds the address of the database. Name that secret: `npx devsetup decouple --secret NAME`.',
    ]);
  });

  it('whose database the settings do not take from variables that can be told', () => {
    const unreadable = { variables: { database: null, required: [] }, mentionsUrl: false };
    const deployment = { script: ['ssh host python manage.py migrate', RESTART] };
    expect(leftOf(deployment, { ...unreadable, secret: 'DATABASE_URL' })).toEqual([
      '10: migrate in deploy: devsetup cannot tell from the settings which variables name the database. Let the settings read DATABASE_URL, set it where the application runs, and start decouple again.',
    ]);
    const text = workflow(deployment);
    const { files } = decouple(
      { '.github/workflows/deploy.yml': text, 'manage.py': 'django' },
      { ...unreadable, mentionsUrl: true, secret: 'DATABASE_URL' },
    );
    expect(files).toHaveLength(1);
  });

  it('whose database is on the machine itself, unless that is a runner of its own', () => {
    const step = ['env:', '  DB_HOST: localhost'];
    const script = ['ssh host python manage.py migrate', RESTART];
    const facts = { variables: { database: [{ name: 'DB_HOST', role: 'host' as const }], required: [] } };
    expect(leftOf({ step, script }, facts)).toEqual([
      "12: migrate in deploy: the database's host, localhost, is the machine itself, and the runner has no such database. Let a runner reach the database, and set DB_HOST of the job to its address.",
    ]);
    const own = workflow({ step, script }).replace('runs-on: ubuntu-latest', 'runs-on: self-hosted');
    expect(decouple({ '.github/workflows/deploy.yml': own, 'manage.py': 'django' }, facts).left).toEqual([]);
  });

  it('whose database only the network of the server knows', () => {
    const text = workflow({ step: ['env:', '  DB_HOST: db'], script: ['ssh host python manage.py migrate', RESTART] });
    const { left } = decouple(
      { '.github/workflows/deploy.yml': text, 'manage.py': 'django' },
      { variables: { database: [{ name: 'DB_HOST', role: 'host' }], required: [] } },
    );
    expect(left.map(({ why, remedy }) => `${why}. ${remedy}`)).toEqual([
      "the database's host, db, is a name that only the server's own network knows. Let a runner reach the database, and set DB_HOST of the job to its address.",
    ]);
  });

  it('whose database the settings take only where a variable says so, which nobody sets', () => {
    const variables = { database: [{ name: 'DATABASE_URL', role: 'url' as const }], deciding: ['STAGE'], required: [] };
    const script = ['ssh host python manage.py migrate', RESTART];
    expect(leftOf({ script }, { variables, secret: 'DATABASE_URL' })).toEqual([
      '10: migrate in deploy: whether the settings take that database depends on STAGE, which no step of the deployment sets. Set STAGE in the `env` of the deployment, as it is where the application runs.',
    ]);
    for (const deployment of [
      { step: ['env:', '  STAGE: live'], script },
      { script: ['docker run -e STAGE=live app python manage.py migrate', RESTART] },
    ]) {
      const files = { '.github/workflows/deploy.yml': workflow(deployment), 'manage.py': 'django' };
      const plan = decouple(files, { variables, secret: 'DATABASE_URL' });
      expect(plan.left).toEqual([]);
      expect(plan.files[0]?.after.split('  deploy:')[0]).toContain('          STAGE: live\n');
    }
  });

  it('whose database the settings take by a variable that a runner has and a server has not', () => {
    const database = [{ name: 'DATABASE_URL', role: 'url' as const }];
    const script = ['ssh host python manage.py migrate', RESTART];
    for (const name of ['CI', 'GITHUB_ACTIONS', 'RUNNER_OS']) {
      const facts = { variables: { database, deciding: [name], required: [] }, secret: 'DATABASE_URL' };
      expect(leftOf({ script }, facts)).toEqual([
        `10: migrate in deploy: whether the settings take that database depends on ${name}, which every runner sets and no server does. ` +
          'Let the settings ask for a variable of your own instead, and start decouple again.',
      ]);
    }
  });

  it('of a called workflow that does not declare the secret', () => {
    const text = workflow({ script: ['ssh host python manage.py migrate', RESTART] }).replace(
      'on: push',
      'on:\n  workflow_call:\n    secrets:\n      SSH_KEY:\n        required: true',
    );
    const { left } = decouple(
      { '.github/workflows/deploy.yml': text, 'manage.py': 'django' },
      { secret: 'DATABASE_URL' },
    );
    expect(left.map(({ why, remedy }) => `${why}. ${remedy}`)).toEqual([
      'its workflow is called by others, and does not declare the secret DATABASE_URL. Declare DATABASE_URL below workflow_call, and pass it from the callers.',
    ]);
  });

  it('and an image whose tag is not written out, or that another workflow builds', () => {
    const deploy = workflow({
      script: ['docker run -d ghcr.io/acme/app:latest', 'kubectl set image deploy/app app=ghcr.io/acme/app:latest'],
    });
    const { left, files } = decouple(
      { '.github/workflows/deploy.yml': deploy, 'manage.py': 'django' },
      { secret: 'DATABASE_URL' },
    );
    expect(files.map(({ after }) => after.includes('app:latest'))).toEqual([true]);
    expect(left.map(({ what, why }) => `${what}: ${why}`)).toContain(
      'ghcr.io/acme/app:latest in deploy: no job of this workflow pushes it',
    );
  });

  it('and an image whose name is a variable of the server', () => {
    const files = {
      '.github/workflows/deploy.yml': workflow({
        script: [
          'docker build -t ghcr.io/acme/app:main .',
          'docker push ghcr.io/acme/app:main',
          "ssh host <<'EOF'",
          'cd app',
          'export WEB_IMAGE=$IMAGE:latest',
          'docker compose pull',
          'docker compose up -d',
          'EOF',
        ],
      }),
      'docker-compose.yml': 'services:\n  web:\n    image: $WEB_IMAGE\n',
      'manage.py': 'django',
    };
    const { left } = decouple(files, { secret: 'DATABASE_URL' });
    expect(left.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      '$IMAGE:latest in deploy: its name comes from a variable whose value is not known here',
    ]);
  });

  it('that a container runs whenever it starts', () => {
    const files = {
      '.github/workflows/deploy.yml': workflow({
        script: ['ssh host "cd app && docker compose pull && docker compose up -d"', 'docker compose up -d'],
      }),
      'docker-compose.yml':
        'services:\n  web:\n    image: ghcr.io/acme/app\n    command: sh -c "python manage.py migrate && gunicorn app.wsgi"\n',
      'manage.py': 'django',
    };
    const { left } = decouple(files, { secret: 'DATABASE_URL' });
    expect(left.map(({ span }) => `${span.file}:${span.line}`)).toContain('docker-compose.yml:4');
  });

  it('whose step others refer to', () => {
    const text = workflow({ script: [RESTART] })
      .replace(
        '      - name: Update',
        '      - id: server\n        run: ssh host python manage.py migrate\n      - name: Update',
      )
      .concat("      - if: steps.server.outcome == 'failure'\n        run: echo failed\n");
    const { left } = decouple(
      { '.github/workflows/deploy.yml': text, 'manage.py': 'django' },
      { secret: 'DATABASE_URL' },
    );
    expect(left.map(({ why }) => why)).toEqual(['other steps refer to its step `server`']);
  });

  it.each<readonly [string, Record<string, string>, string]>([
    [
      'in a script that an image runs, too',
      { Dockerfile: 'CMD ["/app/release.sh"]\n' },
      'scripts/release.sh:2: Dockerfile may run scripts/release.sh, too',
    ],
    [
      'in a script that another job runs, too',
      {
        '.github/workflows/other.yml':
          'on: push\njobs:\n  seed:\n    runs-on: ubuntu-latest\n    steps:\n      - run: bash scripts/release.sh\n',
      },
      '.github/workflows/deploy.yml:3: seed in .github/workflows/other.yml runs scripts/release.sh, too',
    ],
  ])('%s', (_, more, sentence) => {
    const files = {
      '.github/workflows/deploy.yml': workflow({ script: ['bash scripts/release.sh', 'kubectl apply -f k8s'] }),
      'scripts/release.sh': 'python manage.py collectstatic\npython manage.py migrate\n',
      'manage.py': 'django',
      ...more,
    };
    const { left } = decouple(files, { secret: 'DATABASE_URL' });
    expect(left.map(({ span, why }) => `${span.file}:${span.line}: ${why}`)).toEqual([sentence]);
  });
});

describe('what is left in peace', () => {
  const pages = [
    '  docs:',
    '    runs-on: ubuntu-latest',
    '    environment: github-pages',
    '    steps:',
    '      - uses: actions/deploy-pages@v4',
    '',
  ].join('\n');

  it('adds no migration for a site on GitHub Pages', () => {
    const text = `${workflow({ script: [RESTART] })}${pages}`;
    const { files } = decouple({ '.github/workflows/deploy.yml': text, 'manage.py': 'django' }, { secret: 'DB' });
    expect(files[0]?.after.match(/^ {2}[\w-]+:/gm)).toEqual(['  migrate:', '  deploy:', '  docs:']);
    expect(files[0]?.after.endsWith(pages)).toBe(true);
  });

  it.each<readonly [string, string, readonly string[]]>([
    [
      'without the linters of the job that tests',
      'pip install -r requirements.txt',
      ['python-version', 'pip install -r requirements.txt'],
    ],
    [
      'as the checkout says, where linters are installed with everything else',
      'pip install -r requirements.txt && black --check .',
      ['cache-dependency-path', 'pip install -r requirements.txt'],
    ],
  ])('sets up Python %s', (_, install, expected) => {
    const test = [
      'on: push',
      'jobs:',
      '  test:',
      '    runs-on: ubuntu-latest',
      '    steps:',
      '      - uses: actions/setup-python@v6',
      "        with: { python-version: '3.11' }",
      `      - run: ${install}`,
      '      - run: |',
      '          pip install flake8',
      '          flake8 .',
      '      - run: python manage.py test',
      '',
    ].join('\n');
    const { files } = decouple(
      {
        '.github/workflows/deploy.yml': workflow({ script: ['ssh host python manage.py migrate', RESTART] }),
        '.github/workflows/test.yml': test,
        'manage.py': 'django',
      },
      { secret: 'DATABASE_URL' },
    );
    const [job = ''] = (files[0]?.after ?? '').split('  deploy:');
    for (const text of expected) expect(job).toContain(text);
    expect(job).not.toMatch(/flake8|black/);
  });

  it('takes the Python of the deployment where no job tests', () => {
    const python = "      - uses: actions/setup-python@v6\n        with:\n          python-version: '3.10'\n";
    const text = workflow({ script: ['ssh host python manage.py migrate', RESTART] }).replace(
      '      - name: Update',
      `${python}      - name: Update`,
    );
    const { files } = decouple({ '.github/workflows/deploy.yml': text, 'manage.py': 'django' }, { secret: 'DB' });
    const [job] = (files[0]?.after ?? '').split('  deploy:');
    expect(job).toContain("          python-version: '3.10'\n");
  });

  it('takes actions that still run, whatever the job that tests has', () => {
    const test = [
      'on: push',
      'jobs:',
      '  test:',
      '    runs-on: ubuntu-latest',
      '    steps:',
      '      - uses: actions/checkout@v3',
      '      - name: Python',
      '        uses: actions/setup-python@v4',
      "        with: { python-version: '3.11' }",
      '      - uses: actions/cache@v4',
      '        with: { path: ~/.cache/pip, key: pip }',
      '      - run: pip install -r requirements.txt',
      '      - run: python manage.py test',
      '',
    ].join('\n');
    const { files } = decouple(
      {
        '.github/workflows/deploy.yml': workflow({ script: ['ssh host python manage.py migrate', RESTART] }),
        '.github/workflows/test.yml': test,
        'manage.py': 'django',
      },
      { secret: 'DATABASE_URL', with: 'manage' },
    );
    const uses = files[0]?.after.split('  deploy:')[0]?.match(/uses: \S+/g);
    expect(uses?.map((line) => line.replace(/@[0-9a-f]{40}$/, ''))).toEqual([
      'uses: actions/checkout',
      'uses: actions/setup-python',
      'uses: actions/cache@v4',
    ]);
  });

  it('keeps the secret that a workflow names for the variable, whatever --secret is', () => {
    const step = ['env:', '  DATABASE_URL: ${{ secrets.SHOP_DATABASE }}'];
    const script = ['ssh host python manage.py migrate', RESTART];
    const { files } = decouple(
      { '.github/workflows/deploy.yml': workflow({ step, script }), 'manage.py': 'django' },
      { secret: 'OTHER' },
    );
    expect(files[0]?.after).toContain('DATABASE_URL: ${{ secrets.SHOP_DATABASE }}');
    expect(files[0]?.after).not.toContain('OTHER');
  });

  it('moves plain commands where the database is not one for devsetup, and says so', () => {
    const text = workflow({ script: ['ssh host python manage.py migrate --noinput', RESTART] });
    const plan = decouple(
      { '.github/workflows/deploy.yml': text, 'manage.py': 'django' },
      { secret: 'DATABASE_URL', isOtherEngine: true },
    );
    expect(plan.needsDevsetup).toBe(false);
    expect(plan.files[0]?.after).toContain('        run: python manage.py migrate --noinput\n');
    expect(plan.notes[0]).toBe(
      'The settings name a database that is not PostgreSQL, for which `devsetup migrate` is made: the job runs the plain commands, as with `--with manage`.',
    );
  });

  it('says once what two workflows need', () => {
    const text = workflow({ job: [], script: ['ssh host python manage.py migrate', RESTART] });
    const { settings } = decouple(
      { '.github/workflows/a.yml': text, '.github/workflows/b.yml': text, 'manage.py': 'django' },
      {
        secret: 'DB_PASSWORD',
        variables: {
          database: [
            { name: 'DB_HOST', role: 'host' },
            { name: 'DB_PASSWORD', role: 'password' },
          ],
          required: [],
        },
      },
    );
    expect(settings).toEqual([{ kind: 'variable', name: 'DB_HOST', environment: null }]);
  });

  it('runs devsetup in the folder of the project where its environment is looked for there', () => {
    const text = workflow({ script: ['ssh host python manage.py migrate', RESTART] });
    const { files } = decouple(
      { '.github/workflows/deploy.yml': text, 'backend/manage.py': 'django' },
      {
        secret: 'DATABASE_URL',
        backendFolder: 'backend',
        python: { version: '3.12', install: { tool: 'pipenv', inputs: ['backend/Pipfile.lock'] } },
      },
    );
    expect(files[0]?.after).toContain('      - name: Migrate\n        working-directory: backend\n');
    expect(files[0]?.after).toContain('        run: pipenv run npx --no-install devsetup migrate --environment prod\n');
  });

  it('removes what announces the migration in other languages, too', () => {
    const text = workflow({
      script: [
        "ssh host <<'EOF'",
        'set -e',
        "echo 'Aplicando migraciones...'",
        'python manage.py migrate',
        'systemctl restart shop',
        'EOF',
      ],
    });
    const { files } = decouple(
      { '.github/workflows/deploy.yml': text, 'manage.py': 'django' },
      { secret: 'DATABASE_URL' },
    );
    expect(files[0]?.after).toContain('          set -e\n          systemctl restart shop\n');
  });
});

describe('conditions', () => {
  const convert = (jobs: readonly string[]): string => {
    const text = ['on: push', 'jobs:', ...jobs.map((line) => `  ${line}`), ''].join('\n');
    const plan = decouple({ '.github/workflows/deploy.yml': text, 'manage.py': 'django' }, { secret: 'DATABASE_URL' });
    expect(plan.left).toEqual([]);
    return plan.files[0]?.after ?? '';
  };
  const deploy = (id: string, condition: string | null, script: string): readonly string[] => [
    `${id}:`,
    ...(condition === null ? [] : [`  if: ${condition}`]),
    '  runs-on: ubuntu-latest',
    '  environment: prod',
    '  steps:',
    `    - run: ${script}`,
  ];
  const MIGRATING = "ssh host 'python manage.py migrate && systemctl restart api'";

  it('lets the migration run where one of several deployments runs', () => {
    const after = convert([
      ...deploy('deploy-api', "github.ref == 'refs/heads/main'", MIGRATING),
      ...deploy('deploy-site', 'inputs.site', 'kubectl apply -f site.yaml'),
    ]);
    expect(after).toContain("  migrate:\n    if: (github.ref == 'refs/heads/main') || (inputs.site)\n");
    expect(after).toContain("  deploy-api:\n    needs: migrate\n    if: github.ref == 'refs/heads/main'\n");
    expect(after).toContain('  deploy-site:\n    needs: migrate\n    if: inputs.site\n');
  });

  it('lets the migration always run where one of them always runs', () => {
    const after = convert([
      ...deploy('deploy-api', 'inputs.api', MIGRATING),
      ...deploy('deploy-site', null, 'kubectl apply -f site.yaml'),
    ]);
    expect(after).toContain('  migrate:\n    runs-on: ubuntu-latest\n');
  });

  it('asks for the result of the migration where a deployment runs whatever became of its needs', () => {
    const after = convert(deploy('deploy', "${{ !cancelled() && github.ref == 'refs/heads/main' }}", MIGRATING));
    expect(after).toContain(
      "  deploy:\n    needs: migrate\n    if: ${{ (!cancelled() && github.ref == 'refs/heads/main') && needs.migrate.result == 'success' }}\n",
    );
  });
});

describe('several projects in one checkout', () => {
  const convert = (context: string, backendFolder: string): ReturnType<typeof decouple> =>
    decouple(
      {
        '.github/workflows/deploy.yml': [
          'on: push',
          'jobs:',
          '  deploy:',
          '    runs-on: ubuntu-latest',
          '    environment: prod',
          '    steps:',
          '      - uses: actions/checkout@v4',
          `      - run: docker build -t acme/orders:\${{ github.sha }} ${context}`,
          '      - run: docker push acme/orders:${{ github.sha }}',
          '      - run: |',
          '          ssh prod docker pull acme/orders:${{ github.sha }}',
          '          ssh prod docker run --rm acme/orders:${{ github.sha }} python manage.py migrate',
          '          ssh prod docker run -d acme/orders:${{ github.sha }}',
          '',
        ].join('\n'),
        'manage.py': 'django',
        'services/orders/manage.py': 'django',
      },
      { secret: 'DATABASE_URL', backendFolder },
    );

  it('leaves the migration of a project that is not the one devsetup works with', () => {
    const { files, left } = convert('./services/orders', '.');
    expect(files).toEqual([]);
    expect(left.map(({ span, what, why, remedy }) => `${span.line}: ${what}: ${why}. ${remedy}`)).toEqual([
      '12: migrate for deploy: it deploys the project in services/orders, and devsetup works with the one in the root. ' +
        'Set "backend": { "managePy": "services/orders/manage.py" } in devsetup.config.jsonc, and start decouple again.',
    ]);
  });

  it.each([
    ['the one that is deployed', './services/orders', 'services/orders'],
    ['one that nothing names', '.', '.'],
  ])('converts the pipeline where devsetup works with %s', (_, context, folder) => {
    expect(convert(context, folder).left).toEqual([]);
  });
});

describe('variables of the step that migrates', () => {
  const step = [
    'env:',
    '  DATABASE_URL: ${{ secrets.DATABASE_URL }}',
    "  DJANGO_DEBUG: 'False'",
    '  IMAGE: ${{ steps.build.outputs.image }}',
  ];
  const jobOf = (script: string): string => {
    const files = {
      '.github/workflows/deploy.yml': workflow({ step, script: [script, RESTART] }),
      'manage.py': 'django',
    };
    return decouple(files).files[0]?.after.split('  deploy:')[0] ?? '';
  };

  it('go with it where it ran on the runner, but for those that another step hands on', () => {
    expect(jobOf('python manage.py migrate')).toContain(
      "        env:\n          DATABASE_URL: ${{ secrets.DATABASE_URL }}\n          DJANGO_DEBUG: 'False'\n        run:",
    );
  });

  it('stay where it ran on a server, which did not have them', () => {
    expect(jobOf('ssh host python manage.py migrate')).not.toContain('DJANGO_DEBUG');
  });
});

describe('a secret that only tests name', () => {
  const CI = [
    'on: push',
    'jobs:',
    '  test:',
    '    runs-on: ubuntu-latest',
    '    steps:',
    '      - env:',
    '          DATABASE_URL: ${{ secrets.DATABASE_URL }}',
    '        run: python manage.py test',
    '',
  ].join('\n');
  const files = {
    '.github/workflows/deploy.yml': workflow({
      script: ['ssh host "python manage.py migrate && systemctl restart shop"'],
    }),
    'manage.py': 'django',
  };

  it('may be of another database, so it is asked for', () => {
    const { files: changed, left } = decouple({ ...files, '.github/workflows/ci.yml': CI });
    expect(changed).toEqual([]);
    expect(left.map(({ why, needsSecret }) => [why, needsSecret])).toEqual([
      [
        'only .github/workflows/ci.yml, which deploys nothing, says which secret holds the address of the database; that may be another one',
        true,
      ],
    ]);
  });

  it('is taken from a workflow that deploys to another environment', () => {
    const other = CI.replace('python manage.py test', 'ssh uat docker compose up -d');
    const { files: changed } = decouple({
      ...files,
      '.github/workflows/ci.yml': CI,
      '.github/workflows/uat.yml': other,
    });
    expect(changed.map(({ file }) => file)).toEqual(['.github/workflows/deploy.yml', '.github/workflows/uat.yml']);
  });
});
