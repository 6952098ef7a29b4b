import { execFile } from 'node:child_process';
import { chmod, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { startCompanion } from '../../../src/django/start-companion.ts';
import { createProject, MANAGE_PY, runAndRead, SETTINGS, start } from './support/django-project.ts';

const CALL = `
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
`;
const SHOW = { show: 'from django.conf import settings\nprint(os.environ.get("MARK"), settings.SETTINGS_MODULE)' };

const working: readonly (readonly [string, string, string])[] = [
  [
    'chooses the settings from argv',
    `import os, sys
os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.testing' if sys.argv[1] == 'test' else 'mysite.settings'
os.environ['MARK'] = sys.argv[1]
${CALL}`,
    'migrate mysite.settings',
  ],
  [
    'parses arguments of its own',
    `import argparse, os, sys
parser = argparse.ArgumentParser(add_help=False)
parser.add_argument('--settings-name', default='mysite.settings')
options, rest = parser.parse_known_args()
os.environ['DJANGO_SETTINGS_MODULE'] = options.settings_name
sys.argv = [sys.argv[0], *rest]
${CALL}`,
    'None mysite.settings',
  ],
  [
    'prints while it is imported',
    `import os, sys
print('=' * 100_000)
print('loading', file=sys.stderr)
os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'
${CALL}`,
    'None mysite.settings',
  ],
  [
    'uses ManagementUtility itself, inside a context manager',
    `import contextlib, os, sys
from django.core.management import ManagementUtility

@contextlib.contextmanager
def marked():
    os.environ['MARK'] = 'inside'
    yield
    os.environ['MARK'] = 'outside'

os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'
with marked():
    ManagementUtility(sys.argv).execute()
`,
    'inside mysite.settings',
  ],
  [
    'passes --settings',
    `import sys
from django.core.management import execute_from_command_line
execute_from_command_line([sys.argv[0], sys.argv[1], '--settings=mysite.settings', *sys.argv[2:]])
`,
    'None mysite.settings',
  ],
  [
    'reads the settings before the command line',
    `import os, sys
os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'
from django.conf import settings
os.environ['MARK'] = str(settings.DEBUG)
${CALL}`,
    'True mysite.settings',
  ],
  [
    'jumps into another Python with the same manage.py',
    `import os, sys
if os.environ.get('MARK') is None:
    os.environ['MARK'] = 'again'
    os.execv(sys.executable, [sys.executable, '-u'] + sys.argv)
os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'
${CALL}`,
    'again mysite.settings',
  ],
  [
    'starts another Python with the same manage.py and waits for it',
    `import os, subprocess, sys
if os.environ.get('MARK') is None:
    sys.exit(subprocess.call([sys.executable, *sys.argv], env={**os.environ, 'MARK': 'child'}))
os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'
${CALL}`,
    'child mysite.settings',
  ],
  [
    'starts other programs',
    `import os, subprocess, sys
os.environ['MARK'] = subprocess.check_output(['echo', 'a b'], text=True).strip()
os.environ['DJANGO_SETTINGS_MODULE'] = 'mysite.settings'
${CALL}`,
    'a b mysite.settings',
  ],
];

describe('a manage.py that', () => {
  test.each(working)('%s works', async (_title, managePy, shown) => {
    const project = await createProject({ 'manage.py': managePy }, SHOW);
    const client = await start(project);
    expect(await runAndRead(client, 'show')).toEqual({ exitCode: 0, output: `${shown}\n` });
  });

  test('lies elsewhere in a folder with a package on a path of its own works', async () => {
    const project = await createProject(
      {
        'backend/manage.py': MANAGE_PY.replace(
          'import sys\n',
          "import sys\nsys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'lib'))\n",
        ),
        'lib/mysite/__init__.py': '',
        'lib/mysite/settings.py': SETTINGS.replace(", 'shop'", ''),
      },
      {},
    );
    const client = await start({ ...project, launch: { ...project.launch, managePy: 'backend/manage.py' } });
    expect(client.description.settingsModule).toBe('mysite.settings');
  });

  test('never imports the folder of the companion, and its own folder comes first', async () => {
    const project = await createProject({}, { show: 'print(sys.path[0]); print("devsetup" in "".join(sys.path[1:]))' });
    const client = await start(project);
    expect((await runAndRead(client, 'show')).output).toBe(`${project.directory}\nFalse\n`);
  });

  test('is a symbolic link works as under Python: its own folder counts', async () => {
    const project = await createProject({}, SHOW);
    await symlink(path.join(project.directory, 'manage.py'), path.join(project.directory, 'shop/dev.py'));
    const launch = { ...project.launch, managePy: 'dev.py', directory: path.join(project.directory, 'shop') };
    expect((await runAndRead(await start({ ...project, launch }), 'show')).exitCode).toBe(0);
  });

  test('runs under PYTHONSAFEPATH does not get its folder on the path', async () => {
    const project = await createProject({}, SHOW, { PYTHONSAFEPATH: '1' });
    const version = await promisify(execFile)(project.launch.python, [
      '-c',
      'import sys; print(hasattr(sys.flags, "safe_path"))',
    ]);
    const outcome = await start(project).then(
      () => 'started',
      (error: unknown) => (error as { code: string }).code,
    );
    expect(outcome).toBe(version.stdout.trim() === 'True' ? 'SETTINGS_FAILED' : 'started');
  });

  test.each([
    ['never calls Django', 'print("hello")\n', 'MANAGE_PY_NO_DJANGO', /manage\.py ended without calling/],
    ['raises', 'import sys\nraise RuntimeError("no way")\n', 'MANAGE_PY_FAILED', /RuntimeError: no way .*manage\.py:2/],
    ['ends itself', 'import sys\nprint("first fill in .env")\nsys.exit(3)\n', 'MANAGE_PY_FAILED', /sys\.exit\(3\)/],
    [
      'becomes another program',
      'import os\nos.execvp("env", ["env", "true"])\n',
      'MANAGE_PY_REPLACED',
      /another program: .*env true/,
    ],
    [
      'hands the command to a container',
      'import subprocess, sys\nsubprocess.run(["docker", "compose", "exec", "web", "python", "manage.py", *sys.argv[1:]])\n',
      'MANAGE_PY_REPLACED',
      /docker compose exec web python manage\.py migrate/,
    ],
    [
      'jumps for ever',
      'import os, sys\nos.execv(sys.executable, [sys.executable, *sys.argv])\n',
      'MANAGE_PY_REPLACED',
      /again and again/,
    ],
    ['has a syntax error', 'import os\ndef main(:\n', 'MANAGE_PY_FAILED', /SyntaxError.*manage\.py:2: def main\(:/],
  ])('%s is a clear error', async (_title, managePy, code, message) => {
    const project = await createProject({ 'manage.py': managePy });
    const failure = startCompanion(project.launch);
    await expect(failure).rejects.toMatchObject({ code, message: expect.stringMatching(message) as string });
  });

  test('prints before it gives up has that shown', async () => {
    const project = await createProject({ 'manage.py': 'import sys\nprint("first fill in .env")\nsys.exit("bye")\n' });
    const failure = startCompanion(project.launch);
    await expect(failure).rejects.toMatchObject({
      output: expect.arrayContaining(['first fill in .env', 'bye']) as string[],
    });
  });
});

describe('an interpreter', () => {
  test('that does not exist is named', async () => {
    const project = await createProject();
    const failure = startCompanion({ ...project.launch, python: '/nowhere/bin/python' });
    await expect(failure).rejects.toMatchObject({
      code: 'PYTHON_MISSING',
      message: expect.stringContaining('/nowhere') as string,
    });
  });

  test('that is no Python ends with what it printed', async () => {
    const project = await createProject();
    const python = path.join(project.directory, 'python');
    await writeFile(python, '#!/bin/sh\necho I am a shell\nexit 7\n');
    await chmod(python, 0o755);
    await expect(startCompanion({ ...project.launch, python })).rejects.toMatchObject({
      code: 'COMPANION_GONE',
      message: expect.stringContaining('exit code 7') as string,
      output: ['I am a shell'],
    });
  });
});
