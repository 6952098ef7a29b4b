import { joinPlaced, placeInstead, type PlacedText } from '../../core/placed-text.ts';
import { hasHole } from '../../shell/holes.ts';
import { interpretShell } from '../../shell/interpret-shell.ts';
import type { Effort, ShellCall, ShellRun, Variable } from '../../shell/shell-run.ts';
import { isSameSpan } from '../is-same-span.ts';
import { readDjangoCommand } from '../model/django-command.ts';
import { isMigration, readMigration } from '../model/migrations.ts';
import type { Audit } from '../pipeline.ts';
import { certainCalls } from './certain-calls.ts';
import { quoteWords, type Command, type ContainerStart, type Copied, type ImageStart } from './container-start.ts';
import { joinPath, pathInImage } from './join-path.ts';
import { locate } from './read-dockerfile-start.ts';
import { writtenInBuild } from './written-in-build.ts';

export interface StartMigration {
  /** `manage.py migrate`, `alembic upgrade` */
  readonly command: string;
  readonly call: ShellCall;
  /** No condition may skip it, as far as the checkout sets what is asked for. */
  readonly isCertain: boolean;
}

/** What a container does when it starts. */
export interface FollowedStart {
  readonly start: ContainerStart;
  readonly migrations: readonly StartMigration[];
  /** What it runs, each once: `start.sh`, `manage.py migrate`, `gunicorn`. */
  readonly programs: readonly string[];
  /** Everything that it runs is known: the image's entry point, the scripts, the programs. */
  readonly isKnown: boolean;
  /** Scripts and images that are not in the checkout. */
  readonly unknown: readonly string[];
  /** It does not end by itself, as far as that shows. */
  readonly isServing: boolean;
  /** It starts a server of Django: management commands, a WSGI or ASGI application. */
  readonly isDjango: boolean;
}

type Around = Pick<Audit, 'holes' | 'readFile' | 'config' | 'project'> & { readonly effort: Effort };

const SERVER =
  /^(?:gunicorn|uwsgi|uvicorn|daphne|hypercorn|granian|waitress-serve|celery|flower|dramatiq|rq|huey|nginx|apache2ctl|apachectl|httpd|caddy|supervisord|circusd|honcho|foreman|overmind|hivemind|goreman|node|bun|deno|tsx|pm2-runtime|puma|unicorn|sidekiq|php-fpm|java|tail|sleep)$/;
/** Of programs that do other things, too. */
const SERVING_CALLS =
  /^(?:rails (?:s|server)|(?:next|nuxt|nest|strapi|medusa|remix-serve) (?:start|serve)|(?:flask|litestar) (?:\S+ )*run|fastapi run|php (?:artisan (?:serve|octane:start|queue:work|horizon)|-S)|mix phx\.server|dotnet (?:\S+\.dll|run)|(?:npm|yarn|pnpm) (?:run )?(?:start|serve)(?:[:-]\w+)?|serve|python3? (?:\S*\/)?(?:main|app|server|wsgi|asgi|run|bot)\.py)(?: |$)/;
const SERVING_COMMANDS =
  /^(?:runserver|runserver_plus|runworker|rqworker|qcluster|celery|process_tasks|run_huey|livereload)$/;

/** What a shell does by itself says nothing of what it starts. */
const BUILT_IN =
  /^(?:\[{1,2}|test|:|true|false|echo|printf|set|export|cd|shift|exit|return|trap|local|declare|read|wait|sleep)$/;

const SHELL: readonly PlacedText[] = ['/bin/sh', '-c'].map((text) => ({ text, segments: [] }));

/** Follows what a container runs when it starts. `image`: what its Dockerfile says; null: that is not in the checkout. */
export const followStart = (start: ContainerStart, image: ImageStart | null, around: Around): FollowedStart => {
  const script = scriptOf(start, image);
  // Whatever stands next to the image, its entry point is run first.
  const isImageKnown = image !== null || start.entrypoint !== null;
  if (script === null) {
    const unknown = isImageKnown ? (image?.base ?? []) : (start.image ?? start.build?.file ?? start.what);
    return {
      start,
      migrations: [],
      programs: [],
      isKnown: false,
      unknown: [unknown].flat(),
      isServing: false,
      isDjango: false,
    };
  }
  const follow = (takesDefaults: boolean): ShellRun => runScript(script, start, image, around, takesDefaults);
  const run = follow(false);
  const unknown = [
    ...run.unknownScripts.map(({ path }) => path),
    ...(isImageKnown ? [] : [start.image ?? start.what]),
    // It does more than is followed.
    ...(run.unfollowed.length === 0 ? [] : [start.what]),
  ];
  const isOpaque = run.calls.some(({ words }) => hasHole(words[0]?.value ?? ''));
  return {
    start,
    migrations: findMigrations(run, () => follow(true), around),
    programs: [...new Set(run.calls.map(describeCall))].filter((program) => !BUILT_IN.test(program)),
    isKnown: unknown.length === 0 && !isOpaque && run.calls.length > 0,
    unknown,
    isServing: isOpaque || run.calls.some(isServing) || isProgramOfImage(run.calls.at(-1)),
    isDjango: run.calls.some((call) => readDjangoCommand(call) !== null || runsApplication(call)),
  };
};

const runScript = (
  script: PlacedText,
  start: ContainerStart,
  image: ImageStart | null,
  around: Around,
  takesDefaults: boolean,
): ShellRun =>
  interpretShell({
    script,
    language: 'sh',
    errexit: false,
    pipefail: false,
    variables: new Map<string, Variable>([...(image?.variables ?? []), ...start.variables]),
    directory: null,
    layers: [{ kind: 'container', name: start.what, span: start.span }],
    holes: around.holes,
    // Lines may end as on Windows; an image turns that round.
    readFile: (path) => around.readFile(path)?.replaceAll('\r\n', '\n'),
    locate: placesIn(start, image, around),
    hasFolder: foldersIn(start, image, around),
    takesDefaults,
    files: writtenInBuild(image, around),
    effort: around.effort,
  });

/** What a condition may skip counts where it holds by default. */
const findMigrations = (run: ShellRun, byDefault: () => ShellRun, around: Around): readonly StartMigration[] => {
  const migrationsOf = ({ calls }: ShellRun): readonly StartMigration[] => {
    const found = calls.flatMap((call) => migrationOf(call, around) ?? []);
    const certain = certainCalls(found.map(({ call }) => call));
    return found.map((one) => ({ ...one, isCertain: certain.has(one.call) }));
  };
  const found = migrationsOf(run);
  if (found.every(({ isCertain }) => isCertain)) return found;
  const certain = migrationsOf(byDefault()).filter(({ isCertain }) => isCertain);
  return found.map((one) => ({
    ...one,
    isCertain: one.isCertain || certain.some(({ call }) => isSameSpan(call.span, one.call.span)),
  }));
};

const migrationOf = (call: ShellCall, { config }: Around): Omit<StartMigration, 'isCertain'> | null => {
  const found = readMigration(call, config);
  return found === null || !isMigration(found) ? null : { command: found.command, call };
};

const programOf = ({ words }: ShellCall): string => (words[0]?.value ?? '').replace(/^.*\//s, '');

const describeCall = (call: ShellCall): string => {
  const django = readDjangoCommand(call);
  return django === null ? programOf(call) : `manage.py ${django.name}`;
};

const isServing = (call: ShellCall): boolean => {
  const django = readDjangoCommand(call);
  if (django !== null) return SERVING_COMMANDS.test(django.name);
  const isModule = call.words.some(({ value }, index) => call.words[index - 1]?.value === '-m' && SERVER.test(value));
  return SERVER.test(programOf(call)) || isModule || SERVING_CALLS.test(withoutRunner(call));
};

const OF_SYSTEM = /^\/(?:usr\/)?s?bin\//;
/** What ends by itself. */
const ENDS =
  /migrat|seed|load|init|setup|import|export|backup|dump|restore|check|wait|create|fixture|test|sync|clean|clear|prune/i;
const NAMED_SERVER = /^(?:(?:[\w-]+[-_.])?(?:server|api|service|serve|web|gateway|backend|worker)|app|main)$/i;

/** A program that was compiled into the image, which nothing follows: `/app/shop`, `server`. */
const isProgramOfImage = (last: ShellCall | undefined): boolean => {
  const program = last?.words[0]?.value ?? '';
  const name = program.slice(program.lastIndexOf('/') + 1);
  if (last === undefined || hasHole(program) || name.includes('.') || ENDS.test(last.text)) return false;
  return program.includes('/') ? !OF_SYSTEM.test(program) : NAMED_SERVER.test(name);
};

/** `bundle exec rails server` */
const withoutRunner = ({ words }: ShellCall): string =>
  words
    .map(({ value }) => value)
    .join(' ')
    .replace(/^(?:bundle exec|npx(?: -y| --yes| --no-install)?|bunx) /, '')
    .replace(/^\S*\//, '');

const runsApplication = ({ words }: ShellCall): boolean => words.some(({ value }) => /\b[wa]sgi\b/.test(value));

const scriptOf = ({ entrypoint, command }: ContainerStart, image: ImageStart | null): PlacedText | null => {
  // An entry point that is written next to the image takes the place of both.
  const first = entrypoint ?? image?.entrypoint ?? null;
  if (entrypoint === null && first?.form === 'text') return first.text;
  const ofImage = entrypoint === null && command === null ? (image?.command ?? null) : null;
  const rest = command ?? ofImage;
  if (first === null) return rest === null ? null : textOf(rest);
  const isShellForm = ofImage?.form === 'text';
  const parts = rest === null ? [] : [isShellForm ? quoteWords([...SHELL, ofImage.text]) : textOf(rest)];
  return joinPlaced([textOf(first), ...parts.flatMap((part) => [placeInstead(' ', part), part])]);
};

const textOf = (command: Command): PlacedText => (command.form === 'text' ? command.text : quoteWords(command.words));

/** Copied there, or where a `cd` has led to is not known, below the folder that the image is built from. */
const foldersIn = (
  { mounted, build }: ContainerStart,
  image: ImageStart | null,
  { project }: Pick<Around, 'project'>,
) => {
  const copied: readonly Copied[] = [...(image?.copied ?? []), ...mounted];
  return (path: string): boolean => {
    const inImage = pathInImage(image?.directory ?? '/', path);
    const beside = path.startsWith('/') ? null : joinPath(build?.context ?? '', path);
    const found = [...locate(inImage, copied), ...(beside === null ? [] : [beside])];
    return found.some((one) => one !== '' && (project.paths ?? []).some((file) => file.startsWith(`${one}/`)));
  };
};

const placesIn = (
  { mounted, build }: ContainerStart,
  image: ImageStart | null,
  { project, readFile }: Pick<Around, 'project' | 'readFile'>,
) => {
  const copied: readonly Copied[] = [...(image?.copied ?? []), ...mounted];
  const context = build?.context ?? '';
  return (path: string): readonly string[] => {
    if (hasHole(path)) return [];
    const name = path.slice(path.lastIndexOf('/') + 1);
    const found = locate(pathInImage(image?.directory ?? '/', path), copied);
    // A program of the search path, or a folder that nothing names.
    const byName = copied.flatMap(({ from }) => (from.endsWith(`/${name}`) || from === name ? [from] : []));
    const beside = path.startsWith('/') ? [] : [joinPath(context, path) ?? ''];
    const likely = [...found, ...byName, ...beside];
    if (likely.some((one) => one !== '' && readFile(one) !== undefined)) return likely;
    // Where a `cd` has led to is not known: one file of that name is it.
    const below = path.replace(/^(?:\.?\/)+/, '');
    const same = (project.paths ?? []).filter((one) => one.startsWith(context) && one.endsWith(`/${below}`));
    return same.length === 1 ? same : [];
  };
};
