import type { JsonPath } from '../../project/read-jsonc.ts';
import type { DevContainer } from '../dev-container.ts';
import { HOOKS, type Hook } from '../follow-hooks.ts';

/** `initializeCommand` runs on the host, before there is a container. */
export const ALL_HOOKS = ['initializeCommand', ...HOOKS] as const;

export type AnyHook = 'initializeCommand' | Hook;

/** One command of a hook. Without a shell (`words`), nothing splits, expands or joins what it says. */
export interface HookCommand {
  readonly hook: AnyHook;
  /** Within devcontainer.json. */
  readonly path: JsonPath;
  readonly form:
    { readonly kind: 'line'; readonly text: string } | { readonly kind: 'words'; readonly words: readonly string[] };
}

/** The commands of a devcontainer.json in the order in which they run; those of one object run side by side. What is of another type is not listed. */
export const listHooks = ({ properties }: Pick<DevContainer, 'properties'>): readonly HookCommand[] =>
  ALL_HOOKS.flatMap((hook) => commandsOf(properties[hook], hook, [hook]));

const commandsOf = (value: unknown, hook: AnyHook, path: JsonPath): readonly HookCommand[] => {
  if (typeof value === 'string')
    return value.trim() === '' ? [] : [{ hook, path, form: { kind: 'line', text: value } }];
  if (Array.isArray(value)) {
    const words = value.filter((word) => typeof word === 'string');
    return words.length === 0 || words.length < value.length ? [] : [{ hook, path, form: { kind: 'words', words } }];
  }
  // Objects in objects are no commands.
  if (typeof value !== 'object' || value === null || path.length > 1) return [];
  return Object.entries(value).flatMap(([name, command]) => commandsOf(command, hook, [...path, name]));
};
