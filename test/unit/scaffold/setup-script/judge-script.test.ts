import { expect, it } from 'vitest';

import { judgeScript } from '../../../../src/scaffold/setup-script/judge-script.ts';
import { scriptNotes } from '../../../../src/scaffold/setup-script/script-notes.ts';

/** What one line is: a step, a note, `harmless`, or the script it calls. */
const verdict = (text: string): readonly string[] => {
  const { takenOver, unknown, harmless, calls } = judgeScript(text, {
    file: 'setup.sh',
    workspaceFolder: '/workspaces/shop',
  });
  return [
    ...takenOver.map(({ step }) => step),
    ...unknown.map(({ note }) => note),
    ...calls.map(({ file, targets }) => [file, ...(targets ?? [])].join(' ')),
    ...(harmless.length > 0 ? ['harmless'] : []),
  ];
};

it.each([
  ['pip install -r requirements.txt', 'backend-dependencies'],
  ['.venv/bin/pip3.12 install .', 'backend-dependencies'],
  ['"$VENV/bin/python" -m pip install -e .[dev]', 'backend-dependencies'],
  ['uv sync --frozen', 'backend-dependencies'],
  ['uv venv', 'backend-dependencies'],
  ['poetry install --with dev', 'backend-dependencies'],
  ['pip install requests', 'package'],
  ['poetry config virtualenvs.in-project true', 'personal'],
  ['npm --prefix frontend ci', 'frontend-dependencies'],
  ['pnpm i', 'frontend-dependencies'],
  ['yarn', 'frontend-dependencies'],
  ['npm install left-pad', 'package'],
  ['npm run dev', 'keeps-running'],
  ['npx --no-install devsetup', 'harmless'],
  ['npx prettier --write .', 'program'],
  ['python manage.py migrate --check', 'harmless'],
  ['python manage.py migrate --fake', 'migrates-elsewhere'],
  ['python manage.py migrate --database=replica', 'migrates-elsewhere'],
  ['python manage.py migrate --database default', 'shared-migrations'],
  ['python manage.py migrate_schemas --schema=acme', 'tenant-migrations'],
  ['./manage.py migrate', 'shared-migrations'],
  ['django-admin migrate', 'shared-migrations'],
  ['python -m django migrate', 'shared-migrations'],
  ['python manage.py --settings=config.dev migrate', 'shared-migrations'],
  ['python manage.py shell', 'asks'],
  ['python manage.py runserver', 'keeps-running'],
  ['python -m manage migrate', 'shared-migrations'],
  ['python manage.py create_initial_superuser', 'superuser'],
  ['python manage.py ensure_admin', 'superuser'],
  ['exec "$@"', 'harmless'],
  ['sleep 5', 'database'],
  ['sleep infinity', 'keeps-running'],
  ['tail -n 5 setup.log', 'harmless'],
  ['sudo -E -u app env A=b timeout -k 5 60 python manage.py migrate', 'shared-migrations'],
  ['su - postgres -c "createdb shop"', 'database'],
  ['docker exec -it shop_web_1 python manage.py migrate', 'shared-migrations'],
  ['docker compose -f dev.yml exec -T -u app web poetry run python manage.py migrate', 'shared-migrations'],
  ['psql -c "SELECT 1"', 'database'],
  ['psql -c "DROP DATABASE shop"', 'destroys'],
  ['psql -f dump.sql', 'database-objects'],
  ['psql', 'asks'],
  ['nc -z redis 6379', 'other-service'],
  ['python -c "import django; print(django.VERSION)"', 'harmless'],
  ['python -c "import x; x.go()"', 'runs-code'],
  ['python --version', 'harmless'],
  ['echo hello', 'harmless'],
  ['echo hello > notes.txt', 'writes-files'],
  ['echo hello > /dev/null', 'harmless'],
  ['echo hello >> /tmp/setup.log', 'harmless'],
  ['[ -f .env ]', 'harmless'],
  ['git rev-parse HEAD', 'harmless'],
  ['source .venv/bin/activate', 'harmless'],
  ['. ./scripts/common.sh', 'scripts/common.sh'],
  ['bash /workspaces/shop/scripts/other.sh --fast', 'scripts/other.sh'],
  ['cd backend; ./other.sh', 'backend/other.sh harmless'],
  ['make db assets', 'Makefile db assets'],
  ['$TOOL run', 'open'],
  ['rm -rf build', 'destroys'],
])('%s: %s', (text, expected) => {
  expect(verdict(text).join(' ')).toBe(expected);
});

it.each([
  ['DB_PASSWORD=hunter2x ./load', 'DB_PASSWORD=*** ./load'],
  ['PASS=hunter2x\n./load --with hunter2x', './load --with ***'],
  ['./load --api-key hunter2x', './load --api-key ***'],
  ['./load postgres://me:hunter2x@db/shop', './load postgres://me:***@db/shop'],
  ['./load --password "$DB_PASSWORD"', './load --password "$DB_PASSWORD"'],
  [`psql -c "ALTER ROLE me PASSWORD 'hunter2x'"`, 'psql -c …'],
])('%s is shown as %s', (text, shown) => {
  const { unknown } = judgeScript(text.replaceAll('./load', 'own-tool'), { file: 'setup.sh' });
  expect(unknown.map((line) => line.text)).toEqual([shown.replaceAll('./load', 'own-tool')]);
});

it.each(['docker exec app mkdir -p media', "docker compose exec app sh -c 'mkdir -p media'"])(
  'what runs in another container becomes no program of a step: %s',
  (text) => {
    expect(judgeScript(text, { file: 'setup.sh' }).unknown).toMatchObject([{ offer: null }]);
  },
);

it('a step with a secret in its words is not offered', () => {
  const { unknown } = judgeScript('python manage.py add_user --password hunter2x', { file: 'setup.sh' });
  expect(unknown.map(({ offer }) => offer)).toEqual([null]);
});

it('continued lines are one', () => {
  const { takenOver } = judgeScript('pip install \\\n  -r requirements.txt\n', { file: 'setup.sh' });
  expect(takenOver).toMatchObject([{ line: 1, text: 'pip install -r requirements.txt' }]);
});

it.each([
  'A=$(python manage.py migrate)',
  'A=`python manage.py migrate`',
  'A=`echo \\`python manage.py migrate\\``',
  'echo "$(python manage.py migrate)"',
])('what is substituted is run: %s', (text) => {
  expect(judgeScript(`\n\n${text}`, { file: 'setup.sh' }).takenOver).toMatchObject([
    { line: 3, text: 'python manage.py migrate' },
  ]);
});

it('a function that calls itself ends', () => {
  expect(verdict('again() { pip install -r x.txt; again; }\nagain')).toEqual(['backend-dependencies']);
});

it('ten thousand lines are read in a moment', () => {
  const { takenOver } = judgeScript('pip install -r x.txt\n'.repeat(10_000), { file: 'setup.sh' });
  expect(takenOver).toHaveLength(10_000);
});

const ROOT = 't = Client(schema_name=\'public\', name="Root", on_trial=False)\nt.save()\n';

it.each<[string, string, readonly string[], object]>([
  [
    'a tenant and its domain',
    `${ROOT}Domain(domain='localhost', tenant=t, is_primary=True).save()\n`,
    ['super-tenant'],
    { super: { name: 'Root', domain: 'localhost', fields: { on_trial: false } } },
  ],
  [
    'values with defaults',
    "t, made = Client.objects.get_or_create(schema_name='acme', defaults={'name': 'Acme, Ltd', 'seats': 5, 'api_key': 'x7'})\nDomain.objects.get_or_create(domain='acme.localhost', tenant=t)\n",
    ['guest-tenant'],
    { guest: { schema: 'acme', name: 'Acme, Ltd', domain: 'acme.localhost', fields: { seats: 5 } } },
  ],
  [
    'the default of a variable',
    "Client.objects.create(schema_name=get_public_schema_name(), name=os.environ.get('TENANT', 'Main'))\n",
    ['super-tenant'],
    { super: { name: 'Main' } },
  ],
  [
    'both tenants and a superuser',
    `${ROOT}g = Client.objects.create(schema_name='guest', name='Guest')\nDomain.objects.create(domain='guest.localhost', tenant=g)\nDomain.objects.create(domain='localhost', tenant=t)\nUser.objects.create_superuser('root', 'a@b.de', 'pw')\n`,
    ['super-tenant', 'guest-tenant', 'superuser'],
    {
      super: { name: 'Root', domain: 'localhost', fields: { on_trial: false } },
      guest: { schema: 'guest', name: 'Guest', domain: 'guest.localhost' },
    },
  ],
  ['rows of something else', `${ROOT}Plan.objects.create(name='Free')\n`, ['runs-code'], {}],
])('code that creates %s', (_, code, expected, tenants) => {
  const script = judgeScript(`python manage.py shell <<'EOF'\n${code}EOF\n`, { file: 'setup.sh' });
  const steps = [...script.takenOver.map(({ step }) => step), ...script.unknown.map(({ note }) => note)];
  expect(steps.toSorted()).toEqual(expected.toSorted());
  expect(Object.fromEntries(script.settings.map(({ key, value }) => [key.at(-1), value]))).toEqual(tenants);
});

it("further options of create_tenant are fields of the tenant, and variables of the shell have their script's values", () => {
  const script = judgeScript(
    'NAME="Acme"\npython manage.py create_tenant --schema_name "${SCHEMA:-acme}" --name "$NAME" --paid_until 2099-12-31 --api_token=x7 --domain-domain "$HOST" --noinput\n',
    { file: 'setup.sh' },
  );
  expect(script.settings).toEqual([
    { key: ['tenants', 'guest'], value: { schema: 'acme', name: 'Acme', fields: { paid_until: '2099-12-31' } } },
  ]);
});

it('what a set-up needs from its environment without the script is said, without values', () => {
  const script = judgeScript(
    'export DJANGO_SUPERUSER_PASSWORD=x7-secret DJANGO_ENV=dev PATH=.venv/bin:$PATH\nTENANT=shop python manage.py create_public_tenant\npython manage.py createsuperuser --noinput\n',
    { file: 'setup.sh' },
  );
  const notes = scriptNotes([script]);
  expect(notes).toHaveLength(2);
  expect(notes[0]).toContain('setup.sh:3 creates a superuser');
  expect(notes[0]).toContain('DJANGO_SUPERUSER_PASSWORD');
  expect(notes[1]).toContain('setup.sh sets DJANGO_ENV and TENANT for what it runs');
  expect(notes.join()).not.toContain('x7-secret');
});
