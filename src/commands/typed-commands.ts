import { existsSync, realpathSync } from 'node:fs';
import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import { FETCHED } from '../demo/typed-devsetup.ts';
import { packageFile } from '../version.ts';
import type { DatabaseFlag } from './common-options.ts';
import { shorter } from './next-command.ts';

/** Flags that say where a run works: a command that is printed during the run without them would work elsewhere. */
export interface PlaceFlags {
  readonly db?: DatabaseFlag | undefined;
  readonly environment?: string | undefined;
  readonly project?: string | undefined;
  readonly config?: string | undefined;
  readonly devContainer?: string | undefined;
}

type PlaceFlag = Exclude<keyof PlaceFlags, 'devContainer'> | 'dev-container';

export interface Start {
  /** The program's file and what was typed, as Node has them. */
  readonly argv: readonly string[];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The file that runs, without links. */
  readonly cli: string;
  /** npx finds the package in this folder or above it. */
  readonly isInstalled: boolean;
}

const NPX = 'npx devsetup';
/** The name of the package: with it, npx never fetches another package than this one. */
const PACKAGE = 'django-devsetup';
const PROGRAMS: readonly string[] = ['devsetup', PACKAGE];

/** The name the program was started by, for its usage line. */
export const startedAs = (argv: readonly string[]): string =>
  PROGRAMS.find((name) => path.basename(argv[1] ?? '') === name) ?? 'devsetup';

export const readStart = ({ argv, env }: Pick<Start, 'argv' | 'env'>, folder: string): Start => {
  const cwd = realpathSync(folder);
  const cli = realpathSync(argv[1] ?? packageFile('dist/cli.js'));
  return { argv, env, cwd, cli, isInstalled: isInstalledAround(cwd) };
};

/** Whether npx finds the package from this folder. */
const isInstalledAround = (folder: string): boolean =>
  existsSync(path.join(folder, 'node_modules', PACKAGE, 'package.json')) ||
  (path.dirname(folder) !== folder && isInstalledAround(path.dirname(folder)));

/**
 * How devsetup is typed: `npx devsetup` where the checkout has it, and where not, as it was started. `npx devsetup` would fetch another
 * package of that name there.
 */
export const typedAs = ({ argv, env, cli, isInstalled }: Start): string => {
  const isPackage = cli.includes(`${path.sep}node_modules${path.sep}`);
  if (isInstalled || !isPackage) return NPX;
  if (env['npm_command'] === 'exec' || FETCHED.test(cli)) return `npx ${PACKAGE}`;
  const program = argv[1] ?? '';
  const isOnPath = (env['PATH'] ?? '').split(path.delimiter).includes(path.dirname(program));
  return isOnPath && PROGRAMS.includes(path.basename(program)) ? path.basename(program) : `node ${shellWord(cli)}`;
};

/** What was typed, without what only says how the result is shown, and without these flags, each of which has a value. */
export const repeatCommand = (argv: readonly string[], without: readonly string[] = []): string => {
  const words = argv.slice(2);
  const isLeftOut = (word: string, before: string | undefined): boolean =>
    ['--json', '--verbose'].includes(word) ||
    without.some((flag) => word === flag || before === flag || word.startsWith(`${flag}=`));
  return [NPX, ...words.filter((word, index) => !isLeftOut(word, words[index - 1])).map(shellWord)].join(' ');
};

/** Which of these flags a command takes; '' is the run itself. */
export const PLACE_FLAGS: Readonly<Record<string, readonly PlaceFlag[]>> = {
  '': ['db', 'project', 'config'],
  doctor: ['db', 'project', 'config'],
  exec: ['db', 'project', 'config', 'dev-container'],
  migrate: ['environment', 'project', 'config'],
  audit: ['project', 'config'],
  decouple: ['project', 'config'],
  init: ['project', 'config'],
  status: ['project'],
  up: ['project', 'dev-container'],
  down: ['project', 'dev-container'],
  'db start': ['project', 'config'],
  'db stop': ['project'],
  'db status': ['project'],
  'db url': ['project', 'config'],
  'db env': ['project', 'config'],
  'db psql': ['project', 'config'],
  'db reset': ['project'],
};

const COMMAND = new RegExp(
  String.raw`npx devsetup(?: (${Object.keys(PLACE_FLAGS)
    .filter((name) => name !== '')
    .join('|')}))?(?=((?: -{1,2}[\w-]+(?: [^\s\`-][^\s\`]*)?)*)(?:[\`\n.,;:)]|\s{2}| (?:--|&&|\|) |$))`,
  'g',
);

/** A command of Django, unless it already says how it is run. */
const MANAGE = /(?<![\w./-]|-- )python manage\.py(?= )/g;

/** Commands, in backticks or the text itself, that name files of the checkout as they are called at its root. */
const AT_ROOT =
  /(?<=^|`)(?:chmod|cp|docker compose|git (?:rm|update-index)|ls -ld|mkdir -p|npx @devcontainers\/cli|perl -pi|sudo chown|[^\s`]+ -m (?:ensurepip|venv)) /g;

export interface Typist {
  /** Of the checkout; undefined: no command names a file of it. */
  readonly root?: string | undefined;
  /** What `python manage.py` is. */
  readonly manage?: string | undefined;
}

/**
 * A text for people whose printed commands run as they are: `npx devsetup …` with the flags of this run and as it was started,
 * `python manage.py …` as `manage` says, and what names files of the checkout at its root.
 */
export const asTyped = (text: string, flags: PlaceFlags, start: Start, { root, manage }: Typist = {}): string => {
  const { db, environment, project, config, devContainer } = flags;
  const toRoot =
    root === undefined || path.relative(start.cwd, root) === '' ? '' : `cd ${shellWord(shorter(start.cwd, root))} && `;
  const placed = toRoot === '' ? text : text.replaceAll(AT_ROOT, (command) => toRoot + command);
  const typed = (manage === undefined ? placed : placed.replaceAll(MANAGE, () => manage)).replaceAll(
    COMMAND,
    (command, name: string | undefined, given: string) =>
      [
        command,
        ...Object.entries({ db, environment, project, config, 'dev-container': devContainer })
          .filter(([flag]) => PLACE_FLAGS[name ?? '']?.includes(flag as PlaceFlag))
          .filter(([flag, value]) => value !== undefined && !given.includes(` --${flag}`))
          .map(([flag, value]) => `--${flag} ${shellWord(value ?? '')}`),
      ].join(' '),
  );
  return typed.replaceAll(NPX, typedAs(start));
};
