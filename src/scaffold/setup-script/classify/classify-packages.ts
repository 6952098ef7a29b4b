import { isStatic } from '../../../shell/plain/scope.ts';
import { isRunningScript } from '../endings/program-names.ts';
import { HARMLESS, takenOver, unknown, type Verdict } from './verdict.ts';

/** Tools that install what a backend or a frontend needs; undefined: none of them. */
export const classifyPackages = (name: string, args: readonly string[]): Verdict | undefined => {
  if (/^pip[\d.]*$/.test(name)) return classifyPip(args);
  const verb = args.find((arg) => !arg.startsWith('-')) ?? '';
  switch (name) {
    case 'virtualenv':
    case 'pip-sync':
      return takenOver('backend-dependencies');
    case 'uv':
      if (verb === 'pip') return classifyPip(args.slice(args.indexOf('pip') + 1));
      return verb === 'sync' || verb === 'venv' ? takenOver('backend-dependencies') : toolVerb(verb);
    case 'poetry':
    case 'pipenv':
    case 'pdm':
    case 'rye':
      return /^(?:install|sync)$/.test(verb) ? takenOver('backend-dependencies') : toolVerb(verb);
    case 'npm':
    case 'pnpm':
    case 'yarn':
    case 'bun':
      return classifyNode(name, behindFolder(args));
    case 'npx':
    case 'pnpx':
    case 'bunx':
      return /^(?:django-)?devsetup(?:@.*)?$/.test(verb) ? HARMLESS : undefined;
    case 'corepack':
      return unknown('image');
    default:
      return undefined;
  }
};

/** `config`, `self`, `cache`, …: settings of the tool, for this user. */
const toolVerb = (verb: string): Verdict => {
  if (/^(?:config|self|cache|env|lock|python|export)$/.test(verb)) return unknown('personal');
  return verb === '' || /^(?:show|list|check|version|about|tree)$/.test(verb) ? HARMLESS : unknown('program');
};

const TOOLS =
  /^(?:pip|setuptools|wheel|uv|poetry|poetry-core|pipenv|pdm|pip-tools|virtualenv|build|hatch)(?:[=<>~![].*)?$/;
const PIP_VALUED =
  /^(?:-[riceft]|--(?:requirement|index-url|extra-index-url|constraint|editable|find-links|target|python|prefix|cache-dir))$/;

const classifyPip = (args: readonly string[]): Verdict => {
  const [verb, ...rest] = args.filter(
    (arg, index) => !/^-(?!-)[qv]+$|^--(?:quiet|verbose|no-cache-dir)$/.test(arg) || index === 0,
  );
  if (verb === 'sync') return takenOver('backend-dependencies');
  if (verb !== 'install') return verb === 'uninstall' ? unknown('package') : HARMLESS;
  const isOfFiles =
    rest.some((arg) => /^(?:-r.*|--requirement(?:=.*)?|-e|--editable)$/.test(arg)) || rest.some(isFolder);
  if (isOfFiles) return takenOver('backend-dependencies');
  const packages = rest.filter((arg, index) => !arg.startsWith('-') && !PIP_VALUED.test(rest[index - 1] ?? ''));
  // What is only known while it runs may be a package.
  if (packages.every((found) => isStatic(found) && TOOLS.test(found))) return takenOver('backend-dependencies');
  return unknown('package');
};

/** `.`, `.[dev]`, `./backend` */
const isFolder = (arg: string): boolean => /^\.(?:\[[\w,-]+\])?$|^\.{0,2}\/.+/.test(arg);

/** Without `--prefix frontend` and the like. */
const behindFolder = (args: readonly string[]): readonly string[] =>
  args.filter((arg, index) => !FOLDER.test(arg) && !FOLDER.test(args[index - 1] ?? ''));

const FOLDER = /^(?:--prefix|--cwd|--dir|-C|--filter|-F|-w|--workspace)$/;

const classifyNode = (name: string, args: readonly string[]): Verdict => {
  const verb = args.find((arg) => !arg.startsWith('-')) ?? '';
  if (args.some((arg) => /^(?:-g|--global|global)$/.test(arg))) return unknown('image');
  const at = args.indexOf(verb);
  const named = args.slice(at + 1).filter((arg) => !arg.startsWith('-'));
  if (/^(?:ci|clean-install)$/.test(verb)) return takenOver('frontend-dependencies');
  if (/^(?:install|i|add)$/.test(verb)) {
    return named.length === 0 ? takenOver('frontend-dependencies') : unknown('package');
  }
  if (verb === '' && name === 'yarn') return takenOver('frontend-dependencies');
  if (/^(?:config|set|login|cache|completion)$/.test(verb)) return unknown('personal');
  if (/^(?:-v|--version|version|ls|list|outdated|audit|why|view|info|prefix|root|bin)$/.test(verb) || verb === '')
    return HARMLESS;
  const script = verb === 'run' || verb === 'run-script' ? (named[0] ?? '') : verb;
  return unknown(isRunningScript(script) ? 'keeps-running' : 'program');
};
