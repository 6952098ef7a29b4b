import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import path from 'node:path';

export interface Standing {
  /** Where the user is. */
  readonly cwd: string;
  readonly path: string;
}

/** Programs that a printed command may name although this machine has none, and why. */
const MAY_BE_MISSING: Readonly<Record<string, string>> = {
  docker: 'the sentence is about a service of compose, or about Docker',
  createdb: 'the client of PostgreSQL need not be installed',
  gh: 'it asks GitHub, and is what sets a secret there',
  nvm: 'a function of the shell',
  fnm: 'it is printed where the checkout is made for it',
  volta: 'it is printed where the checkout is made for it',
  sudo: 'the container of the tests is root',
  uv: 'devsetup brings it where it is missing',
  poetry: 'devsetup brings it where it is missing',
  pdm: 'devsetup brings it where it is missing',
  pipenv: 'devsetup brings it where it is missing',
  'pip-compile': 'a development tool of the project',
  pip: 'that of the activated environment',
  pnpm: 'the sentence is about installing it',
  yarn: 'the sentence is about installing it',
  bun: 'the sentence is about installing it',
  corepack: 'Node from version 25 on is without it',
};

const BUILTINS: ReadonlySet<string> = new Set(['cd', 'echo', 'export', 'eval', 'test', '[']);

const START =
  /^(?:\.{0,2}\/\S+ |cd |chmod |corepack |cp |createdb |docker |du |eval |export |fnm |gh |git |ls |mkdir |node |npm |npx |nvm |pdm |perl |pip(?:env|-compile)? |pnpm |poetry |python[\d.]* |sudo |uv |volta |yarn )/;

/** What is put in by the user. */
const PLACEHOLDER = /…|<[\w-]+>|\b[A-Z]{3,}\b(?![\w.-]*=)/;

/** The commands of a report that are to be pasted: those in backticks of hints, remedies and warnings, and remedies that are one. */
export const commandsOf = (report: unknown): readonly string[] => {
  if (!isOfThisMachine(report)) return [];
  const found = new Set<string>();
  const visit = (value: unknown, key: string): void => {
    if (typeof value === 'string') {
      if (key === 'command' || key === 'next') found.add(value);
      else if (['hint', 'text', 'warnings'].includes(key))
        for (const [, quoted = ''] of value.matchAll(/`([^`\n]+)`/g)) found.add(quoted);
    } else if (Array.isArray(value)) for (const item of value) visit(item, key);
    // What a check of the project itself says is printed as it is.
    else if (typeof value === 'object' && value !== null && !('group' in value && value.group === 'project'))
      for (const [name, item] of Object.entries(value)) visit(item, name);
  };
  visit(report, '');
  return [...found].filter((command) => START.test(command) && !PLACEHOLDER.test(command));
};

/** A run, the doctor or an error. What a pipeline prints is read on another machine. */
const isOfThisMachine = (report: unknown): report is object =>
  typeof report === 'object' &&
  report !== null &&
  ['steps', 'checks', 'error'].some((key) => key in report) &&
  !('command' in report && report.command === 'migrate');

/** What is wrong with the commands of a report, for a user who pastes them; []: nothing. */
export const pasteFaults = (report: unknown, standing: Standing): readonly string[] =>
  commandsOf(report).flatMap((command) => faultsOf(command, standing).map((fault) => `${command}: ${fault}`));

/** What is wrong with a command that is pasted there; []: nothing. */
export const faultsOf = (command: string, { cwd, path: variable }: Standing): readonly string[] => {
  const parsed = spawnSync('bash', ['-n', '-c', command], { encoding: 'utf8' });
  if (parsed.status !== 0) return [`bash cannot parse it: ${parsed.stderr.trim()}`];
  let folder = cwd;
  return simpleCommands(command).flatMap((words) => {
    const [program = '', ...args] = words;
    if (program === 'cd') {
      folder = path.resolve(folder, args[0] ?? '');
      return isFolder(folder) ? [] : [`there is no folder ${folder}`];
    }
    return [
      ...programFaults(program, folder, variable),
      ...args.flatMap((word, at) => fileFaults(word, args[at - 1], program, folder)),
    ];
  });
};

/** Words by simple command, as far as printed commands go: no substitution is looked into. */
const simpleCommands = (command: string): readonly (readonly string[])[] => {
  const script = command.replaceAll(/\$\([^)]*\)/g, 'x');
  const parts = script.match(/'[^']*'|"[^"]*"|\\.|&&|\|\|?|;|>>?|[^\s&|;>'"\\]+|\s+/g) ?? [];
  const commands: string[][] = [[]];
  let isOpen = false;
  for (const part of parts) {
    if (/^(?:&&|\|\|?|;)$/.test(part)) {
      commands.push([]);
      isOpen = false;
    } else if (/^\s+$/.test(part)) isOpen = false;
    else {
      const words = commands.at(-1) ?? [];
      const text = /^['"]/.test(part) ? part.slice(1, -1) : part.startsWith('\\') ? part.slice(1) : part;
      if (isOpen) words.push(`${words.pop() ?? ''}${text}`);
      else words.push(text);
      isOpen = true;
    }
  }
  return commands.filter((words) => words.length > 0);
};

const programFaults = (program: string, folder: string, variable: string): readonly string[] => {
  if (BUILTINS.has(program) || Object.hasOwn(MAY_BE_MISSING, program)) return [];
  const places = program.includes('/') ? [folder] : variable.split(path.delimiter);
  // A test that hides programs hides those of the system, too.
  if (!program.includes('/') && !places.includes('/usr/bin')) return [];
  return places.some((place) => isProgram(path.resolve(place, program))) ? [] : [`there is no program ${program}`];
};

/** Of a file that a command creates, its folder is there. */
const fileFaults = (word: string, before: string | undefined, program: string, folder: string): readonly string[] => {
  const isNamed = before === '-f' || before === '--project' || before === '--config' || word === 'manage.py';
  const isSource = program === 'chmod' || (program === 'cp' && before === undefined) || isNamed;
  const looksLikeFile = /^[\w.@+ -]*\/[^:=$*]*$/.test(word) && !word.startsWith('-') && !word.startsWith('@');
  if (!isNamed && !looksLikeFile && !(isSource && /^\.?[\w.-]+\.[\w-]+$/.test(word))) return [];
  const file = path.resolve(folder, word);
  const wanted = isSource ? file : path.dirname(file);
  return existsSync(wanted) ? [] : [`there is no ${wanted}`];
};

const isFolder = (place: string): boolean => existsSync(place) && statSync(place).isDirectory();

const isProgram = (file: string): boolean => {
  try {
    accessSync(file, constants.X_OK);
    return !isFolder(file);
  } catch {
    return false;
  }
};
