import { stat } from 'node:fs/promises';
import path from 'node:path';

import type { DevContainer } from '../../devcontainer/dev-container.ts';
import { followHooks, type FollowedHook } from '../../devcontainer/follow-hooks.ts';
import type { CreateHook } from './judge-last-run.ts';

/** The hooks that run once for a container, the last first. */
const CREATING = ['postCreateCommand', 'updateContentCommand', 'onCreateCommand'] as const;

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
  readonly devContainer: Pick<DevContainer, 'file' | 'properties'>;
}

/**
 * The hook of the dev container we are in that calls devsetup and has begun already; null: none is known to, or a command of each
 * start calls it as well, so that it heals.
 */
export const findCreateHook = async ({ root, home, now, devContainer }: HookPlace): Promise<CreateHook | null> => {
  const hooks = await followHooks(devContainer, root);
  const starts = hooks.filter(({ hook }) => hook === 'postStartCommand' || hook === 'postAttachCommand');
  if (starts.some((hook) => hook.leadsElsewhere || callsDevsetup(hook))) return null;
  for (const name of CREATING) {
    const hook = hooks.find((one) => one.hook === name);
    const began = hook !== undefined && callsDevsetup(hook) ? await findMarker(home, name) : undefined;
    if (began !== undefined) return { name, isOver: now.getTime() - began > OVER_AFTER_MILLISECONDS };
  }
  return null;
};

/** Which target of a Makefile is run is not known: what stands in one is no proof. */
const callsDevsetup = ({ texts }: FollowedHook): boolean =>
  texts.some(
    ({ text, file, path: own }) => (own !== null || /\.\w+$/.test(path.basename(file))) && DEVSETUP.test(text),
  );

/** When the hook began, in milliseconds since 1970; undefined: not in this container. */
const findMarker = async (home: string, hook: string): Promise<number | undefined> => {
  const found = await Promise.all(
    MARKER_FOLDERS.map((folder) => stat(path.join(home, folder, `.${hook}Marker`)).catch(() => undefined)),
  );
  const times = found.flatMap((marker) => (marker?.isFile() === true ? [marker.mtimeMs] : []));
  return times.length === 0 ? undefined : Math.max(...times);
};
