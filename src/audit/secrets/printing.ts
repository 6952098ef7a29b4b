import type { Holes } from '../../shell/holes.ts';
import { withoutPadding } from '../../shell/holes.ts';
import type { ShellCall, ShellWord, Variable } from '../../shell/shell-run.ts';
import { baseName } from '../model/django-command.ts';
import { findSecrets, hasSecret } from './holes-of-secrets.ts';

/** A word, or what a program reads, that puts a secret into the log. */
export interface Printed {
  readonly secret: string;
  /** Where in which text; null: the whole command, e.g. `env`. */
  readonly word: ShellWord | null;
  readonly at: number;
}

/** Programs that write what they read, or most of it, in whatever form. */
const PASSES_ON =
  /^(?:cat|tee|base64|base32|xxd|od|hexdump|rev|tr|sed|awk|gawk|head|tail|cut|fold|fmt|nl|tac|sort|uniq|jq|yq|less|more|column|paste|xargs|openssl|envsubst|iconv|strings)$/;
/** Commands to the runner that are not shown. */
const COMMAND = /^::(?:add-mask|set-output|save-state|set-env|stop-commands)\b/;

/** How a command shows a secret; null: it does not. */
export const findPrinted = (call: ShellCall, holes: Holes): Printed | null => {
  const [first, ...args] = call.words;
  if (first === undefined || call.output !== 'shown') return null;
  const program = baseName(first.value);
  if (program === 'echo' || program === 'printf') {
    const said = args.map(({ value }) => withoutPadding(value));
    if (COMMAND.test(said.find((text) => !text.startsWith('-')) ?? '')) return null;
    return inWords(args, holes);
  }
  const { input } = call;
  if (input === null || !showsInput(program, args)) return null;
  return inWords([input], holes);
};

const showsInput = (program: string, args: readonly ShellWord[]): boolean => {
  const values = args.map(({ value }) => value);
  if (program === 'grep' || program === 'egrep') {
    return !values.some((value) => /^-[a-zA-Z]*[qcl]|^--(?:quiet|silent|count)$/.test(value));
  }
  if (program === 'openssl') return values[0] === 'base64' || values[0] === 'enc';
  if (program === 'jq') return !values.some((value) => /^(?:empty|-e|length|keys|type)$/.test(value));
  // With a file the program reads that, and not what is piped to it.
  return (
    PASSES_ON.test(program) &&
    (program === 'tee' || program === 'xargs' || program === 'sed' || !hasFile(program, values))
  );
};

const hasFile = (program: string, values: readonly string[]): boolean =>
  /^(?:head|tail|sort|base64|less|more|nl|tac)$/.test(program) &&
  values.some((value) => value !== '-' && !value.startsWith('-') && !/^\d+$/.test(value));

/** The first secret of the words, or the first place of the one that is asked for. */
export const inWords = (words: readonly ShellWord[], holes: Holes, secret?: string): Printed | null => {
  for (const word of words) {
    const found = findSecrets(word.value, holes).find(({ name }) => secret === undefined || name === secret);
    if (found !== undefined) return { secret: found.name, word, at: found.at };
  }
  return null;
};

/** `env`, `printenv`, `export -p`: everything, or what a filter leaves of it. */
export const printsEnvironment = (
  call: ShellCall,
  next: ShellCall | undefined,
  given: { readonly environment: ReadonlyMap<string, Variable>; readonly holes: Holes },
): string | null => {
  if (call.layers.some(({ kind }) => kind === 'remote' || kind === 'container')) return null;
  const program = baseName(withoutPadding(call.words[0]?.value ?? ''));
  if (!/^(?:env|printenv|set|export|declare)$/.test(program)) return null;
  const values = call.words.map(({ value }) => withoutPadding(value));
  const isAll =
    (/^(?:env|printenv|set)$/.test(program) && values.length === 1) ||
    (/^(?:export|declare)$/.test(program) && /^-[px]+$/.test(values[1] ?? '') && values.length === 2);
  const names =
    program === 'printenv' && values.length > 1 ? values.slice(1) : isAll ? [...given.environment.keys()] : [];
  const secret = names.filter((name) => hasSecret(given.environment.get(name)?.value ?? '', given.holes));
  if (secret.length === 0) return null;
  if (call.output === 'shown') return secret[0] ?? null;
  if (call.output !== 'pipe' || next === undefined || next.output !== 'shown') return null;
  return secret.find((name) => isLeft(name, next)) ?? null;
};

/** Whether a filter lets the line of a variable through. */
const isLeft = (name: string, { words }: ShellCall): boolean => {
  const program = baseName(words[0]?.value ?? '');
  if (/^(?:sort|cat|less|more|uniq|tee)$/.test(program)) return true;
  if (!/^e?grep$/.test(program)) return false;
  const args = words.slice(1).map(({ value }) => withoutPadding(value));
  const options = args.filter((value) => value.startsWith('-')).join('');
  if (/[qcl]/.test(options.replaceAll(/--\w+/g, ''))) return false;
  const pattern = args.find((value) => !value.startsWith('-')) ?? '';
  try {
    const isMatch = new RegExp(pattern, options.includes('i') ? 'i' : '').test(`${name}=`);
    return options.includes('v') ? !isMatch : isMatch;
  } catch {
    // A pattern that is none to JavaScript: what it lets through is not known.
    return false;
  }
};
