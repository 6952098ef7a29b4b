import { describe, expect, it } from 'vitest';

import { literalCredential } from '../../../../src/audit/rules/literal-credential.ts';
import { auditOf } from '../../../support/audit.ts';
import { linesFound } from '../../../support/audit-findings.ts';
import { deployRun, deployWith, FIRST, FIRST_WITH } from '../../../support/secret-jobs.ts';

const RULE = 'secret/literal-credential';
const inRun = (run: string): readonly string[] => linesFound({ 'a.yml': deployRun(run) }, RULE);
const inWith = (key: 'env' | 'with', more: string): readonly string[] =>
  linesFound({ 'a.yml': deployWith(key, more) }, RULE);

describe('a secret that is written out in a script', () => {
  it.each([
    ['an assignment', 'DB_PASSWORD=Blau-4711'],
    ['an export in quotes', "export SECRET_KEY='k#9$ qq'".replace(' ', ' ')],
    ['before a command', 'PGPASSWORD=Blau-4711 psql -h db.internal -c "select 1"'],
    ['by env', 'env API_TOKEN=Blau-4711 ./go'],
    ['an option', 'az login --username app --password Blau-4711'],
    ['an option with =', 'helm upgrade web ./chart --set=x=1 --password=Blau-4711'],
    ['a value of a chart', 'helm upgrade web ./chart --set db.password=Blau-4711'],
    ['a variable of a container', 'docker run -d -e POSTGRES_PASSWORD=Blau-4711 shop/web:1.2.3'],
    ['docker login', 'docker login -u shop -p Blau-4711 registry.example'],
    ['standard input', 'echo Blau-4711 | docker login -u shop --password-stdin registry.example'],
    ['sshpass', 'sshpass -p Blau-4711 ssh app@host uptime'],
    ['mysql', 'mysql -h db.internal -ushop -pBlau-4711 shop < up.sql'],
    ['curl', 'curl -u shop:Blau-4711 https://api.example/deploy'],
    ['a header', 'curl -H "Authorization: Bearer 7f9a1c2b8e" https://api.example/deploy'],
    ['a URL', 'psql postgresql://shop:Blau-4711@db.internal/shop -c "select 1"'],
    ['a key in a URL', 'curl -X POST "https://api.example/hook?token=7f9a1c2b8e4d"'],
    ['SQL', `psql -c "ALTER USER shop WITH PASSWORD 'Blau-4711'"`],
    ['a line of a file', 'echo "DB_PASSWORD=Blau-4711" >> .env'],
    ['a secret of kubectl', 'kubectl create secret generic db --from-literal=password=Blau-4711'],
    ['a well-known password of a server', 'ssh app@host "export DB_PASSWORD=postgres && docker compose up -d"'],
    ['a platform', 'heroku config:set SECRET_KEY=Blau-4711 --app shop'],
    ['aws', 'aws configure set aws_secret_access_key Blau-4711aaa'],
    ['a superuser', 'DJANGO_SUPERUSER_PASSWORD=admin python manage.py createsuperuser --noinput'],
  ])('%s', (_, script) => {
    expect(inRun(script)).toEqual([`a.yml:${FIRST}`]);
  });

  it('names the line in here-documents: a script for a server, a file', () => {
    expect(inRun("ssh app@host <<'EOF'\ncd /srv\nexport DB_PASSWORD=Blau-4711\nEOF")).toEqual([`a.yml:${FIRST + 2}`]);
    expect(inRun('cat > .env <<EOF\nDEBUG=0\nDB_PASSWORD=Blau-4711\nEOF')).toEqual([`a.yml:${FIRST + 2}`]);
    const compose =
      "cat > compose.yml <<'EOF'\nservices:\n  db:\n    environment:\n      POSTGRES_PASSWORD: Blau-4711\nEOF";
    expect(inRun(compose)).toEqual([`a.yml:${FIRST + 4}`]);
  });

  it('also in steps and jobs that never run: everybody can read it there, too', () => {
    const off = (text: string): string => text.replace('      - run: |', '      - if: false\n        run: |');
    expect(linesFound({ 'a.yml': off(deployRun('export DB_PASSWORD=Blau-4711')) }, RULE)).toEqual([
      `a.yml:${FIRST + 1}`,
    ]);
    expect(
      linesFound({ 'a.yml': off(deployRun('export DB_PASSWORD=$(cat /run/secrets/db)\n./go "$TOKEN"')) }, RULE),
    ).toEqual([]);
    const named = deployWith('env', 'DB_PASSWORD: Blau-4711');
    const step = named.replace('- run: ./go', '- if: false\n        run: ./go');
    const job = named.replace('    runs-on', '    if: ${{ false }}\n    runs-on');
    for (const text of [step, job]) expect(linesFound({ 'a.yml': text }, RULE)).toEqual([`a.yml:${FIRST_WITH + 1}`]);
    expect(linesFound({ 'a.yml': job.replaceAll('deploy', 'unit-tests') }, RULE)).toEqual([]);
    expect(linesFound({ 'a.yml': job.replace('Blau-4711', 'changeme') }, RULE)).toEqual([]);
  });

  it('names where a variable is set', () => {
    expect(inRun('P=Blau-4711\npsql --host db --password=$P')).toEqual([`a.yml:${FIRST}`]);
  });

  it.each([
    ['a secret of GitHub', 'DB_PASSWORD=${{ secrets.DB_PASSWORD }} ./go'],
    ['a variable', 'DB_PASSWORD=$PASSWORD ./go\nexport API_TOKEN="${TOKEN}"'],
    ['the output of a command', 'DB_PASSWORD=$(aws ssm get-parameter --name /db) ./go'],
    ['a stand-in', 'SECRET_KEY=dummy python manage.py collectstatic --noinput\nexport API_KEY=changeme'],
    ['nothing', 'export DB_PASSWORD=\nexport API_TOKEN=""'],
    ['a path', 'export PASSWORD_FILE=/run/secrets/db\nexport SECRET_KEY=/run/secrets/key'],
    ['a switch', 'export USE_TOKEN=yes\nexport DB_PASSWORD_REQUIRED=abc\nexport MAX_TOKENS=4096'],
    ['the name of one that is kept elsewhere', 'gcloud secrets versions access latest --secret=db-password'],
    ['names of secrets for a platform', 'gcloud run deploy web --set-secrets DB_PASSWORD=db-password:latest'],
    [
      'names of secrets that a platform forgets',
      'gcloud run services update web --remove-secrets SITE_ORIGIN,MAILER_URL',
    ],
    [
      'a name in a store',
      'export DB_PASSWORD=arn:aws:secretsmanager:eu:1:secret:db\nexport API_TOKEN=op://shop/api/token',
    ],
    [
      'names of secrets that a platform forgets',
      'gcloud run services update web --remove-secrets DB_PASSWORD,API_TOKEN',
    ],
    ['the text of a program', `php -r "echo 'app.secret: ' . (config('app.secret') ? 'set' : 'not set');"`],
    ['what is said', 'echo "set DB_PASSWORD=Blau-4711 before you start"'],
    ['a comment', '# DB_PASSWORD=Blau-4711\necho ok'],
    ['a pattern', "sed -i 's/^DB_PASSWORD=.*/DB_PASSWORD=/' .env\ngrep 'token=abcdefgh' .env"],
    ['a version', 'pip install detect-secrets==1.2.0'],
    ['a URL of a host without a password', 'curl https://user@git.example/x\ngit clone ssh://git@git.example:22/x'],
    ['a stand-in for settings', 'DATABASE_URL=postgres://postgres:postgres@localhost/db python manage.py check'],
    ['standard input', 'echo "$TOKEN" | docker login -u shop --password-stdin'],
    ['ports and volumes', 'docker run -p 8080:80 -v /srv:/srv shop/web:1.2.3\nssh -p 22 host'],
  ])('not %s', (_, script) => {
    expect(inRun(script)).toEqual([]);
  });
});

describe('a secret that is written out in keys', () => {
  it.each([
    ['env', 'DB_PASSWORD: Blau-4711'],
    ['env', 'DATABASE_URL: postgresql://shop:Blau-4711@db.internal:5432/shop'],
    ['env', 'DATABASE_URL: "postgresql://shop:Blau-4711@${{ secrets.DB_HOST }}/shop"'],
    ['env', "API_TOKEN: ${{ github.ref == 'refs/heads/main' && 'Blau-4711' || 'Rot-0815' }}"],
    ['env', 'djangoSecretKey: "q7!x-Blau-4711"'],
    ['with', 'password: Blau-4711'],
    ['with', 'api-key: 7f9a1c2b8e4d'],
    ['with', 'build-args: |\n  NPM_TOKEN=Blau-4711'.replace('\n  ', ' \n  ')],
  ] as const)('%s: %s', (key, more) => {
    const line = more.includes('\n') ? FIRST_WITH + 1 : FIRST_WITH;
    expect(inWith(key, more)).toEqual([`a.yml:${key === 'env' ? line - 0 : line}`]);
  });

  it.each([
    ['env', 'DB_PASSWORD: ${{ secrets.DB_PASSWORD }}'],
    ['env', 'DB_PASSWORD: ""'],
    ['env', 'DATABASE_URL: postgresql://shop:${{ secrets.DB_PASSWORD }}@db.internal/shop'],
    ['env', 'NEXT_PUBLIC_API_KEY: abcdef123456'],
    ['env', 'TOKEN_URL: https://login.example/token'],
    ['env', 'SECRET_NAME: shop/production'],
    ['env', 'DB_PASSWORD_SECRET: shop-db-password'],
    ['with', 'token: ${{ github.token }}'],
    ['with', 'key: pip-${{ runner.os }}'],
    ['with', 'cache-shared-key: rust-cache'],
    ['with', 'persist-credentials: false'],
    ['with', 'secrets: |\n  DB_PASSWORD=projects/shop/secrets/db'],
    ['with', 'secret-envs: |\n  npm_token=NPM_TOKEN'],
  ] as const)('not %s: %s', (key, more) => {
    expect(inWith(key, more)).toEqual([]);
  });
});

const job = (id: string, body: string): string => `  ${id}:\n    runs-on: ubuntu-24.04\n${body}`;
const TEST = job(
  'test',
  '    services:\n      db:\n        image: postgres:16\n        env:\n          POSTGRES_PASSWORD: Blau-4711\n    steps:\n      - run: pytest\n        env:\n          DB_PASSWORD: Blau-4711\n',
);
const DEPLOY = job('deploy', '    steps:\n      - run: kubectl rollout restart deployment/web\n');

describe('a placeholder is told from a secret by one rule, whatever environment it names', () => {
  it.each([
    ...['dev', 'test', 'ci', 'local', 'build', 'example', 'dummy'].map((word) => `SECRET_KEY: ${word}-migration-key`),
    'SECRET_KEY: DEV_SECRET_KEY_2024',
    'DB_PASSWORD: devpassword',
    'DB_PASSWORD: local.password1',
    'SECRET_KEY: insecure-key-only',
    'DB_PASSWORD: changeme',
    'DATABASE_URL: postgres://user:password@db:5432/app',
    'DATABASE_URL: postgresql://username:pass@database.internal/app',
    'DATABASE_URL: postgres://postgres:postgres@localhost/db',
    'DATABASE_URL: postgres://postgres:postgres@postgres:5432/db',
    'DATABASE_URL: mysql://shop:shop@db/shop',
    'CELERY_BROKER_URL: amqp://guest:guest@rabbitmq:5672//',
  ])('%s is a placeholder', (more) => {
    expect(inWith('env', more)).toEqual([]);
  });

  it.each([
    'SECRET_KEY: dev-3f9a1c2b8e4d',
    'SECRET_KEY: test-migration-Xk29vQz7Lm',
    'SECRET_KEY: "django-insecure-#2f!k9(x)b&4w=z"',
    'DB_PASSWORD: prod-migration-key',
    'DATABASE_URL: postgres://user:Xk29vQz7Lm@db:5432/app',
    'DATABASE_URL: postgres://postgres:postgres@db.shop.internal/app',
    'DATABASE_URL: mysql://shop:Blau-4711@db/shop',
  ])('%s is a secret', (more) => {
    expect(inWith('env', more)).toEqual([`a.yml:${FIRST_WITH}`]);
  });
});

describe('tests have passwords of their own', () => {
  it('in their jobs, and in what the whole workflow sets for them', () => {
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${TEST}` }, RULE)).toEqual([]);
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${TEST}${DEPLOY}` }, RULE)).toEqual([]);
    const forAll = `on: push\nenv:\n  DB_PASSWORD: Blau-4711\njobs:\n`;
    expect(linesFound({ 'a.yml': forAll + TEST + DEPLOY }, RULE)).toEqual([]);
  });

  it('but not where a deployment takes them', () => {
    const forAll = `on: push\nenv:\n  DB_PASSWORD: Blau-4711\njobs:\n`;
    const using = DEPLOY.replace('deployment/web', 'deployment/$DB_PASSWORD');
    expect(linesFound({ 'a.yml': forAll + DEPLOY }, RULE)).toEqual(['a.yml:3']);
    expect(linesFound({ 'a.yml': forAll + TEST + using }, RULE)).toEqual(['a.yml:3']);
  });

  it.each([
    ['a step that tests', 'pip install -r requirements.txt && pytest', []],
    ['a step that does not', 'python upload.py', ['a.yml:8']],
    ['a step that tests and deploys', 'pytest && kubectl apply -f k8s', ['a.yml:8']],
    ['a step that tests on a server', 'ssh shop.example pytest', ['a.yml:8']],
  ])('in a job that deploys afterwards: %s', (_, run, lines) => {
    const steps = `    steps:\n      - run: ${run}\n        env:\n          SECRET_KEY: Blau-4711\n      - run: kubectl apply -f k8s\n`;
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${job('ship', steps)}` }, RULE)).toEqual(lines);
  });

  it('nor those of servers that live and die with the job', () => {
    const services =
      '    services:\n      db:\n        image: mysql:8\n        env:\n          MYSQL_ROOT_PASSWORD: Blau-4711\n';
    const run = (more: string): string =>
      deployRun('mysql -uroot -pBlau-4711 -e "select 1"').replace('    steps:', `${more}    steps:`);
    expect(linesFound({ 'a.yml': run(services) }, RULE)).toEqual([]);
    expect(linesFound({ 'a.yml': run('') }, RULE)).toEqual([`a.yml:${FIRST}`]);
    const beside = job(
      'build',
      '    steps:\n      - run: |\n          docker run -d -e POSTGRES_PASSWORD=Blau-4711 postgres:16\n          PGPASSWORD=Blau-4711 psql -h localhost -f up.sql\n          docker build .\n',
    );
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${beside}` }, RULE)).toEqual([]);
  });

  it.each([
    ['Render', 'rnd_', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4'],
    ['Heroku', 'HRKU-', '3f9a1c2b-7d4e-4c1a-9b8f-2e6d5a0c7b31'],
    ['Supabase', 'sbp_', '3f9a1c2b7d4e4c1a9b8f2e6d5a0c7b313f9a1c2b'],
    ['Pulumi', 'pul-', '3f9a1c2b7d4e4c1a9b8f2e6d5a0c7b313f9a1c2b'],
  ])('but not a key of %s, whatever its name', (_, prefix, rest) => {
    const lint = job('lint', `    env:\n      ACCESS: ${prefix}${rest}\n    steps:\n      - run: make lint\n`);
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${lint}` }, RULE)).toEqual(['a.yml:6']);
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${lint.replace(rest, 'abc')}` }, RULE)).toEqual([]);
  });

  it('but not tokens whose form says what they are', () => {
    // Put together here, so that nobody takes this file for a leak.
    const token = ['ghp', 'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'].join('_');
    const lint = job('lint', `    steps:\n      - run: curl -H "X-Key: ${token}" https://api.example\n`);
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${lint}` }, RULE)).toEqual(['a.yml:6']);
    expect(linesFound({ 'a.yml': `on: push\n# ${token}\njobs:\n${lint.replace(token, '$T')}` }, RULE)).toEqual([]);
    const example = ['AKIA', 'IOSFODNN7EXAMPLE'].join('');
    expect(linesFound({ 'a.yml': `on: push\njobs:\n${lint.replace(token, example)}` }, RULE)).toEqual([]);
  });
});

describe('what is told', () => {
  it('is found in composite actions and called workflows, at their own lines', () => {
    const files = {
      'a.yml': 'on: push\njobs:\n  deploy:\n    uses: ./.github/workflows/b.yml\n',
      'b.yml': deployRun('./go')
        .replace('on: push', 'on: workflow_call')
        .replace('- run: |', '- uses: ./ops\n      - run: |'),
    };
    const action = 'runs:\n  using: composite\n  steps:\n    - shell: bash\n      run: export DB_PASSWORD=Blau-4711\n';
    expect(linesFound(files, RULE, { checkout: { 'ops/action.yml': action } })).toEqual(['ops/action.yml:5']);
  });

  it('has the place of the value, and never the value', () => {
    const [found, ...others] = literalCredential.check(
      auditOf({ 'a.yml': deployWith('env', 'DB_PASSWORD: Blau-4711') }),
    );
    expect(others).toEqual([]);
    expect(found?.span).toMatchObject({ column: 24, endColumn: 33 });
    expect(JSON.stringify(found)).not.toContain('Blau-4711');
  });

  it('is one finding for a value of a file, with its other places as evidence', () => {
    const found = literalCredential.check(
      auditOf({
        'a.yml': deployRun(
          'export DB_PASSWORD=Blau-4711\n./go\nexport PGPASSWORD="Blau-4711"\nexport API_TOKEN=Rot-0815',
        ),
      }),
    );
    expect(found.map(({ span, evidence = [] }) => [span.line, evidence.map((one) => one.span?.line)])).toEqual([
      [FIRST, [FIRST + 2]],
      [FIRST + 3, []],
    ]);
    expect(JSON.stringify(found)).not.toMatch(/4711|0815/);
  });

  it('is one finding for one place, however often it is reached', () => {
    const matrix = deployRun('for host in a b; do ssh $host "export DB_PASSWORD=Blau-4711; ./go"; done');
    expect(literalCredential.check(auditOf({ 'a.yml': matrix }))).toHaveLength(1);
  });
});
