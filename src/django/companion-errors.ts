import { DevsetupError, ExitCode, isDevsetupError } from '../core/errors.ts';
import { isRecord } from '../core/shape.ts';
import type { CompanionEnding } from './open-companion.ts';
import type { CodePlace, CompanionError, Method } from './protocol.ts';

export interface ErrorContext {
  /** The interpreter, for messages about what is not installed. */
  readonly python: string;
  readonly managePy: string;
  /** What the project printed, newest last. */
  readonly output?: readonly string[];
}

const INSTALL_HINT =
  "Install the project's dependencies: `npx devsetup --only backend-dependencies --force`; add the package to the requirement files if it is not in them.";

/** What the companion answered where a request rejected with this; null for any other failure. */
export const companionErrorOf = (error: unknown): Pick<CompanionError, 'data'> | null =>
  isDevsetupError(error) && isCompanionError(error.cause) ? error.cause : null;

export const isCompanionError = (cause: unknown): cause is CompanionError =>
  isRecord(cause) && isRecord(cause['data']) && 'traceback' in cause;

/** The project connected to something that did not answer: its code need not be wrong. */
export const isUnreached = (error: CompanionError | null): error is CompanionError =>
  error !== null && isRecord(error.data['unreached']);

/** `file:12: source line`, or '' where no place is known. */
export const renderPlace = (place: CodePlace | null): string =>
  place === null ? '' : `${place.file}:${place.line}${place.source === '' ? '' : `: ${place.source}`}`;

/** The messages of the whole chain of exceptions: the lines of the traceback that are neither frames nor source. */
export const messagesOf = ({ traceback, message }: CompanionError): string =>
  [...traceback.split('\n').filter((line) => !line.startsWith(' ')), message].join('\n');

/** `KeyError: 'SECRET_KEY' (settings.py:12: …)`: exception, message and place on one line. */
const renderCause = (error: CompanionError): string => {
  const message = error.message.trim();
  const what = error.type === null ? message : `${error.type}: ${message}`;
  return error.place === null ? what : `${what} (${renderPlace(error.place)})`;
};

const moduleOf = (error: CompanionError): string =>
  typeof error.data['module'] === 'string' ? error.data['module'] : 'django';

/** No value of an environment variable mends these. */
const CODE_ERRORS =
  /^(SyntaxError|IndentationError|TabError|ImportError|ModuleNotFoundError|NameError|AttributeError)$/;

const brokenHint = ({ type, data }: CompanionError): string => {
  const name = type?.split('.').at(-1);
  if (typeof data['schema'] === 'string' && data['schema'] !== 'public' && name === 'NodeNotFoundError')
    return `Replaced migrations are recorded in part in schema ${data['schema']}, or a file is missing; \`git status\` shows whether one was not committed.`;
  switch (name) {
    case 'CircularDependencyError':
      return 'Take one of the dependencies out of the migrations it names.';
    case 'BadMigrationError':
      return 'Give the file a class Migration, or move it out of the folder of migrations.';
    case 'ModuleNotFoundError':
    case 'ImportError':
      return 'Correct that import, or MIGRATION_MODULES in the settings if it names a module that does not exist.';
    default:
      return 'A migration file is broken or missing; `git status` shows whether one was not committed.';
  }
};

/** What to do about a process that ended before it had a result: by this signal, or (no text) with an exit code. */
export const endingHint = (signal: unknown): string => {
  if (typeof signal !== 'string')
    return 'Code of the project, or native code, ended the process: search for os._exit and run devsetup again.';
  if (signal === 'SIGKILL') return 'The system kills processes when memory runs out: give it more, then run again.';
  return ['SIGINT', 'SIGTERM', 'SIGHUP'].includes(signal)
    ? 'Another program, or a person, ended the process: run devsetup again.'
    : 'Native code crashed. It may have been built for another Python: install the packages again with `npx devsetup --only backend-dependencies --force`.';
};

type Words = (error: CompanionError, context: ErrorContext) => { readonly message: string; readonly hint?: string };

/** As the companion's `pipes.py` says it: the code that reads the pipe is right. */
const pipeHint = (error: CompanionError): string | undefined =>
  error.type === 'TimeoutError' && error.message.includes('it is a named pipe')
    ? 'Start or unlock the program that writes to the pipe, then run devsetup again; or put a regular file in its place.'
    : undefined;

const WORDS: Readonly<Record<string, Words>> = {
  DJANGO_MISSING: (error, { python }) => ({
    message:
      moduleOf(error) === 'django'
        ? `Django is not installed for ${python}.`
        : `The Python package \`${moduleOf(error)}\` is not installed for ${python}${error.place === null ? '' : `; it is imported at ${renderPlace(error.place)}`}.`,
    hint: INSTALL_HINT,
  }),
  MANAGE_PY_FAILED: (error, { managePy }) => ({
    message: `${managePy} failed before Django started: ${renderCause(error)}`,
    hint: pipeHint(error) ?? `See for yourself: ${managePy} migrate --check, with the same environment.`,
  }),
  MANAGE_PY_NO_DJANGO: (_error, { managePy }) => ({
    message: `${managePy} ended without calling Django's execute_from_command_line.`,
    hint: 'If this is not the manage.py of the project, set `backend.managePy` in the configuration.',
  }),
  MANAGE_PY_REPLACED: (error) => ({
    message: error.message,
    hint: 'devsetup runs manage.py itself; set `backend.python` in the configuration to the interpreter that the project uses.',
  }),
  SETTINGS_FAILED: (error) => ({
    message: `The settings cannot be loaded: ${renderCause(error)}`,
    hint:
      pipeHint(error) ??
      (CODE_ERRORS.test(error.type ?? '')
        ? `Fix the code${error.place === null ? ' it names' : ` at ${error.place.file}:${error.place.line}`}.`
        : `Fix the settings${error.place === null ? '' : ` at ${error.place.file}:${error.place.line}`}, or set the environment variable they ask for.`),
  }),
  APPS_FAILED: (error) => ({
    message: `Django cannot load the apps of the project: ${renderCause(error)}`,
    hint: 'Correct what it names: the settings of the apps in INSTALLED_APPS, or the code of the app.',
  }),
  MIGRATIONS_BROKEN: (error) => ({
    message: `The migrations cannot be loaded: ${renderCause(error)}`,
    hint: brokenHint(error),
  }),
  MIGRATION_CONFLICT: (error) => ({
    message: error.message,
    hint: 'Merge the branches of the migrations with `python manage.py makemigrations --merge` and commit the result.',
  }),
  COMMAND_UNKNOWN: (error) => {
    const similar = Array.isArray(error.data['similar']) ? error.data['similar'].map(String) : [];
    return {
      message: error.message,
      hint:
        similar.length > 0 ? `Did you mean ${similar.join(', ')}?` : '`python manage.py help` lists those there are.',
    };
  },
  DATABASE_ERROR: (error) => ({
    message: `The database refused: ${renderCause(error)}`,
    hint: 'Fix what it names (`python manage.py dbshell` opens the database), then run devsetup again.',
  }),
  CRASHED: (error) => ({ message: error.message, hint: endingHint(error.data['signal']) }),
  CANCELLED: () => ({ message: 'Interrupted.' }),
  INTERNAL: (error) => ({
    message: `${error.place === null ? 'The Django companion' : "The project's code"} failed: ${renderCause(error)}`,
  }),
};

export const CANCELLED: CompanionError = {
  code: 'CANCELLED',
  type: null,
  message: '',
  traceback: '',
  place: null,
  data: {},
};

/** The failure as devsetup shows it. `cause` is the CompanionError, with its traceback, for the log. */
export const toDevsetupError = (error: CompanionError, context: ErrorContext): DevsetupError =>
  new DevsetupError({
    code: error.code,
    ...(WORDS[error.code]?.(error, context) ?? { message: renderCause(error) }),
    ...(error.code === 'CANCELLED' && { exitCode: ExitCode.interrupted }),
    output: context.output ?? [],
    cause: error,
  });

const DOING: Readonly<Record<Method, string>> = {
  'command-options': 'Asking a command for its options',
  inspect: 'The inspection of the schemas',
  inputs: 'Listing what the settings have read',
  run: 'The command',
  'migrate-tenants': 'The migration of the tenants',
  'ensure-tenant': 'The creation of the tenant',
  'inspect-superuser': 'The inspection of the superuser',
  'ensure-superuser': 'The creation of the superuser',
  examine: 'The examination of the project',
  'would-fake': 'The search for tables that are there already',
  'create-tables': 'The creation of the missing tables',
};

/** A request, or the start of Django (null), took longer than the configuration allows. */
export const timedOutError = (method: Method | null, seconds: number, output: readonly string[] = []): DevsetupError =>
  new DevsetupError({
    code: TIMED_OUT,
    message: `${method === null ? 'The start of Django' : DOING[method]} did not end within ${seconds} seconds.`,
    hint: 'If it is only slow, raise timeouts.commandSeconds in the configuration.',
    output,
  });
export const TIMED_OUT = 'COMMAND_TIMED_OUT';

/** The interpreter could not be started at all. */
export const pythonMissingError = (python: string, reason: string): DevsetupError =>
  new DevsetupError({
    code: 'PYTHON_MISSING',
    message: `The Python interpreter ${python} cannot be started (${reason}).`,
    hint: 'Create the virtual environment with `npx devsetup --only backend-dependencies`, or set `backend.python` in the configuration.',
  });

/** The code of an end of the companion itself: whatever else was asked of it gets no answer either. */
export const COMPANION_GONE = 'COMPANION_GONE';

/** The companion ended although nobody asked it to. */
export const companionGoneError = (ending: CompanionEnding, doing: string): DevsetupError =>
  new DevsetupError({
    code: COMPANION_GONE,
    message: `The Django process ended while ${doing} (${ending.signal ?? `exit code ${ending.exitCode}`}).`,
    hint: `${endingHint(ending.signal)} What was finished stays finished.`,
    output: ending.output,
  });
