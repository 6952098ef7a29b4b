import type { Holes } from '../../shell/holes.ts';
import { hasHole } from '../../shell/holes.ts';
import { optionSet, skipOptions } from '../../shell/programs/options.ts';
import { baseName } from '../../shell/programs/take-off.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import { pathFrom, withoutWorkspace } from '../../shell/walk/paths.ts';

/** How a command starts a file of the checkout. */
export interface Start {
  readonly call: ShellCall;
  /**
   * `direct`: by its path, so its first line names the interpreter · `shell`, `program`: given to an interpreter · `sourced`: read by
   * the shell itself
   */
  readonly by: 'direct' | 'shell' | 'program' | 'sourced';
  /** `bash`; null: started directly, or sourced. */
  readonly interpreter: string | null;
  /** Relative to the root of the checkout. */
  readonly file: string;
  /** As the command names it. */
  readonly written: string;
}

const SHELLS = new Set(['sh', 'bash', 'dash', 'ash', 'zsh', 'ksh']);
const SHELL_OPTIONS = optionSet('-o +o -O +O --rcfile --init-file');
const PROGRAMS = /^(?:python(?:3(?:\.\d+)?)?|node|ruby|perl)$/;

/** null: the command starts no file, or it is not known which. */
export const findStart = (call: ShellCall, holes: Holes): Start | null => {
  if (!isInCheckout(call)) return null;
  const { words } = call;
  const name = words[0]?.value ?? '';
  const program = baseName(name);
  if (program === 'source' || program === '.') return start(call, words[1]?.value, 'sourced', null, holes);
  if (SHELLS.has(program)) {
    const at = skipOptions(words, 1, SHELL_OPTIONS);
    const reads = words.slice(1, at).some(({ value }) => /^-[a-z]*[cs][a-z]*$/.test(value));
    return reads ? null : start(call, words[at]?.value, 'shell', program, holes);
  }
  if (PROGRAMS.test(program)) {
    const first = words[1]?.value ?? '';
    return first.startsWith('-') ? null : start(call, first, 'program', program, holes);
  }
  return name.includes('/') ? start(call, name, 'direct', null, holes) : null;
};

/** Programs that hand a command to Linux as it is. What else stands before a command, e.g. `uv run`, may start it in its own way. */
const PLAIN = new Set(['sudo', 'env', 'exec', 'nohup', 'time', 'nice', 'command']);

/** A command is started by the shell itself: `text` is what its span counts in. */
export const isPlain = ({ words, span }: ShellCall, text: string): boolean => {
  const written = text.split('\n')[span.line - 1]?.slice(span.column - 1) ?? '';
  const first = written.split(/\s+/).find((word) => !/^\w+=/.test(word)) ?? '';
  const [name = ''] = withoutHoles(words[0]?.value ?? '').split(/\s/);
  return PLAIN.has(first) || first.includes(name.split('/').at(-1) ?? '');
};

/** What is run in another container or on another host is found there. */
export const isInCheckout = ({ layers }: ShellCall): boolean =>
  layers.every(({ kind }) => kind === 'string' || kind === 'script' || kind === 'function' || kind === 'here-document');

const start = (
  call: ShellCall,
  written: string | undefined,
  by: Start['by'],
  interpreter: string | null,
  holes: Holes,
): Start | null => {
  const file = written === undefined ? null : findPath(call, written, holes);
  // A folder is no script, and where a name is looked up on the PATH is not known.
  if (written === undefined || file === null || file === '' || (by === 'sourced' && !written.includes('/')))
    return null;
  return { call, by, interpreter, file, written: withoutHoles(written) };
};

/** A path that a command names, relative to the root of the checkout; null: outside of it, or not known. */
export const findPath = ({ directory }: Pick<ShellCall, 'directory'>, written: string, holes: Holes): string | null => {
  const { path, isRooted } = withoutWorkspace(written, holes);
  if (hasHole(path) || /[*?[\]]/.test(path)) return null;
  return pathFrom(isRooted ? '' : directory, path);
};

/** For messages: a path below the root of the checkout without the folder that the container has it in. */
const withoutHoles = (written: string): string => written.replace(/^[\uE000-\uF8FE]\//, '');
