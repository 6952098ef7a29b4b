import path from 'node:path';

import { isSampleFile } from '../../../project/find-sample-file.ts';
import { OPEN, isStatic } from '../../../shell/plain/scope.ts';
import type { ShellCommand } from '../../../shell/plain/shell-command.ts';
import { endingByWords } from '../endings/program-names.ts';
import { classifyCode } from './classify-code.ts';
import { classifyDatabase } from './classify-database.ts';
import { classifyManage } from './classify-manage.ts';
import { classifyPackages } from './classify-packages.ts';
import { unwrapCommand } from './unwrap-command.ts';
import { HARMLESS, takenOver, unknown, type Verdict } from './verdict.ts';

/** Builtins and programs that change nothing outside the script, as long as their output goes nowhere. */
const HARMLESS_NAMES = new Set(
  (
    'echo printf set shopt export declare local readonly typeset unset cd pushd popd true false : test [ [[ return exit break continue ' +
    'trap pwd ls cat date clear tput which command type hash whoami id uname hostname grep egrep fgrep head tail wc sort uniq cut tr ' +
    'basename dirname realpath readlink umask ulimit shift getopts alias wait jobs env printenv let seq tee column fold stty kill expr ' +
    'yes nproc file stat find awk diff jq lsb_release deactivate read_only figlet lolcat shasum sha256sum md5sum make_true times'
  ).split(' '),
);

const PERSONAL =
  /^(?:git|gh|ssh|ssh-keygen|ssh-add|ssh-agent|gpg|aws|gcloud|az|heroku|chsh|usermod|pre-commit|direnv|code)$/;
const IMAGE =
  /^(?:apt|apt-get|apk|yum|dnf|brew|snap|dpkg|curl|wget|pipx|nvm|pyenv|asdf|rustup|cargo|gem|locale-gen|update-alternatives|fnm|volta|n|add-apt-repository|unzip|tar)$/;
const WRITING = /^(?:cp|mv|ln|install|rsync|dd|truncate|sed|perl|envsubst|touch|mkdir|chmod|chown|openssl)$/;

/** Decides what one command is to devsetup, by its words and by what it is given to read. */
export const classifyCommand = (command: ShellCommand): Verdict => {
  const words = unwrapCommand(command.words);
  const [first = '', ...args] = words;
  const name = path.posix.basename(first);
  const byName = classifyByName(first, name, args, command);
  const isShown = byName.kind === 'harmless' && command.writes.length > 0;
  return isShown || (name === 'tee' && args.some((arg) => !arg.startsWith('-') && !/^\/dev|\.log$/.test(arg)))
    ? unknown('writes-files')
    : withCommand(byName, words);
};

const classifyByName = (first: string, name: string, args: readonly string[], command: ShellCommand): Verdict => {
  // `exec "$@"` of a script that runs without arguments.
  if (name === 'exec' && args.length === 0) return HARMLESS;
  if (name === '' || name.endsWith(OPEN)) return unknown('open');
  if (name === 'manage.py' || name === 'django-admin') return classifyManage(args, command.input);
  if (/^(?:python|pypy|py)[\d.]*$/.test(name)) return classifyPython(args, command);
  if (/^(?:tail|sleep)$/.test(name) && endingByWords([name, ...args]) === 'runs') return unknown('keeps-running');
  const found = classifyDatabase(
    name === first ? name : first.startsWith('/etc/init.d/') ? first : name,
    args,
    command.input,
  );
  if (found !== undefined) return found;
  const packages = classifyPackages(name, args);
  if (packages !== undefined) return packages;
  if (HARMLESS_NAMES.has(name) || (args.every((arg) => /^--?(?:version|help|V)$/.test(arg)) && args.length === 1))
    return HARMLESS;
  if (name === '.' || name === 'source') return classifySource(args);
  if (name === 'read' || name === 'select')
    return command.isRepeated || command.input !== null ? HARMLESS : unknown('asks');
  if (name === 'rm' || name === 'rmdir' || name === 'shred') return unknown('destroys');
  if (name === 'git' && /^(?:rev-parse|status|log|diff|describe|branch|--version)$/.test(args[0] ?? ''))
    return HARMLESS;
  if (PERSONAL.test(name)) return unknown('personal');
  if (IMAGE.test(name)) return unknown('image');
  if (name === 'sed' && !args.some((arg) => /^-[a-z]*i|^--in-place/.test(arg))) return HARMLESS;
  if (WRITING.test(name)) return (name === 'cp' ? classifyCopy(args) : undefined) ?? unknown('writes-files');
  if (endingByWords([name, ...args]) === 'runs') return unknown('keeps-running');
  if (/^(?:docker|podman|docker-compose)$/.test(name)) {
    return args.some((arg) => /^(?:ps|logs|images|version|info|inspect|config)$/.test(arg))
      ? HARMLESS
      : unknown('starts-services');
  }
  if (name === 'make' || name === 'gmake') return classifyMake(args);
  return classifyFile(first, args) ?? unknown('program');
};

/** `cp .env.example .env` */
const classifyCopy = (args: readonly string[]): Verdict | undefined => {
  const [from, to, ...more] = args.filter((arg) => !arg.startsWith('-'));
  if (from === undefined || to === undefined || more.length > 0 || ![from, to].every(isStatic)) return undefined;
  const target = to.endsWith('/') || /^\.{1,2}$/.test(to) ? '' : path.posix.basename(to);
  return isSampleFile(path.posix.basename(from)) && /^\.env(?:\.local)?$/.test(target)
    ? { kind: 'copies-env', from, to }
    : undefined;
};

/** What a Makefile does without a target is not looked for. */
const classifyMake = (args: readonly string[]): Verdict => {
  const targets = args.filter((arg) => /^[\w.-]+$/.test(arg) && !arg.startsWith('-'));
  const isPlain = targets.length > 0 && targets.length === args.length;
  return isPlain ? { kind: 'calls', file: 'Makefile', targets } : unknown('program');
};

/** `python manage.py …`, `python -m pip …`, `python - <<EOF`, `python script.py`. */
const classifyPython = (args: readonly string[], { input, directory }: ShellCommand): Verdict => {
  const at = args.findIndex((arg, index) => !/^-[BEIOPqsSuvWX]/.test(arg) && !/^-[WX]$/.test(args[index - 1] ?? ''));
  const [first = '', ...rest] = at === -1 ? [] : args.slice(at);
  if (first === '-c') return classifyCode(rest[0] ?? '');
  if (first === '-m') return classifyModule(rest, input);
  if (first === '-' || first === '') return input === null ? unknown('asks') : classifyCode(input);
  if (/^(?:-V|--version|-h|--help)$/.test(first)) return HARMLESS;
  if (path.posix.basename(first) === 'manage.py') return classifyManage(rest, input);
  if (/wait_?for_?\w*(?:db|database|postgres)/i.test(path.posix.basename(first))) return takenOver('database');
  return directory !== null && isStatic(first) ? unknown('program') : unknown('open');
};

const classifyModule = ([module = '', ...args]: readonly string[], input: string | null): Verdict => {
  if (module === 'venv' || module === 'virtualenv' || module === 'ensurepip') return takenOver('backend-dependencies');
  if (module === 'django' || module === 'manage') return classifyManage(args, input);
  return classifyPackages(module, args) ?? unknown('program');
};

/** A virtual environment is entered, variables are read, or another script is run in this one. */
const classifySource = (args: readonly string[]): Verdict => {
  const [file = ''] = args;
  if (
    /(?:^|\/)activate(?:\.\w+)?$|(?:^|\/)\.?env(?:\.[\w.]+)?$|\/\.?(?:bashrc|profile|bash_profile|zshrc|nvm\.sh)$|^\/etc\//.test(
      file,
    )
  )
    return HARMLESS;
  return classifyFile(file, []) ?? unknown('open');
};

/** `./scripts/x.sh`; `bash x.sh` comes without its first word. */
const classifyFile = (file: string, args: readonly string[]): Verdict | undefined => {
  const named = /^(?:ba|da|z)?sh$/.test(path.posix.basename(file))
    ? (args.find((arg) => !arg.startsWith('-')) ?? '')
    : file;
  if (!isStatic(named) || named === '') return unknown('open');
  if (/wait-?for/.test(path.posix.basename(named))) return takenOver('database');
  return named.includes('/') || /\.(?:sh|bash)$/.test(named)
    ? { kind: 'calls', file: named, targets: null }
    : undefined;
};

/** What an own step would run. */
const withCommand = (verdict: Verdict, words: readonly string[]): Verdict =>
  verdict.kind === 'unknown' && verdict.manage === undefined && /^(?:program|writes-files)$/.test(verdict.note)
    ? { ...verdict, command: words }
    : verdict;
