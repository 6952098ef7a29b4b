import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import type { Notice } from '../../../src/state/notice.ts';
import { readProcessStart } from '../../../src/state/process-identity.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { needs } from '../../support/needs.ts';
import { createUser, SHELLS, type Shell, type User } from './support.ts';

const gone = 2 ** 22 + 1;

/** Words that break a profile which is not careful. */
const CAREFUL: Readonly<Record<Shell, readonly string[]>> = {
  bash: [
    'set -eu',
    'set -o noclobber',
    'set -o posix',
    'set -f',
    "IFS=/; trap 'echo trapped' ERR",
    'shopt -s failglob nullglob nocasematch; set -o pipefail',
  ],
  zsh: [
    'setopt err_exit no_unset',
    'setopt err_return',
    'setopt no_clobber',
    'setopt ksh_arrays sh_word_split glob_subst',
    'setopt no_nomatch null_glob extended_glob',
    'emulate sh',
    'setopt warn_create_global',
    'IFS=/',
  ],
  fish: ['set -g fish_greeting', 'set -x fish_trace ""'],
};

/** fish always has a home. */
const UNSET_HOME: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['unset HOME', 'set -u; unset HOME'],
  zsh: ['unset HOME', 'set -u; unset HOME'],
  fish: [],
};

for (const shell of SHELLS) {
  const isHere = findOnPath(shell) !== undefined;
  describe(`the snippet for ${shell}`, needs(isHere, `${shell} is not installed`), () => {
    let user: User;
    beforeEach(() => {
      user = createUser(shell);
    });
    afterEach(() => user.remove());

    const notice = (changes: Partial<Notice> = {}): Notice => ({
      status: 'failed',
      pid: gone,
      processStart: null,
      root: user.checkout,
      text: 'it failed. What is wrong: npx devsetup doctor',
      gone: 'it was cut short. To go on: npx devsetup',
      ...changes,
    });
    const clean = { exitCode: 0, stderr: '', started: false };
    const silent = { ...clean, stdout: 'end\n' };
    const failed = { ...clean, stdout: 'devsetup: it failed. What is wrong: npx devsetup doctor\nend\n' };
    const shells = (terminal: ReturnType<User['open']>): ReturnType<User['open']> => ({
      ...terminal,
      // What bash says of having no terminal in a test.
      stderr: terminal.stderr.replaceAll(/^bash: (?:cannot set terminal|no job control).*\n/gm, ''),
    });
    const open: User['open'] = (options) => shells(user.open(options));

    test('says nothing where there is nothing to say', () => {
      expect(open()).toEqual(silent);
      user.write([]);
      expect(open()).toEqual(silent);
    });

    test('says one line in the checkout, also below it and by another name, and starts no program', () => {
      user.write([notice()]);
      expect(open()).toEqual(failed);
      expect(open({ cwd: path.join(user.checkout, 'backend') })).toEqual(failed);
      const link = path.join(user.home, 'link');
      symlinkSync(user.checkout, link);
      expect(open({ cwd: link, env: { PWD: link } })).toEqual(failed);
    });

    test('says nothing elsewhere', () => {
      user.write([notice()]);
      expect(open({ cwd: user.home })).toEqual(silent);
      mkdirSync(`${user.checkout} 2`);
      expect(open({ cwd: `${user.checkout} 2` })).toEqual(silent);
    });

    test.each(['CODESPACES', 'REMOTE_CONTAINERS', 'DEVCONTAINER'])('says it anywhere where %s is set', (name) => {
      user.write([notice()]);
      expect(open({ cwd: '/', env: { [name]: 'true' } })).toEqual(failed);
    });

    test('says what is nearest, and only that', () => {
      const other = path.join(user.home, 'other');
      mkdirSync(other);
      user.write([
        notice({ root: other, text: 'of the other' }),
        notice({ root: user.home, text: 'of the home' }),
        notice(),
        notice({ root: path.join(user.home, 'no more'), text: 'of one that is gone' }),
      ]);
      expect(open({ env: { CODESPACES: 'true' } })).toEqual(failed);
      expect(open({ cwd: '/', env: { CODESPACES: 'true' } }).stdout).toBe('devsetup: of the other\nend\n');
    });

    test('knows a run that goes on from one that was cut short, whoever has its number now', () => {
      const running = { status: 'running', text: 'it is running' } as const;
      const processStart = readProcessStart(process.pid);
      user.write([notice({ ...running, pid: process.pid, processStart })]);
      expect(open().stdout).toBe('devsetup: it is running\nend\n');
      user.write([notice({ ...running, pid: process.pid })]);
      expect(open().stdout).toBe('devsetup: it is running\nend\n');
      user.write([notice({ ...running, pid: gone, processStart: '12' })]);
      expect(open()).toMatchObject({ stdout: 'devsetup: it was cut short. To go on: npx devsetup\nend\n', stderr: '' });
      if (processStart === null) return;
      user.write([notice({ ...running, pid: process.pid, processStart: '12' })]);
      expect(open().stdout).toBe('devsetup: it was cut short. To go on: npx devsetup\nend\n');
    });

    test('looks where devsetup writes', () => {
      const at = (base: string): string => path.join(base, 'devsetup', 'notices');
      user.write([notice()], at(path.join(user.home, 'own')));
      expect(open({ env: { DEVSETUP_STATE_DIR: path.join(user.home, 'own'), XDG_STATE_HOME: '/nowhere' } })).toEqual(
        failed,
      );
      expect(open({ env: { XDG_STATE_HOME: path.join(user.home, 'own') } })).toEqual(failed);
      user.write([notice()]);
      expect(open({ env: { XDG_STATE_HOME: 'relative', DEVSETUP_STATE_DIR: '' } })).toEqual(failed);
    });

    test('says it once in a shell, however often it stands in the profile', () => {
      user.write([notice()]);
      const again = `${shell === 'fish' ? 'source ~/.config/fish/config.fish' : shell === 'bash' ? '. ~/.bashrc' : '. ~/.zshrc'}`;
      const guard =
        shell === 'fish'
          ? `set -q again; or begin; set -g again 1; ${again}; end`
          : `[ -n "\${again-}" ] || { again=1; ${again}; }`;
      expect(open({ after: guard })).toEqual(failed);
    });

    test('works by eval, too', () => {
      expect(open({ evaluated: true })).toEqual(silent);
      user.write([notice()]);
      expect(open({ evaluated: true })).toEqual(failed);
    });

    test('says nothing in a script', () => {
      user.write([notice()]);
      expect(open({ interactive: false })).toEqual(silent);
    });

    test('does not mind what is in the file', () => {
      writeFileSync(
        user.file,
        [
          '',
          'failed',
          'failed\t1',
          `done\t1\t-\t${user.checkout}\ttext\tgone\tmore`,
          `running\t1; echo bad\t-\t${user.checkout}\tbad\tbad`,
          `running\t$(echo bad)\t-\t${user.checkout}\tbad\tbad`,
          `failed\t1\t-\t$(echo bad)\tbad\tbad`,
          `failed\t1\t-\trelative\tbad\tbad`,
          `failed\t1\t-\t${user.checkout}\t$(echo x) \u001B[31m%s \\n \`y\`\u0007\tgone\ta column of later`,
          'failed\t1\t-\t/no end of line\tx\tgone',
        ].join('\n'),
      );
      expect(open()).toEqual({ ...clean, stdout: 'devsetup: $(echo x) [31m%s \\n `y`\nend\n' });
    });

    test('does not mind a file it cannot read', () => {
      user.write([notice()]);
      chmodSync(user.file, 0);
      expect(open({ unprivileged: true })).toEqual(silent);
    });

    test('does not mind a folder in its place', () => {
      mkdirSync(user.file);
      expect(open()).toEqual(silent);
    });

    test.each(UNSET_HOME[shell])('does not mind a home that is not there: %s', (before) => {
      expect(open({ before })).toEqual(silent);
    });

    test.each(CAREFUL[shell])('works after: %s', (before) => {
      expect(open({ before })).toEqual(silent);
      user.write([notice()]);
      expect(open({ before })).toEqual(failed);
      user.write([notice({ status: 'running' })]);
      expect(open({ before }).stdout).toBe('devsetup: it was cut short. To go on: npx devsetup\nend\n');
    });

    test('leaves no name behind but the one that says it was here', () => {
      user.write([notice()]);
      const names = {
        bash: 'declare -F; compgen -v',
        zsh: 'print -l ${(ok)functions} ${(ok)parameters}',
        fish: 'functions -a; set -n',
      };
      const before = open({ before: names[shell], env: { DEVSETUP_STATE_DIR: '/nowhere' } });
      const list = (text: string): ReadonlySet<string> => new Set(text.split('\n'));
      const after = open({ after: names[shell], env: { DEVSETUP_STATE_DIR: '/nowhere' } });
      const left = [...list(after.stdout)].filter((name) => !list(before.stdout).has(name));
      expect(left.filter((name) => !/^(_|PIPESTATUS|BASH_\w+|__fish\w*|fish_\w+)$/.test(name))).toEqual([
        '__devsetup_noticed',
      ]);
    });
  });
}
