import { chmod, stat } from 'node:fs/promises';
import path from 'node:path';

import { resolveInCheckout } from '../checkout/boundary.ts';
import { LEADS_OUTSIDE, readBytes } from '../checkout/read-bytes.ts';
import { replaceFile } from '../checkout/replace-file.ts';
import type { FileForm } from '../core/check.ts';
import { messageOf } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import type { RunCommand } from '../process/run-command.ts';

/** Commands that do the same, as they are typed at the root. Not by `sed -i`: that of macOS takes another word, and knows no `\r`. */
export const formCommands = (name: string, make: FileForm): readonly string[] => {
  const file = shellWord(name);
  switch (make) {
    case 'executable':
      return [`chmod +x ${file}`, `git update-index --chmod=+x ${file}`];
    case 'unix-lines':
      return [`perl -pi -e 's/\\r$//' ${file}`];
    case 'no-mark':
      return [`perl -pi -e 's/^\\xEF\\xBB\\xBF// if $. == 1' ${file}`];
  }
};

export interface ChangeForm {
  /** The checkout it has to be in. */
  readonly root: string;
  readonly runCommand: RunCommand;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Changes how a file is stored, not what it says. Gives why it failed; null: it is done. Never throws. */
export const changeForm = async (file: string, make: FileForm, options: ChangeForm): Promise<string | null> => {
  try {
    if (make === 'executable') await makeExecutable(file, options);
    else await rewrite(file, make, options.root);
    return null;
  } catch (error) {
    return messageOf(error);
  }
};

const rewrite = async (file: string, make: 'unix-lines' | 'no-mark', root: string): Promise<void> => {
  const found = readBytes(file, { within: root });
  if (found.kind !== 'bytes') throw new Error(found.kind === 'absent' ? 'it does not exist' : found.reason);
  // Byte by byte: a script need not be valid UTF-8.
  const text = found.bytes.toString('latin1');
  const changed = make === 'unix-lines' ? text.replaceAll('\r\n', '\n') : text.replace(/^\u00EF\u00BB\u00BF/, '');
  await replaceFile(found.path, Buffer.from(changed, 'latin1'), root);
};

/** Whoever may read it may run it. git gets the mode as well, since it does not see it everywhere (core.fileMode). */
const makeExecutable = async (file: string, { root, runCommand, env }: ChangeForm): Promise<void> => {
  const real = resolveInCheckout(file, { within: root });
  if (real === null) throw new Error(LEADS_OUTSIDE);
  const { mode } = await stat(real);
  await chmod(real, (mode & 0o7777) | ((mode & 0o444) >> 2));
  const own = Object.fromEntries(
    Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
  const git = (...args: readonly string[]): ReturnType<RunCommand> =>
    runCommand(
      { program: 'git', args: ['-c', 'safe.directory=*', ...args], directory: path.dirname(real), env: own },
      { timeoutSeconds: 30 },
    );
  const known = await git('ls-files', '-s', '--', real);
  if (known.exitCode !== 0 || !known.stdout.startsWith('100644')) return;
  const staged = await git('update-index', '--chmod=+x', '--', real);
  if (staged.exitCode !== 0)
    throw new Error(`git update-index: ${staged.tail.trim().split('\n').at(-1) ?? 'it failed'}`);
};
