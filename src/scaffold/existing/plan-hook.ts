import { hookCommands } from '../setup-script/hook-commands.ts';
import type { HookWork } from './hook-work.ts';
import { joinCommand, putBefore, splitCommand } from '../../shell/join-command.ts';

export interface HookWish {
  /** What the hook is now; undefined: there is none. */
  readonly value: unknown;
  /** The call it needs, alone. */
  readonly call: string;
  /** The call it needs behind what is there already; by default `call`. */
  readonly callBehind?: string;
  /** It has to be done before servers that the hook starts. */
  readonly isBeforeServers: boolean;
  readonly judge: (text: string) => HookWork;
}

/** How the hook changes. `elsewhere`: not here, as it would run beside something that it collides with, or as it cannot be read. */
export type PlannedHook =
  | { readonly kind: 'new'; readonly value: unknown }
  | { readonly kind: 'replaced'; readonly value: unknown; readonly names: readonly string[] }
  | { readonly kind: 'added'; readonly value: unknown; readonly works: readonly HookWork[] }
  | { readonly kind: 'elsewhere' };

const NAME = 'devsetup';

/** The commands of a hook that stay in it with the scripts that they call, or with more than devsetup does, however it is planned. */
export const stayingWorks = (value: unknown, judge: HookWish['judge']): readonly HookWork[] => {
  const works = hookCommands(value).map((command) => ({ ...command, work: judge(command.text) }));
  const parts = works.filter(({ work }) => work.isTakenOver === 'part');
  const isKept = works.some(({ name }) => name !== null) && parts.length > 1;
  return works
    .map(({ work }) => work)
    .filter((work) => (work.scripts.length > 0 || work.isMixed) && (isKept || work.isTakenOver !== 'all'));
};

/** `bash setup.sh && npx devsetup`, of which devsetup does all: without the scripts. undefined: it stays as it is. */
export const withoutScripts = (text: string, judge: HookWish['judge']): string | undefined => {
  const work = judge(text);
  const parts = splitCommand(text);
  if (parts === undefined || work.isTakenOver !== 'all' || work.scripts.length === 0) return undefined;
  const kept = parts.filter((part) => judge(part).scripts.length === 0);
  return kept.length === 0 ? undefined : [...work.copying, ...kept].join(' && ');
};

/** Lets a hook run devsetup, keeping what it runs beside that. */
export const planHook = (wish: HookWish): PlannedHook => {
  const { value, call, judge } = wish;
  const commands = hookCommands(value);
  const isEmpty =
    value === undefined || value === null || value === '' || (commands.length === 0 && isPlainEmpty(value));
  if (isEmpty) return { kind: 'new', value: call };
  const works = commands.map((command) => ({ ...command, work: judge(command.text) }));
  const [first] = works;
  if (first === undefined) return { kind: 'elsewhere' };
  if (works.every(({ work }) => work.isTakenOver === 'all')) {
    const copying = works.flatMap(({ work }) => work.copying);
    return { kind: 'replaced', value: [...copying, call].join(' && '), names: works.flatMap(({ work }) => work.names) };
  }
  if (first.name !== null) return planEntries(wish, works);
  const divided = divide(first.text, wish);
  if (divided !== undefined) return { kind: 'replaced', ...divided };
  const joined = joinBoth(first.text, first.work, wish);
  return joined === undefined ? { kind: 'elsewhere' } : { kind: 'added', value: joined, works: [first.work] };
};

/**
 * Programs that the packages of a project do not bring. What pip brings may lie in a virtual environment after devsetup, and is found by
 * such a hook only where its own pip put it.
 */
const NEEDS_NO_PACKAGES =
  /^(?:(?:sudo|git|gh|ssh-\w+|gpg|mkdir|touch|cp|mv|ln|chmod|chown|rm|echo|printf|cat|sed|tee|apt|apt-get|curl|wget|npm|npx|pnpm|yarn|bun|corepack|docker)\s|(?:uv|poetry|pipenv|pdm|rye)\s+run\s)/;

/** `pip install -r x && git config …`: devsetup takes the place of what it does. undefined: that would change when, where or with what the others run. */
const divide = (
  text: string,
  { call, callBehind, judge }: HookWish,
): { readonly value: string; readonly names: readonly string[] } | undefined => {
  // What installs devsetup stays.
  const commands = callBehind === undefined ? splitCommand(text) : undefined;
  if (commands === undefined) return undefined;
  const parts = commands.map((part) => ({ text: part, work: judge(part) }));
  const done = parts.filter(({ work }) => work.isTakenOver === 'all');
  const from = parts.findIndex(({ work }) => work.isTakenOver === 'all');
  const to = parts.findLastIndex(({ work }) => work.isTakenOver === 'all');
  const isTogether = done.length === to - from + 1;
  // What changes the folder or variables is for those behind it.
  const others = parts.filter(({ work }) => work.isTakenOver !== 'all');
  const staysAsItIs = ({ work }: (typeof parts)[number]): boolean =>
    work.isTakenOver === 'none' && !work.isEndless && work.left.length + work.copying.length > 0;
  const isBehindReady = parts.slice(to + 1).every((part) => NEEDS_NO_PACKAGES.test(part.text));
  if (from === -1 || !isTogether || !isBehindReady || !others.every(staysAsItIs)) {
    return undefined;
  }
  const calls = [...done.flatMap(({ work }) => work.copying), call];
  const value = [...parts.slice(0, from), ...calls.map((each) => ({ text: each })), ...parts.slice(to + 1)];
  return {
    value: value.map((part) => part.text).join(' && '),
    names: done.flatMap(({ work }) => work.names),
  };
};

const isPlainEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

const joinBoth = (
  text: string,
  work: HookWork,
  { call, callBehind = call, isBeforeServers }: HookWish,
): string | undefined =>
  (isBeforeServers && work.keepsRunning) || work.isEndless ? putBefore(text, call) : joinCommand(text, callBehind);

interface Entry {
  readonly name: string | null;
  readonly text: string;
  readonly work: HookWork;
}

/**
 * Entries run side by side. What devsetup does wholly is left out. What it does in part would run into devsetup (two installations of
 * one environment, two migrations of one database), so devsetup follows at the end of that entry; where there are several such, no
 * place among them is right. What it knows nothing of goes on beside it, as it went on beside the others.
 */
const planEntries = (wish: HookWish, entries: readonly Entry[]): PlannedHook => {
  const parts = entries.filter(({ work }) => work.isTakenOver === 'part');
  const dropped = entries.filter(({ work }) => work.isTakenOver === 'all');
  const [part] = parts;
  const before = wish.value as Readonly<Record<string, unknown>>;
  if (parts.length > 1 || (part === undefined && NAME in before && !dropped.some(({ name }) => name === NAME))) {
    return { kind: 'elsewhere' };
  }
  const copying = dropped.flatMap(({ work }) => work.copying);
  const divided = part === undefined ? undefined : divide(part.text, wish);
  const joined =
    part === undefined
      ? [...copying, wish.call].join(' && ')
      : divided === undefined
        ? joinBoth([...copying, part.text].join(' && '), part.work, wish)
        : [...copying, divided.value].join(' && ');
  if (joined === undefined) return { kind: 'elsewhere' };
  const kept = Object.entries(before).flatMap(([name, command]): [string, unknown][] => {
    if (dropped.some((entry) => entry.name === name)) return [];
    return [[name, name === part?.name ? joined : command]];
  });
  const value = Object.fromEntries(part === undefined ? [...kept, [NAME, joined]] : kept);
  const names = [...dropped.flatMap(({ work }) => work.names), ...(divided?.names ?? [])];
  return names.length > 0
    ? { kind: 'replaced', value, names }
    : { kind: 'added', value, works: part === undefined ? [] : [part.work] };
};
