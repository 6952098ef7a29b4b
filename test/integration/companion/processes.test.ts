import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../../../src/django/protocol.ts';
import { startCompanion } from '../../../src/django/start-companion.ts';
import { needsLinux } from '../../support/needs.ts';
import { createProject, runAndRead, SETTINGS, start } from './support/django-project.ts';
import type { DjangoProject } from './support/django-project.ts';

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    // A zombie that nobody reaps is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** A test that waits without end is ended by its time limit. */
const until = async (isTrue: () => boolean): Promise<void> => {
  while (!isTrue()) await sleep(50);
};

/** What a promise rejects with; awaits it from the start, so that it may reject at any time. */
const rejectionOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );

/** Writes the process id of the command and of a child of it, then waits. */
const WAIT = `
child = subprocess.Popen(['sleep', '600'])
with open('pids.tmp', 'w') as file:
    file.write('%d %d' % (os.getpid(), child.pid))
os.rename('pids.tmp', 'pids')
time.sleep(600)`;

const readPids = async (project: DjangoProject): Promise<number[]> => {
  const file = path.join(project.directory, 'pids');
  await until(() => existsSync(file));
  return readFileSync(file, 'utf8').split(' ').map(Number);
};

describe('a command that crashes', () => {
  test.each([
    ['is killed', 'os.kill(os.getpid(), signal.SIGKILL)', { signal: 'SIGKILL' }],
    ['aborts', 'os.abort()', { signal: 'SIGABRT' }],
    ['leaves with os._exit', 'print("almost")\nos._exit(4)', { signal: null, exitCode: 4 }],
  ])('because it %s hurts nothing but itself', async (_title, body, data) => {
    const client = await start(await createProject({}, { act: body, fine: 'print("fine")' }));
    await expect(client.run({ command: 'act', args: [] })).rejects.toMatchObject({ code: 'CRASHED', cause: { data } });
    expect(await runAndRead(client, 'fine')).toEqual({ exitCode: 0, output: 'fine\n' });
    expect(client.starts()).toBe(1);
  });
});

test('a process that a command leaves behind with its output open does not hold up the result', async () => {
  const body =
    "left = subprocess.Popen(['sleep', '86400'], start_new_session=True)\nopen('left', 'w').write(str(left.pid))\nprint('started')";
  const project = await createProject({}, { act: body });
  const client = await start(project);
  expect(await runAndRead(client, 'act')).toEqual({ exitCode: 0, output: 'started\n' });
  const left = Number(readFileSync(path.join(project.directory, 'left'), 'utf8'));
  expect(isAlive(left)).toBe(true);
  process.kill(left, 'SIGKILL');
});

test('requests run at the same time, each with its own output', async () => {
  // Each prints its last line once all three have printed their first.
  const body = `
word = options["words"][0]
print(word)
open('here-' + word, 'w').close()
while not all(os.path.exists('here-' + other) for other in 'abc'):
    time.sleep(0.05)
print(word)`;
  const client = await start(await createProject({}, { act: body }));
  const results = await Promise.all(['a', 'b', 'c'].map((word) => runAndRead(client, 'act', [word])));
  expect(results.map(({ output }) => output)).toEqual(['a\na\n', 'b\nb\n', 'c\nc\n']);
});

describe('an interruption', () => {
  test('reaches the command and its children', async () => {
    const project = await createProject({}, { act: WAIT });
    const client = await start(project);
    const controller = new AbortController();
    const failure = client.run({ command: 'act', args: [] }, { signal: controller.signal });
    const pids = await readPids(project);
    controller.abort();
    await expect(failure).rejects.toMatchObject({ code: 'CANCELLED', exitCode: 130 });
    await until(() => !pids.some(isAlive));
  });

  test('lets a command tidy up, and its own end counts unless it reports success', async () => {
    const body = (code: number): string => `
try:
    print('ready')
    time.sleep(600)
except KeyboardInterrupt:
    print('tidied up')
    sys.exit(${code})`;
    const client = await start(await createProject({}, { act: body(0), fail: body(9) }));
    let output = '';
    const interrupted = async (command: string): Promise<RunResult> => {
      const controller = new AbortController();
      output = '';
      const onOutput = (chunk: string): void => {
        output += chunk;
        controller.abort();
      };
      return client.run({ command, args: [] }, { signal: controller.signal, onOutput });
    };
    await expect(interrupted('act')).rejects.toMatchObject({ code: 'CANCELLED', exitCode: 130 });
    expect(output).toBe('ready\ntidied up\n');
    expect((await interrupted('fail')).exitCode).toBe(9);
  });

  test('becomes stronger for a command that ignores it', async () => {
    const body = 'signal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("ready")\ntime.sleep(600)';
    const client = await start(await createProject({}, { act: body }));
    const controller = new AbortController();
    const failure = client.run(
      { command: 'act', args: [] },
      { signal: controller.signal, onOutput: () => controller.abort() },
    );
    await expect(failure).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('that came before the request counts', async () => {
    const client = await start(await createProject({}, { act: 'time.sleep(600)' }));
    const failure = client.run({ command: 'act', args: [] }, { signal: AbortSignal.abort() });
    await expect(failure).rejects.toMatchObject({ code: 'CANCELLED' });
  });
});

describe('when one side goes away', () => {
  test('closing the client kills what runs', async () => {
    const project = await createProject({}, { act: WAIT });
    const client = await startCompanion(project.launch);
    const rejection = rejectionOf(client.run({ command: 'act', args: [] }));
    const pids = await readPids(project);
    await client.close();
    expect(await rejection).toMatchObject({ code: 'CANCELLED' });
    await until(() => ![client.description.pid, ...pids].some(isAlive));
    await expect(client.inspect()).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  test('SIGTERM to the companion kills what runs and rejects every request', async () => {
    const project = await createProject({}, { act: WAIT });
    const client = await startCompanion(project.launch);
    const rejection = rejectionOf(client.run({ command: 'act', args: [] }));
    const pids = await readPids(project);
    process.kill(client.description.pid, 'SIGTERM');
    expect(await rejection).toMatchObject({
      code: 'COMPANION_GONE',
      message: expect.stringContaining('`run` was running') as string,
    });
    await until(() => !pids.some(isAlive));
    await expect(client.run({ command: 'act', args: [] })).rejects.toMatchObject({ code: 'COMPANION_GONE' });
  });

  test('a companion that is killed takes its children along', needsLinux, async () => {
    const project = await createProject({}, { act: WAIT });
    const client = await startCompanion(project.launch);
    const rejection = rejectionOf(client.run({ command: 'act', args: [] }));
    const [command = 0, grandchild = 0] = await readPids(project);
    process.kill(client.description.pid, 'SIGKILL');
    expect(await rejection).toMatchObject({ code: 'COMPANION_GONE' });
    await until(() => !isAlive(command));
    process.kill(grandchild, 'SIGKILL');
  });

  test('a Ctrl-C meant for the whole foreground does not end the companion', async () => {
    const client = await start(await createProject({}, { act: 'print("here")' }));
    process.kill(client.description.pid, 'SIGINT');
    expect((await runAndRead(client, 'act')).output).toBe('here\n');
  });
});

describe('a project whose start leaves a thread running', () => {
  const settings = `${SETTINGS}
import sys, threading, time
threading.Thread(target=lambda: time.sleep(600), daemon=True, name='metrics agent').start()
print('starting with', sys.argv[1:])
`;
  const commands = {
    act: 'print(os.environ.get("MARK"), options["words"])\nsys.exit(3)',
    wait: WAIT,
    asks: 'input()',
    crash: 'os._exit(4)',
    mark: 'os.environ["MARK"] = "1"',
  };

  test('is served by fresh processes in the same way, and says why', async () => {
    const client = await start(await createProject({ 'mysite/settings.py': settings }, commands));
    expect(client.description).toMatchObject({
      mode: 'fresh',
      modeReason: expect.stringContaining('metrics agent') as string,
    });
    await runAndRead(client, 'mark');
    expect(await runAndRead(client, 'act', ['x'])).toEqual({
      exitCode: 3,
      output: "starting with ['act', 'x']\nNone ['x']\n",
    });
    expect((await runAndRead(client, 'asks')).output).toContain('EOFError');
    await expect(client.run({ command: 'crash', args: [] })).rejects.toMatchObject({ code: 'CRASHED' });
    await expect(client.run({ command: 'nope', args: [] })).rejects.toMatchObject({ code: 'COMMAND_UNKNOWN' });
    expect(client.starts()).toBe(6);
  });

  test('can be interrupted, and stops when devsetup is gone', async () => {
    const project = await createProject({ 'mysite/settings.py': settings }, commands);
    const client = await startCompanion(project.launch);
    const controller = new AbortController();
    const rejection = rejectionOf(client.run({ command: 'wait', args: [] }, { signal: controller.signal }));
    const pids = await readPids(project);
    controller.abort();
    expect(await rejection).toMatchObject({ code: 'CANCELLED' });
    await until(() => !pids.some(isAlive));
    await client.close();
  });

  test('can be interrupted while the fresh process still starts', async () => {
    const slow = `${settings}\nif sys.argv[1] == 'act':\n    time.sleep(600)\n`;
    const client = await start(await createProject({ 'mysite/settings.py': slow }, commands));
    const controller = new AbortController();
    const rejection = rejectionOf(
      client.run(
        { command: 'act', args: [] },
        { signal: controller.signal, onOutput: () => void setTimeout(() => controller.abort(), 300) },
      ),
    );
    expect(await rejection).toMatchObject({ code: 'CANCELLED' });
  });
});
