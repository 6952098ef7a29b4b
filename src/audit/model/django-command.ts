import { createKnownTexts } from '../../core/known-texts.ts';
import type { ShellCall, ShellWord } from '../../shell/shell-run.ts';

/** A management command as a call runs it. */
export interface DjangoCommand {
  /** `migrate_schemas` */
  readonly name: string;
  /** The word that is the name. */
  readonly word: ShellWord;
  readonly args: readonly ShellWord[];
}

export const baseName = (path: string): string =>
  path.includes('/') || path.includes('\\')
    ? path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1)
    : path;

const PYTHON = /^(?:python|pypy)[\d.]*(?:\.exe)?$|^py$/i;
/** Some projects have one for each environment: `manage_prod.py`. */
const MANAGE = /^manage(?:[-_]\w+)*\.pyc?$|^django-admin(?:\.py)?$/;
const MAY_MANAGE = /manage[\w-]*\.py|django-admin/;
/** Options of Python that take a value of their own. */
const PYTHON_VALUE = new Set(['-W', '-X', '--check-hash-based-pycs']);
/** Programs that speak of a command and do not run it. */
const MENTIONS =
  /^(?:echo|printf|grep|egrep|rg|ag|git|gh|cat|logger|tee|sed|awk|perl|curl|wget|test|\[|\[\[|:|true|false|read|export|declare|local|alias|which|type|ls|rm|cp|mv|chmod|touch|find|notify-send|figlet|complete)$/;

const isPython = (word: string): boolean => PYTHON.test(baseName(word));

/** The index of manage.py behind `python`, its options passed over; of `django` behind `-m`; -1: Python runs something else. */
const findScript = (values: readonly string[]): number => {
  for (let index = 1; index < values.length; index += 1) {
    const value = values[index] ?? '';
    if (value === '-m') return values[index + 1] === 'django' ? index + 1 : -1;
    if (value === '-c' || value === '-') return -1;
    if (PYTHON_VALUE.has(value)) index += 1;
    else if (!value.startsWith('-')) return MANAGE.test(baseName(value)) ? index : -1;
  }
  return -1;
};

/** Where manage.py stands in a program that runs what follows it: `doppler run -- python manage.py migrate`. */
const findMention = (values: readonly string[]): number =>
  MENTIONS.test(baseName(values[0] ?? '')) ? -1 : values.findIndex((value) => MANAGE.test(baseName(value)));

const commandBehind = (words: readonly ShellWord[], manage: number): DjangoCommand | null => {
  const word = manage < 0 ? undefined : words[manage + 1];
  if (word === undefined || !/^[a-z_][\w.-]*$/i.test(word.value)) return null;
  return { name: word.value, word, args: words.slice(manage + 2) };
};

/**
 * The management command that a call runs: `python manage.py X`, `./manage.py X`, `django-admin X`, `python -m django X`, of any path and
 * behind wrappers that are not known. null: none.
 */
export const readDjangoCommand = ({ words, text }: Pick<ShellCall, 'words' | 'text'>): DjangoCommand | null =>
  commandBehind(
    words,
    KNOWN.of(text, () => findManage(words)),
  );

/** Roles, evidence and most rules ask it of every call. */
const KNOWN = createKnownTexts<number>();

/** The index of what takes the management command; -1: the call runs something else. */
const findManage = (words: ShellCall['words']): number => {
  const first = words[0]?.value ?? '';
  // Most commands are something else.
  if (!isPython(first) && !words.some(({ value }) => MAY_MANAGE.test(value))) return -1;
  const values = words.map(({ value }) => value);
  if (isPython(first)) return findScript(values);
  return MANAGE.test(baseName(first)) ? 0 : findMention(values);
};
