import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';

/** Flags that say where a run works: a command that is printed during the run without them would work elsewhere. */
export interface PlaceFlags {
  readonly db?: 'embedded';
  readonly project?: string;
  readonly config?: string;
}

export interface Start {
  /** The program's file and what was typed, as Node has them. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that runs, without links. */
  readonly cli: string;
}

const NPX = 'npx devsetup';

/** How devsetup is typed: `npx devsetup`, except where it was started from elsewhere and npx would not find it. */
export const typedAs = ({ argv, cwd, env, cli }: Start): string => {
  const modules = cli.indexOf(`${path.sep}node_modules${path.sep}`);
  if (
    modules < 0 ||
    env['npm_command'] === 'exec' ||
    `${cwd}${path.sep}`.startsWith(`${cli.slice(0, modules)}${path.sep}`)
  )
    return NPX;
  const program = argv[1] ?? '';
  const isOnPath = (env['PATH'] ?? '').split(path.delimiter).includes(path.dirname(program));
  return isOnPath && path.basename(program) === 'devsetup' ? 'devsetup' : `node ${shellWord(cli)}`;
};

/** What was typed, without what only says how the result is shown, and without these flags, each of which has a value. */
export const repeatCommand = (argv: readonly string[], without: readonly string[] = []): string => {
  const words = argv.slice(2);
  const isLeftOut = (word: string, before: string | undefined): boolean =>
    ['--json', '--verbose'].includes(word) ||
    without.some((flag) => word === flag || before === flag || word.startsWith(`${flag}=`));
  return [NPX, ...words.filter((word, index) => !isLeftOut(word, words[index - 1])).map(shellWord)].join(' ');
};

/** `npx devsetup` and `npx devsetup doctor` in a text for people, with the flags of this run and as it was started. */
export const asTyped = (text: string, { db, project, config }: PlaceFlags, start: Start): string => {
  const flags = { db, project, config };
  const typed = text.replaceAll(
    /npx devsetup(?: doctor)?(?=((?: -{1,2}[\w-]+(?: [^\s`-][^\s`]*)?)*)(?:[`\n.,;:)]|\s{2}|$))/g,
    (command, given: string) =>
      [
        command,
        ...Object.entries(flags)
          .filter(([name, value]) => value !== undefined && !given.includes(` --${name}`))
          .map(([name, value]) => `--${name} ${shellWord(value ?? '')}`),
      ].join(' '),
  );
  return typed.replaceAll(NPX, typedAs(start));
};
