import { writeFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';
import type { ProgressData } from '../../../src/django/protocol.ts';
import { needsLinux } from '../../support/needs.ts';
import { createProject, runAndRead, SETTINGS, start } from './support/django-project.ts';

describe('a command', () => {
  test.each([
    ['returns', 'pass', 0, ''],
    ['exits without a code', 'sys.exit()', 0, ''],
    ['exits with 3', 'sys.exit(3)', 3, ''],
    ['exits with a text', 'sys.exit("no")', 1, 'no\n'],
    ['exits with 256 + 2', 'sys.exit(258)', 2, ''],
    ['raises CommandError', 'raise CommandError("not today")', 1, 'CommandError: not today\n'],
    [
      'raises CommandError with a code',
      'raise CommandError("not today", returncode=5)',
      5,
      'CommandError: not today\n',
    ],
  ])('that %s has the exit code of manage.py', async (_title, body, exitCode, output) => {
    const client = await start(await createProject({}, { act: body }));
    expect(await runAndRead(client, 'act')).toEqual({ exitCode, output });
  });

  test('that raises has exit code 1, its traceback in the output and its place in the result', async () => {
    const client = await start(await createProject({}, { act: 'raise ValueError("odd")' }));
    let output = '';
    const result = await client.run({ command: 'act', args: [] }, { onOutput: (chunk) => void (output += chunk) });
    expect(result).toMatchObject({
      exitCode: 1,
      error: {
        code: 'COMMAND_FAILED',
        type: 'ValueError',
        message: 'odd',
        place: { source: 'raise ValueError("odd")' },
      },
    });
    expect(output).toMatch(/^Traceback[^]*ValueError: odd\n$/);
  });

  test.each([
    ['sys.exit("no plan")', 1, 'SystemExit', "sys.exit('no plan') was called"],
    ['raise KeyboardInterrupt', 130, 'KeyboardInterrupt', 'raised by the code, without Ctrl-C'],
  ])('that ends by %s has its reason in the result', async (body, exitCode, type, message) => {
    const client = await start(await createProject({}, { act: body }));
    const result = await client.run({ command: 'act', args: [] });
    expect(result).toMatchObject({
      exitCode,
      error: { code: 'COMMAND_FAILED', type, message, place: { source: body } },
    });
  });

  test('that a signal of somebody else interrupts was not interrupted by the user', async () => {
    const client = await start(
      await createProject({}, { act: 'os.kill(os.getpid(), signal.SIGINT)\ntime.sleep(600)' }),
    );
    const failure = { code: 'CRASHED', exitCode: 1, message: expect.stringContaining('SIGINT') as string };
    await expect(client.run({ command: 'act', args: [] })).rejects.toMatchObject(failure);
  });

  test('that the database refuses is a database error', async () => {
    const body = 'from django.db import connection\nconnection.cursor().execute("SELECT nonsense")';
    const client = await start(await createProject({}, { act: body }));
    const result = await client.run({ command: 'act', args: [] });
    expect(result).toMatchObject({
      exitCode: 1,
      error: { code: 'DATABASE_ERROR', type: 'django.db.utils.OperationalError' },
    });
  });

  test('that does not exist is not run, and similar ones are offered', async () => {
    const client = await start(await createProject());
    await expect(client.run({ command: 'migrat', args: [] })).rejects.toMatchObject({
      code: 'COMMAND_UNKNOWN',
      hint: expect.stringContaining('migrate') as string,
    });
  });

  test('gets its arguments and the argv of manage.py', async () => {
    const client = await start(await createProject({}, { act: 'print(sys.argv, options["words"])' }));
    expect((await runAndRead(client, 'act', ['a b', 'ü'])).output).toBe(
      "['manage.py', 'act', 'a b', 'ü'] ['a b', 'ü']\n",
    );
  });

  test('with a wrong option has the exit code of argparse and its words', async () => {
    const client = await start(await createProject({}, { act: 'pass' }));
    const result = await runAndRead(client, 'act', ['--nope']);
    expect(result.exitCode).toBe(2);
    expect(result.output).toContain('unrecognized arguments: --nope');
  });

  test('that asks a question gets the end of its input, not a terminal', async () => {
    const client = await start(await createProject({}, { act: 'print(input("sure? "))' }));
    const result = await runAndRead(client, 'act');
    expect(result.exitCode).toBe(1);
    expect(result.output).toContain('EOFError');
  });

  test('leaves nothing behind for the next one', async () => {
    const client = await start(
      await createProject(
        {},
        {
          act: 'os.environ["LEFT"] = "x"\nsys.leftover = 1',
          look: 'print("LEFT" in os.environ, hasattr(sys, "leftover"))',
        },
      ),
    );
    await client.run({ command: 'act', args: [] });
    expect((await runAndRead(client, 'look')).output).toBe('False False\n');
  });

  test('has its threads and exit handlers finished before it counts as done', async () => {
    const body = `
import atexit
atexit.register(lambda: print('handler'))
threading.Thread(target=lambda: (time.sleep(0.3), print('thread'))).start()
print('body')`;
    const client = await start(await createProject({}, { act: body }));
    expect((await runAndRead(client, 'act')).output).toBe('body\nthread\nhandler\n');
  });

  test('does not run the exit handlers of the warm process', async () => {
    const settings = `${SETTINGS}\nimport atexit, tempfile\nFOLDER = tempfile.TemporaryDirectory()\natexit.register(print, 'bye')\n`;
    const body = 'from django.conf import settings\nprint(os.path.isdir(settings.FOLDER.name))';
    const client = await start(await createProject({ 'mysite/settings.py': settings }, { act: body }));
    expect((await runAndRead(client, 'act')).output).toBe('True\n');
    expect((await runAndRead(client, 'act')).output).toBe('True\n');
  });
});

describe('migrations of a command', () => {
  test('are reported as they happen and in the result, with those that were faked', async () => {
    const client = await start(await createProject());
    const progress: ProgressData[] = [];
    const first = await client.run(
      { command: 'migrate', args: ['contenttypes', '--verbosity', '0'] },
      { onProgress: (data) => void progress.push(data) },
    );
    expect(first.exitCode).toBe(0);
    expect(first.migrations.map(({ migration, faked, schema }) => [migration, faked, schema])).toEqual([
      ['contenttypes.0001_initial', false, null],
      ['contenttypes.0002_remove_content_type_name', false, null],
    ]);
    expect(progress.map(({ kind }) => kind)).toEqual([
      'migration-started',
      'migration',
      'migration-started',
      'migration',
    ]);
    expect(progress.map((event) => ('number' in event ? [event.number, event.total] : null))).toEqual([
      [1, 2],
      [1, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(first.migrations.every(({ seconds }) => seconds > 0)).toBe(true);
    const faked = await client.run({ command: 'migrate', args: ['auth', '0001', '--fake'] });
    expect(faked.migrations).toMatchObject([{ migration: 'auth.0001_initial', faked: true }]);
    const again = await client.run({ command: 'migrate', args: ['contenttypes'] });
    expect(again).toMatchObject({ migrations: [], tenantsAdded: [], tenantsRemoved: [] });
    expect(client.starts()).toBe(1);
  });
});

describe('command options', () => {
  test('are those the parser takes', async () => {
    const client = await start(await createProject({}, { act: 'pass' }));
    const options = await client.commandOptions(['migrate', 'act', 'nope']);
    expect(options['nope']).toBeNull();
    expect(options['migrate']).toMatchObject({ app: 'django.core' });
    expect(options['migrate']?.options).toEqual(
      expect.arrayContaining(['--noinput', '--no-input', '--fake-initial', '-v']),
    );
    expect(options['act']).toMatchObject({ app: 'shop' });
    expect(options['act']?.options).not.toContain('--noinput');
  });
});

describe('output', () => {
  test('arrives line by line while the command runs', async () => {
    const body = 'print("one")\nwhile not os.path.exists("go"):\n    time.sleep(0.05)\nprint("two")';
    const project = await createProject({}, { act: body });
    const client = await start(project);
    const chunks: string[] = [];
    const onOutput = (chunk: string): void => {
      chunks.push(chunk);
      // The command prints its second line only after its first one has arrived here.
      writeFileSync(path.join(project.directory, 'go'), '');
    };
    await client.run({ command: 'act', args: [] }, { onOutput });
    expect(chunks).toEqual(['one\n', 'two\n']);
  });

  test('in invalid UTF-8 is replaced, and a character cut in two is not', async () => {
    const body = `
out = sys.stdout.buffer
out.write(b'ok \\xff\\xfe caf\\xc3'); out.flush(); time.sleep(0.3)
out.write(b'\\xa9 \\xe2\\x82'); out.flush()`;
    const client = await start(await createProject({}, { act: body }));
    expect((await runAndRead(client, 'act')).output).toBe('ok \ufffd\ufffd café \ufffd');
  });

  test('of characters beyond ASCII works without a locale', async () => {
    const client = await start(
      await createProject({}, { act: 'print("é €")' }, { LC_ALL: 'C', PYTHONCOERCECLOCALE: '0', PYTHONUTF8: '0' }),
    );
    expect((await runAndRead(client, 'act')).output).toBe('é €\n');
  });

  test('of 50 MB flows through without piling up in Python', needsLinux, async () => {
    const body = `for _ in range(50):\n    for _ in range(1024):\n        print('x' * 1023)`;
    const peak = 'print(open("/proc/%d/status" % os.getppid()).read())';
    const client = await start(await createProject({}, { act: body, peak }));
    const memory = async () => Number(/VmHWM:\s+(\d+)/.exec((await runAndRead(client, 'peak')).output)?.[1]);
    const before = await memory();
    let characters = 0;
    await client.run({ command: 'act', args: [] }, { onOutput: (chunk) => void (characters += chunk.length) });
    expect(characters).toBe(50 * 1024 * 1024);
    expect((await memory()) - before).toBeLessThan(8 * 1024);
  });
});
