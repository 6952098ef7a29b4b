import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

import type { Installed } from '../../../src/django/examination.ts';
import type { CompanionLaunch } from '../../../src/django/open-companion.ts';
import type { MissingEnvironment } from '../../../src/django/protocol.ts';
import { startCompanion } from '../../../src/django/start-companion.ts';
import { createProject, MANAGE_PY, SETTINGS, type DjangoProject } from './support/django-project.ts';

interface Told {
  readonly installed: readonly Installed[];
  readonly missing: readonly MissingEnvironment[];
  /** The code of the failure, or `ready`. */
  readonly outcome: unknown;
}

const tell = async (
  project: DjangoProject,
  requirements: readonly string[],
  launch: Partial<CompanionLaunch> = {},
): Promise<Told> => {
  const installed: Installed[] = [];
  const missing: MissingEnvironment[] = [];
  const outcome = await startCompanion({
    ...project.launch,
    requirements,
    onInstalled: (found) => installed.push(found),
    onMissing: (found) => missing.push(found),
    ...launch,
  }).then(
    async (client) => {
      await client.inspect();
      await client.close();
      return 'ready';
    },
    (error: { code: string }) => error.code,
  );
  return { installed, missing, outcome };
};

/** A folder of distributions as pip leaves them, for PYTHONPATH. */
const writeDistributions = async (
  directory: string,
  metadata: Readonly<Record<string, readonly string[]>>,
): Promise<string> => {
  const site = path.join(directory, 'site');
  for (const [name, fields] of Object.entries(metadata)) {
    const folder = path.join(site, `${name}.dist-info`);
    await mkdir(folder, { recursive: true });
    await writeFile(
      path.join(folder, 'METADATA'),
      `Metadata-Version: 2.1\n${fields.join('\n')}\n\nName: description\n`,
    );
  }
  return site;
};

describe('what is installed', () => {
  test('is told with what does not fit', async () => {
    const project = await createProject();
    const site = await writeDistributions(project.directory, {
      'Zig_Zag-1.4': [
        'Name: Zig_Zag',
        'Version: 1.4',
        'Requires-Dist: django>=1',
        'Requires-Dist: absent (>=2) ; python_version >= "3"',
        'Requires-Dist: never ; python_version < "3"',
        'Requires-Dist: optional ; extra == "more"',
        'Requires-Dist: zig-zag[more] ; extra == "all"',
        'Requires-Dist: django',
        '  >=99',
      ],
      '~eftover-1': ['Name: leftover', 'Version: 1'],
      'nameless-1': ['Version: 1'],
      'odd-1': ['Name: odd', 'Version: 2004-final!!'],
    });
    const requirements = [
      'Django>=4.2',
      'django<3',
      'DJANGO_TENANTS',
      'nowhere==1.0',
      'nowhere==1.0 ; sys_platform == "amiga"',
      'secret @ https://user:token@example.org/x.whl',
      'zig.zag[all]>=1.4.dev0',
      'odd>1',
      'this is no requirement',
    ];
    const { installed, outcome } = await tell(project, requirements, {
      env: { ...project.launch.env, PYTHONPATH: site },
    });
    expect(outcome).toBe('ready');
    expect(installed).toHaveLength(1);
    expect(installed[0]).toMatchObject({
      python: expect.stringMatching(/^3\.\d+\.\d+/),
      distributions: { 'django-tenants': expect.any(String), 'zig-zag': '1.4' },
      limitation: null,
    });
    expect(Object.keys(installed[0]?.distributions ?? {})).not.toContain('leftover');
    const django = installed[0]?.distributions['django'];
    expect(installed[0]?.unmet).toEqual([
      { requirement: 'django<3', found: django },
      { requirement: 'nowhere==1.0', found: null },
      { requirement: 'secret', found: null },
      { requirement: 'optional', found: null },
    ]);
    expect(installed[0]?.conflicts).toEqual([
      { distribution: 'Zig_Zag', requirement: 'absent>=2', found: null },
      { distribution: 'Zig_Zag', requirement: 'django>=99', found: django },
    ]);
  });

  test.each([
    ['manage.py wants what is not there', { 'manage.py': 'import not_installed_at_all' }, 'DJANGO_MISSING'],
    ['a package is not there', { 'mysite/settings.py': 'import not_installed_at_all' }, 'DJANGO_MISSING'],
    ['the settings fail', { 'mysite/settings.py': '1 / 0' }, 'SETTINGS_FAILED'],
    ['an app fails', { 'shop/models.py': '1 / 0' }, 'APPS_FAILED'],
    ['Python ends at once', { 'mysite/settings.py': 'import os; os._exit(3)' }, 'COMPANION_GONE'],
    ['Python is killed', { 'mysite/settings.py': 'import os; os.kill(os.getpid(), 11)' }, 'COMPANION_GONE'],
  ])('is told although %s', async (_title, files, code) => {
    const { installed, outcome } = await tell(await createProject(files), ['nowhere']);
    expect(outcome).toBe(code);
    expect(installed.map(({ unmet }) => unmet)).toEqual([[{ requirement: 'nowhere', found: null }]]);
  });

  test('is told once where manage.py hands over to another Python', async () => {
    const handsOver = `import os, sys
if 'AGAIN' not in os.environ:
    os.environ['AGAIN'] = 'yes'
    os.execv(sys.executable, [sys.executable, __file__, *sys.argv[1:]])
${MANAGE_PY}`;
    const { installed, outcome } = await tell(await createProject({ 'manage.py': handsOver }), []);
    expect([installed.length, outcome]).toEqual([1, 'ready']);
  });

  test('is told of an environment that has only names to go by', async () => {
    const project = await createProject();
    const broken = path.join(project.directory, 'broken');
    for (const name of ['packaging', 'pip', 'setuptools', 'ensurepip']) {
      await mkdir(path.join(broken, name), { recursive: true });
      await writeFile(path.join(broken, name, '__init__.py'), 'raise ImportError');
    }
    const { installed } = await tell(
      project,
      ['django<3', 'nowhere>=2', 'perhaps; python_version > "1"', 'other @ git+https://x'],
      {
        env: { ...project.launch.env, PYTHONPATH: broken },
      },
    );
    expect(installed[0]?.limitation).toContain('packaging');
    expect(installed[0]?.unmet).toEqual([
      { requirement: 'nowhere>=2', found: null },
      { requirement: 'other', found: null },
    ]);
  });

  test('leaves nothing behind in the process that Django runs in', async () => {
    const settings = `${SETTINGS}
import os, sys
assert not [name for name in sys.modules if 'packaging' in name or name.split('.')[0] in ('pip', 'setuptools')], 'polluted'
`;
    const { outcome } = await tell(await createProject({ 'mysite/settings.py': settings }), []);
    expect(outcome).toBe('ready');
  });
});

describe('missing variables', () => {
  const settings = `import os\n${SETTINGS}\nA = os.environ['APP_ONE']\nB = int(os.environ['APP_TWO'])\n`;

  test('are told in the same start that failed, once each', async () => {
    const { missing, installed, outcome } = await tell(await createProject({ 'mysite/settings.py': settings }), []);
    expect([outcome, installed.length]).toEqual(['SETTINGS_FAILED', 1]);
    expect(missing.map(({ variables }) => variables.map(({ name }) => name))).toEqual([['APP_ONE', 'APP_TWO']]);
  });

  test('are told also where manage.py hands over to another Python, and where processes were started before', async () => {
    const handsOver = `import os, sys
if 'AGAIN' not in os.environ:
    os.environ['AGAIN'] = 'yes'
    os.execv(sys.executable, [sys.executable, __file__, *sys.argv[1:]])
${MANAGE_PY}`;
    const forks = `import os, time
if os.fork() == 0:
    time.sleep(3)
    os._exit(0)
${settings}`;
    const { missing, outcome } = await tell(
      await createProject({ 'manage.py': handsOver, 'mysite/settings.py': forks }),
      [],
    );
    expect(outcome).toBe('SETTINGS_FAILED');
    expect(missing.map(({ variables }) => variables.map(({ name }) => name))).toEqual([['APP_ONE', 'APP_TWO']]);
  });

  test('a process that the settings leave behind does not keep Django from starting', async () => {
    const forks = `import os, time
child = os.fork()
if child == 0:
    time.sleep(86400)
    os._exit(0)
open('left', 'w').write(str(child))
${SETTINGS}`;
    const project = await createProject({ 'mysite/settings.py': forks });
    const { outcome } = await tell(project, []);
    expect(outcome).toBe('ready');
    process.kill(Number(await readFile(path.join(project.directory, 'left'), 'utf8')), 'SIGKILL');
  });
});
