import { expect, it } from 'vitest';

import { readCheckoutCode, type CheckoutCode } from '../../../../src/scaffold/setup-script/endings/checkout-code.ts';
import { judgeScript } from '../../../../src/scaffold/setup-script/judge-script.ts';
import { readShell } from '../../../../src/shell/plain/read-shell.ts';
import { makeTree } from '../../project/make-tree.ts';

const COMMAND = 'from django.core.management.base import BaseCommand\n';
const handle = (body: string, before = ''): string =>
  `${COMMAND}${before}\n\nclass Command(BaseCommand):\n    def handle(self, *args, **options):\n        ${body}\n`;

/** Management commands as projects write them: body, and whether a step may be made of it. */
const COMMANDS: Readonly<Record<string, readonly [source: string, becomes: 'step' | 'server' | 'asks']>> = {
  sync_prices: [handle('self.stdout.write("done")'), 'step'],
  go: [
    handle('call_command("runserver", "0.0.0.0:8000")', 'from django.core.management import call_command\n'),
    'server',
  ],
  go_further: [handle("call_command('go')", 'from django.core.management import call_command\n'), 'server'],
  calls_loaddata: [
    handle('call_command("loaddata", "x")', 'from django.core.management import call_command\n'),
    'step',
  ],
  calls_any: [handle('call_command(options["name"])', 'from django.core.management import call_command\n'), 'asks'],
  better: [
    'from django.core.management.commands.runserver import Command as Base\n\n\nclass Command(Base):\n    pass\n',
    'server',
  ],
  tick: [handle('while True:\n            self.tick()\n            time.sleep(1)', 'import time\n'), 'server'],
  retry: [handle('while True:\n            if self.tick():\n                break'), 'asks'],
  until_stopped: [handle('while not self.shutdown:\n            self.tick()'), 'asks'],
  serves: [handle('HTTPServer(("", 80), Handler).serve_forever()', 'from http.server import HTTPServer\n'), 'server'],
  replaces: [handle("os.execvp('gunicorn', ['gunicorn', 'x.wsgi'])", 'import os\n'), 'server'],
  celery_main: [handle("app.worker_main(['worker'])", 'from shop.celery import app\n'), 'server'],
  reloads: [handle('autoreload.run_with_reloader(self.work)', 'from django.utils import autoreload\n'), 'server'],
  event_loop: [handle('asyncio.get_event_loop().run_forever()', 'import asyncio\n'), 'server'],
  bot: [handle('Bot().work()'), 'asks'],
  child: [handle("subprocess.run(['celery', '-A', 'shop', 'worker'])", 'import subprocess\n'), 'server'],
  child_server: [
    handle("subprocess.check_call([sys.executable, 'manage.py', 'runserver'])", 'import subprocess, sys\n'),
    'server',
  ],
  child_line: [handle("os.system('npm run dev')", 'import os\n'), 'server'],
  child_unknown: [handle("subprocess.run(['our-tool'])", 'import subprocess\n'), 'asks'],
  asks_user: [handle('input("Sure? ")'), 'asks'],
  elsewhere: [handle('work_for_ever()', 'from shop.jobs import work_for_ever\n'), 'server'],
  nearby: [handle('work_for_ever()', 'from ...jobs import (\n    work_for_ever,\n)\n'), 'server'],
  other_part: [handle('once()', 'from shop.jobs import once\n'), 'step'],
  run_imports: [handle('pass'), 'asks'],
  says_runserver: [handle('print("now type runserver")  # while True:\n        """serve_forever()"""'), 'step'],
};

const JOBS = 'def work_for_ever():\n    while True:\n        pass\n\n\ndef once():\n    return 1\n';

const SCRIPTS = {
  icons: 'svgo icons',
  css: 'tailwindcss -i a.css -o b.css --watch',
  both: 'npm run icons && npm run css',
  tool: 'our-tool',
};

/** A line, where it runs, and whether a step may be made of it. */
const LINES: readonly (readonly [line: string, becomes: 'step' | 'server' | 'asks'])[] = [
  ['python manage.py loaddata countries', 'step'],
  ['python manage.py collectstatic --noinput', 'step'],
  ['python manage.py not_of_this_checkout', 'asks'],
  ['python manage.py runserver_plus', 'server'],
  ['python manage.py rundramatiq', 'server'],
  ['python manage.py qcluster', 'server'],
  ['python manage.py dbshell', 'server'],
  ['python manage.py tenant_command go --schema=acme', 'server'],
  ['python -m manage go', 'server'],
  ['python scripts/sow.py', 'step'],
  ['python scripts/listen.py', 'server'],
  ['python scripts/missing.py', 'asks'],
  ['npm run icons', 'step'],
  ['npm run css', 'server'],
  ['npm run both', 'server'],
  ['npm run tool', 'asks'],
  ['npm run missing', 'asks'],
  ['npm run dev', 'server'],
  ['npm start', 'server'],
  ['npx vite build', 'step'],
  ['npx vite', 'server'],
  ['webpack --mode production', 'step'],
  ['webpack --watch', 'server'],
  ['tsc -p .', 'step'],
  ['tsc -w', 'server'],
  ['celery -A shop worker -B', 'server'],
  ['daphne shop.asgi:application', 'server'],
  ['uvicorn shop.asgi:application', 'server'],
  ['hypercorn shop.asgi', 'server'],
  ['python -m http.server', 'server'],
  ['tail -f debug.log', 'server'],
  ['sleep infinity', 'server'],
  ['mkdir -p media', 'step'],
  ['our-tool --all', 'asks'],
];

const becomes = (line: string, code: CheckoutCode): string => {
  const [found] = judgeScript(line, { file: 'setup.sh', code }).unknown;
  if (found?.note === 'keeps-running') return 'server';
  return found?.offer === null ? 'nothing' : (found?.caution ?? 'step').replace('may-not-end', 'asks');
};

const readCode = async (): Promise<CheckoutCode> => {
  const commands = Object.entries(COMMANDS).map(([name, [text]]) => [`${FOLDER}/${name}.py`, text]);
  return readCheckoutCode(
    await makeTree({
      ...Object.fromEntries(commands),
      'backend/manage.py': '',
      'backend/shop/jobs.py': JOBS,
      'package.json': JSON.stringify({ scripts: SCRIPTS }),
      'scripts/sow.py': 'print("sown")\n',
      'scripts/listen.py': 'import socketserver\nsocketserver.TCPServer(("", 1), None).serve_forever()\n',
    }),
  );
};

const FOLDER = 'backend/shop/management/commands';

it('a management command of the project is a step, a server or a question by what its source does and calls', async () => {
  const code = await readCode();
  const found = Object.keys(COMMANDS).map((name) => [name, becomes(`python manage.py ${name}`, code)]);
  expect(found).toEqual(Object.entries(COMMANDS).map(([name, [, expected]]) => [name, expected]));
});

it('other programs are known by their names and words, by a script of package.json or by their source', async () => {
  const code = await readCode();
  expect(LINES.map(([line]) => [line, becomes(line, code)])).toEqual(LINES);
});

it('a server in the background is one that what follows does not wait for', () => {
  const { commands } = readShell('celery worker &\n(npm run dev) &\ngunicorn x', { file: 'setup.sh' });
  expect(commands.map(({ isBackground }) => isBackground)).toEqual([true, true, false]);
});

it('a step is not made of a command whose words a condition decides', () => {
  const { unknown } = judgeScript(
    'if [ "$DEV" = 1 ]; then\n  S=shop.dev\nelse\n  S=shop.prod\nfi\npython manage.py collectstatic --settings=$S\n',
    { file: 'setup.sh' },
  );
  expect(unknown).toMatchObject([{ line: 6, caution: 'conditional' }]);
});
