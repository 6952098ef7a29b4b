import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { renderNotices, type Notice } from '../../../src/state/notice.ts';
import { findOnPath } from '../../support/find-on-path.ts';
import { isRoot, NOBODY } from '../../support/needs.ts';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

const snippet = (shell: Shell): string =>
  path.resolve(import.meta.dirname, `../../../templates/shell-hook/notice.${shell}`);

export interface Terminal {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number | null;
  /** Programs that were started although the snippet starts none. */
  readonly started: boolean;
}

export interface OpenTerminal {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Lines of the profile before the snippet. */
  readonly before?: string;
  readonly after?: string;
  /** By `eval`, as some put it into their profile. */
  readonly evaluated?: boolean;
  readonly interactive?: boolean;
  readonly flags?: readonly string[];
  /** As somebody other than root, who may read everything. */
  readonly unprivileged?: boolean;
}

/** A user with a profile that holds the snippet, and a PATH on which every program is a trap. */
export const createUser = (shell: Shell) => {
  const home = mkdtempSync(path.join(tmpdir(), 'devsetup-shell-'));
  const bin = path.join(home, 'bin');
  const trap = path.join(home, 'started');
  mkdirSync(bin);
  for (const name of ['node', 'npx', 'cat', 'grep', 'sed', 'pwd', 'kill', 'devsetup']) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n: > '${trap}'\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  const folder = path.join(home, '.local', 'state', 'devsetup');
  const checkout = path.join(home, 'my checkout [1]*');
  mkdirSync(path.join(checkout, 'backend'), { recursive: true });
  mkdirSync(folder, { recursive: true });
  return {
    home,
    checkout,
    file: path.join(folder, 'notices'),
    write: (notices: readonly Notice[], to = path.join(folder, 'notices')) => {
      mkdirSync(path.dirname(to), { recursive: true });
      writeFileSync(to, renderNotices(notices));
    },
    open: (options: OpenTerminal = {}): Terminal => {
      const profile = [
        options.before ?? '',
        sourceOf(shell, copySnippet(shell, home), options.evaluated === true),
        options.after ?? '',
      ].join('\n');
      const { program, args, files } = startOf(shell, home, options.interactive ?? true, options.flags ?? []);
      for (const file of files) {
        mkdirSync(path.dirname(file), { recursive: true });
        writeFileSync(file, profile);
      }
      const other = options.unprivileged === true && isRoot ? giveToNobody(home) : {};
      const run = spawnSync(program, args, {
        ...other,
        cwd: options.cwd ?? checkout,
        encoding: 'utf8',
        env: {
          PATH: bin,
          HOME: home,
          ZDOTDIR: home,
          TERM: 'xterm',
          ...options.env,
        },
      });
      const started = existsSync(trap);
      rmSync(trap, { force: true });
      return { stdout: run.stdout, stderr: run.stderr, exitCode: run.status, started };
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
};

export type User = ReturnType<typeof createUser>;

const giveToNobody = (home: string): { readonly uid: number; readonly gid: number } => {
  for (const name of ['', ...readdirSync(home, { recursive: true, encoding: 'utf8' })])
    chownSync(path.join(home, name), NOBODY, NOBODY);
  return { uid: NOBODY, gid: NOBODY };
};

/** The files that tell of a container are looked for where there are none: this machine may be one. */
const copySnippet = (shell: Shell, home: string): string => {
  const copy = path.join(home, 'snippet');
  writeFileSync(
    copy,
    readFileSync(snippet(shell), 'utf8').replaceAll(/\/(?:run\/)?\.(?:docker|container)env/g, '/nowhere'),
  );
  return copy;
};

const sourceOf = (shell: Shell, copy: string, evaluated: boolean): string => {
  const file = `'${copy}'`;
  if (!evaluated) return `${shell === 'fish' ? 'source' : '.'} ${file}`;
  return shell === 'fish' ? `eval (string collect <${file})` : `eval "$(<${file})"`;
};

/** The end shows that the profile was read to its end and the shell lives. */
const END = 'echo "end"';

const startOf = (shell: Shell, home: string, interactive: boolean, flags: readonly string[]) => {
  const program = findOnPath(shell) ?? shell;
  const mode = interactive ? ['-i'] : [];
  switch (shell) {
    case 'bash': {
      const file = path.join(home, '.bashrc');
      const args = interactive
        ? ['--rcfile', file, ...flags, '-i', '-c', END]
        : [...flags, '-c', `. '${file}'; ${END}`];
      return { program, args, files: [file] };
    }
    case 'zsh': {
      const file = path.join(home, '.zshrc');
      const read = interactive ? END : `. '${file}'; ${END}`;
      return { program, args: [...flags, ...mode, '-c', read], files: [file] };
    }
    case 'fish':
      return {
        program,
        args: [...flags, ...mode, '-c', END],
        files: [path.join(home, '.config', 'fish', 'config.fish')],
      };
  }
};
