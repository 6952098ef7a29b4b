import { stat } from 'node:fs/promises';
import path from 'node:path';

import { findText, isInside } from '../../project/files.ts';
import type { CreateHook } from './judge-last-run.ts';

/** The hooks that run once for a container, the last first. */
const HOOKS = ['postCreateCommand', 'updateContentCommand', 'onCreateCommand'] as const;

/**
 * Where the reference implementation (`@devcontainers/cli`), VS Code and Codespaces keep their markers, in the home of the remote
 * user. A marker is written before its hook runs.
 */
const MARKER_FOLDERS = ['.devcontainer', '.vscode-server/data/Machine', '.vscode-remote/data/Machine'];

/** Longer than hooks take: within it, one that has begun may not have come to devsetup yet. */
const OVER_AFTER_MILLISECONDS = 2 * 3600 * 1000;

const DEVSETUP = /(?:^|[\s/"'&|;(])(?:django-)?devsetup(?=$|[\s"'&|;)@])/m;

export interface HookPlace {
  readonly root: string;
  readonly home: string;
  readonly now: Date;
  /** Of devcontainer.json. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The hook of the dev container we are in that calls devsetup and has begun already; null: none is known to, or `postStartCommand`
 * calls it as well, so that each start of the container heals.
 */
export const findCreateHook = async ({ root, home, now, properties }: HookPlace): Promise<CreateHook | null> => {
  const calls = async (name: string): Promise<boolean> => callsDevsetup(commandsOf(properties[name]), root);
  if (await calls('postStartCommand')) return null;
  for (const name of HOOKS) {
    const began = (await calls(name)) ? await findMarker(home, name) : undefined;
    if (began !== undefined) return { name, isOver: now.getTime() - began > OVER_AFTER_MILLISECONDS };
  }
  return null;
};

/** When the hook began, in milliseconds since 1970; undefined: not in this container. */
const findMarker = async (home: string, hook: string): Promise<number | undefined> => {
  const found = await Promise.all(
    MARKER_FOLDERS.map((folder) => stat(path.join(home, folder, `.${hook}Marker`)).catch(() => undefined)),
  );
  const times = found.flatMap((marker) => (marker?.isFile() === true ? [marker.mtimeMs] : []));
  return times.length === 0 ? undefined : Math.max(...times);
};

/** A text for the shell, a program with its arguments, or several of either by name. */
const commandsOf = (value: unknown): readonly string[] => {
  if (typeof value === 'string') return [value];
  if (Array.isArray(value)) return [value.join(' ')];
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(commandsOf);
  return [];
};

/** By name, or in a script of the checkout that is named. */
const callsDevsetup = async (commands: readonly string[], root: string): Promise<boolean> => {
  if (commands.some((command) => DEVSETUP.test(command))) return true;
  const scripts = commands
    .flatMap((command) => command.split(/[\s"'&|;()]+/))
    .filter((word) => /\.(?:sh|bash|zsh|js|mjs)$/.test(word))
    .map((word) => path.resolve(root, word))
    .filter((file) => isInside(root, file));
  const texts = await Promise.all(scripts.map(findText));
  return texts.some((text) => text !== undefined && DEVSETUP.test(text.replaceAll(/^\s*(?:#|\/\/).*$/gm, '')));
};
