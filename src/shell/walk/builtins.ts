import { parse } from 'unbash';

import { endsWell } from '../fate/ends-well.ts';
import { mayFail } from '../fate/may-fail.ts';
import { hasHole } from '../holes.ts';
import { NOTHING_SAID, type Machine, type Outcome, type Place, type Started } from '../machine/machine.ts';
import { isOfScript, pathFrom, withoutWorkspace } from './paths.ts';

/** Commands that change the shell itself; null: it is none of them. */
export const runBuiltin = ({ words, span }: Started, place: Place, machine: Machine): Outcome | null => {
  const { shell } = place;
  const [name, ...args] = words.map(({ value }) => value);
  switch (name) {
    case 'cd':
    case 'pushd': {
      const to = args.find((arg) => !/^-./.test(arg));
      shell.elsewhere = folderElsewhere(to, place);
      shell.directory = changeDirectory(to, place, machine);
      return NOTHING_SAID;
    }
    case 'popd':
      shell.directory = null;
      shell.elsewhere = '';
      return NOTHING_SAID;
    case 'set':
      setOptions(args, place, span);
      if (args[0] === '--') shell.args = words.slice(2);
      else if (!/^[-+]/.test(args[0] ?? '-')) shell.args = words.slice(1);
      return NOTHING_SAID;
    case 'shift':
      shell.args = shell.args?.slice(/^\d+$/.test(args[0] ?? '') ? Number(args[0]) : 1) ?? null;
      return NOTHING_SAID;
    case 'exit':
      return { ...NOTHING_SAID, ends: true };
    case 'return':
      return { ...NOTHING_SAID, ends: true };
    case 'export':
    case 'readonly':
    case 'local':
    case 'declare':
    case 'typeset': {
      const exports = name === 'export' || args.some((arg) => /^-[a-z]*x/.test(arg));
      if (exports) for (const arg of args) if (/^\w+$/.test(arg)) shell.exported.add(arg);
      return NOTHING_SAID;
    }
    case 'unset':
      for (const arg of args) shell.variables.delete(arg);
      return NOTHING_SAID;
    case 'read':
    case 'mapfile':
    case 'readarray':
      readInto(args, place, machine);
      return NOTHING_SAID;
    case 'trap':
      // `trap 'exit 1' ERR` stops at a failure as `set -e` does.
      if (args.slice(1).includes('ERR') && mayFail(parse(args[0] ?? '').commands, shell.functions))
        shell.errexit = true;
      if (args.slice(1).some((arg) => arg === 'EXIT' || arg === '0'))
        shell.exitsWell = endsWell(parse(args[0] ?? '').commands, shell.functions) ? span : null;
      return NOTHING_SAID;
    case 'true':
    case ':':
    case 'false':
    case 'wait':
    case 'shopt':
    case 'ulimit':
    case 'umask':
    case 'test':
    case '[':
    case 'sleep':
    case 'mkdir':
    case 'rm':
    case 'touch':
    case 'chmod':
    case 'chown':
    case 'hash':
      return NOTHING_SAID;
    default:
      return null;
  }
};

const changeDirectory = (to: string | undefined, { shell }: Place, { holes }: Machine): string | null => {
  if (to === undefined || to === '-' || to === '') return null;
  const { path, isRooted } = withoutWorkspace(to, holes);
  return pathFrom(isRooted ? '' : shell.directory, path);
};

const folderElsewhere = (to: string | undefined, { shell }: Place): string => {
  if (to === undefined || to === '-') return '';
  const isWhole = /^[/~]/.test(to) || hasHole(to.slice(0, 1)) || shell.elsewhere === '' || isOfScript(to, shell.file);
  return isWhole ? to : `${shell.elsewhere}/${to}`;
};

const setOptions = (args: readonly string[], { shell }: Place, span: Started['span']): void => {
  for (const [index, arg] of args.entries()) {
    const isOn = arg.startsWith('-');
    if (!/^[-+][a-zA-Z]+$/.test(arg)) continue;
    const names = arg.includes('o') ? [args[index + 1]] : [];
    if (arg.includes('e') || names.includes('errexit')) {
      shell.errexit = isOn;
      shell.errexitOff = isOn ? null : span;
    }
    if (arg.includes('x') || names.includes('xtrace')) shell.isTraced = isOn;
    if (names.includes('pipefail')) shell.pipefail = isOn;
  }
};

/** `read -r A B <<< "$X"` */
const readInto = (args: readonly string[], { shell, input }: Place, { holes }: Machine): void => {
  const names = args.filter((arg) => /^[A-Za-z_]\w*$/.test(arg));
  const line = input?.text.split('\n', 1)[0];
  const pieces = line === undefined || hasHole(line) ? undefined : line.trim().split(/\s+/);
  for (const [index, name] of names.entries()) {
    const isLast = index === names.length - 1;
    const known = names.length === 1 ? line : isLast ? pieces?.slice(index).join(' ') : pieces?.[index];
    shell.variables.set(name, {
      list: null,
      value: known ?? holes.of({ kind: 'unknown', name: `$${name}` }),
      span: null,
      origins: [],
    });
  }
};
