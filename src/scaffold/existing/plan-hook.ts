import { hookCommands } from '../setup-script/hook-commands.ts';
import type { HookWork } from './hook-work.ts';
import { joinCommand, putBefore } from '../../shell/join-command.ts';

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
  | { readonly kind: 'added'; readonly value: unknown }
  | { readonly kind: 'elsewhere' };

const NAME = 'devsetup';

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
    return { kind: 'replaced', value: call, names: works.flatMap(({ work }) => work.names) };
  }
  if (first.name !== null) return planEntries(wish, works);
  const joined = joinBoth(first.text, first.work, wish);
  return joined === undefined ? { kind: 'elsewhere' } : { kind: 'added', value: joined };
};

const isPlainEmpty = (value: unknown): boolean => typeof value === 'object' && Object.keys(value ?? {}).length === 0;

const joinBoth = (
  text: string,
  work: HookWork,
  { call, callBehind = call, isBeforeServers }: HookWish,
): string | undefined => (isBeforeServers && work.keepsRunning ? putBefore(text, call) : joinCommand(text, callBehind));

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
  const joined = part === undefined ? wish.call : joinBoth(part.text, part.work, wish);
  if (joined === undefined) return { kind: 'elsewhere' };
  const kept = Object.entries(before).flatMap(([name, command]): [string, unknown][] => {
    if (dropped.some((entry) => entry.name === name)) return [];
    return [[name, name === part?.name ? joined : command]];
  });
  const value = Object.fromEntries(part === undefined ? [...kept, [NAME, joined]] : kept);
  const names = dropped.flatMap(({ work }) => work.names);
  return dropped.length > 0 ? { kind: 'replaced', value, names } : { kind: 'added', value };
};
