import { isRecord } from '../core/shape.ts';

/** How hooks call devsetup: never a package of that name from the registry. */
export const CALL = 'npx --no-install devsetup';
/** At every start: does nothing where the last set-up went well. */
export const HEALING = `${CALL} --if-needed`;
/** In prebuilds, without a database and without secrets. */
export const INSTALLING = `${CALL} --only backend-dependencies,frontend-dependencies`;

/**
 * Lets a hook that ends with a call say what to do if there is no devsetup: npx itself says "canceled due to missing packages". What is
 * before the call may fail as well, so it looks.
 */
export const explained = (hook: unknown, packageManager: string): unknown => {
  if (isRecord(hook))
    return Object.fromEntries(Object.entries(hook).map(([name, entry]) => [name, explained(entry, packageManager)]));
  return typeof hook === 'string' && ENDS_WITH_CALL.test(hook)
    ? `${hook} || { [ -e node_modules/.bin/devsetup ] || echo 'devsetup is not in node_modules. Run: ${packageManager} install' >&2; false; }`
    : hook;
};

const ENDS_WITH_CALL = new RegExp(`${CALL}(?: --if-needed)?(?: --db embedded)?$`);

const EXPLANATION = / \|\| \{ \[ -e node_modules\/\.bin\/devsetup \][^}]*\}$/;

export const withoutExplanation = (command: string): string => command.replace(EXPLANATION, '');

/** The program, not a file like `devsetup.config.json`. */
export const DEVSETUP = /(?:^|[\s;&|"'(/])(?:django-)?devsetup(?=$|[\s;&|"')@])/m;

/** Runs a package of that name from the registry where none is installed; what `npx` takes before it is not kept. */
export const FETCHING =
  /\b(?:npx(?:\s+(?:-y|--yes|-q|--quiet))*|bunx|pnpm\s+dlx|yarn\s+dlx|npm\s+exec(?:\s+(?:-y|--yes|--))*)\s+devsetup(?:@[\w.^~-]+)?(?=$|[\s;&|"')])/gm;

/** Lets a hook's command, a line or its words, call what is installed, and say what to do where nothing is. */
export const callingInstalled = (command: unknown, packageManager: string): unknown =>
  explained(withoutFetching(command), packageManager);

const withoutFetching = (command: unknown): unknown => {
  if (typeof command === 'string') return command.replaceAll(FETCHING, CALL);
  if (!Array.isArray(command)) return command;
  const words = command.map(String);
  const joined = words.join(' ');
  const changed = joined.replaceAll(FETCHING, CALL);
  // A word with a space in it, as of `sh -c`, stays one word.
  if (words.some((word) => word.includes(' '))) return words.map((word) => word.replaceAll(FETCHING, CALL));
  return changed === joined ? command : changed.split(' ');
};

/** Whether the Feature `devsetup` is used, whatever registry or folder it comes from: it brings its own hooks. */
export const usesFeature = (properties: Readonly<Record<string, unknown>>): boolean => {
  const features = properties['features'];
  if (typeof features !== 'object' || features === null) return false;
  return Object.keys(features).some((name) => /(?:^|\/)devsetup(?::[\w.-]+|@[\w:]+)?$/.test(name));
};
