import { readFile } from 'node:fs/promises';
import path from 'node:path';

import { execa } from 'execa';
import { expect, it } from 'vitest';

import { joinCommand, putBefore } from '../../../src/shell/join-command.ts';
import { makeTree } from '../project/make-tree.ts';

/** Lets a shell run it, with programs that only write down that they were run, and where. */
const runIn = async (
  line: string,
): Promise<{ readonly ran: readonly string[]; readonly exitCode: number | undefined }> => {
  const program = '#!/bin/sh\necho "$(basename "$0") in $(basename "$PWD")" >> "$RECORD"\n';
  const root = await makeTree({ 'bin/old': { program }, 'bin/call': { program }, 'root/docs': null });
  const env = { PATH: `${path.join(root, 'bin')}:${process.env['PATH'] ?? ''}`, RECORD: path.join(root, 'record') };
  const { exitCode } = await execa('/bin/sh', ['-c', line], { cwd: path.join(root, 'root'), env, reject: false });
  const ran = await readFile(env.RECORD, 'utf8').catch(() => '');
  return { ran: ran.split('\n').filter((entry) => entry !== ''), exitCode };
};

it.each([
  'old',
  'old;',
  'old # comment',
  'true; old',
  'false || old',
  'old || true',
  'if true; then old; fi',
  'cd docs && cd .. && old',
  'set -e\nold',
  'exec old',
  'old\nexit 0',
  'cat <<EOF\nx\nEOF\nold',
])('a shell runs both, one after the other, from the same folder: %s', async (old) => {
  const joined = joinCommand(old, 'call');
  expect(await runIn(joined ?? '')).toEqual({ ran: ['old in root', 'call in root'], exitCode: 0 });
});

it.each([
  'cd docs && old',
  '(cd docs && old)',
  'cd docs; old;',
  'set -eu; cd docs; old',
  'pushd docs || cd docs && old',
])('the folder of the old one is not that of the call: %s', async (old) => {
  expect((await runIn(joinCommand(old, 'call') ?? '')).ran).toEqual(['old in docs', 'call in root']);
});

it.each([
  'false',
  'old && false',
  'exit 3',
  'set -e; false; true',
  'set -e; cd docs; false; true',
  'set -e\n# why\nfalse\ntrue',
])('where the old one fails nothing follows: %s', async (old) => {
  const { ran, exitCode } = await runIn(joinCommand(old, 'call') ?? '');
  expect(ran).not.toContain('call in root');
  expect(exitCode).not.toBe(0);
});

it('several calls are joined, too', () => {
  expect(joinCommand('old', 'one && two')).toBe('old && one && two');
});

it.each(['echo "not closed', 'if true; then old', ''])('what cannot be read is not joined: %s', (old) => {
  expect(joinCommand(old, 'call')).toBeUndefined();
});

it.each(['old', 'old & wait', 'old || true', 'cd . && old', 'true; old'])(
  'a server comes behind the call: %s',
  async (old) => {
    expect((await runIn(putBefore(old, 'call') ?? '')).ran).toEqual(['call in root', 'old in root']);
  },
);
