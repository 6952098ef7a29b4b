import path from 'node:path';

import {
  createSource,
  placeInstead,
  placeRange,
  joinPlaced,
  slicePlaced,
  type PlacedText,
} from '../../core/placed-text.ts';
import { shellWord } from '../../core/shell-word.ts';
import { createHoles, type Holes } from '../../shell/holes.ts';
import { interpretShell } from '../../shell/interpret-shell.ts';
import type { Effort, ShellRun } from '../../shell/shell-run.ts';
import type { DevContainer } from '../dev-container.ts';
import { workspaceOf, type Workspace } from '../own-mounts.ts';
import { substitute } from '../substitute.ts';
import { listHooks, type HookCommand } from './list-hooks.ts';

/** One command of a hook with everything it runs, found out without running anything. */
export interface HookRun {
  readonly command: HookCommand;
  readonly run: ShellRun;
  /** The folder it starts in, relative to the root of the checkout; null: not known. */
  readonly directory: string | null;
}

export interface HookRuns {
  /** In the order in which they run. */
  readonly runs: readonly HookRun[];
  readonly holes: Holes;
  readonly workspace: Workspace;
}

/** Enough for all hooks of a person. */
const STEPS = 200_000;

export const runHooks = (
  found: Pick<DevContainer, 'name' | 'properties' | 'compose' | 'service'>,
  root: string,
  readFile: (name: string) => string | undefined,
): HookRuns => {
  const holes = createHoles();
  const workspace = workspaceOf(found, root);
  const effort: Effort = { left: STEPS };
  const runs = listHooks(found).map((command): HookRun => {
    const isHost = command.hook === 'initializeCommand';
    const text = command.form.kind === 'line' ? command.form.text : command.form.words.map(shellWord).join(' ');
    const directory = isHost ? '' : workspace.directory;
    const run = interpretShell({
      script: placeHook(text, { found, root, isHost, workspace, holes }),
      language: 'sh',
      errexit: false,
      pipefail: false,
      variables: new Map(),
      directory,
      layers: [],
      holes,
      readFile: (name) =>
        readFile(name)
          ?.replaceAll('\r\n', '\n')
          .replace(/^\uFEFF/, ''),
      effort,
    });
    return { command, run, directory };
  });
  return { runs, holes, workspace };
};

interface Written {
  readonly found: Pick<DevContainer, 'name'>;
  readonly root: string;
  readonly isHost: boolean;
  readonly workspace: Workspace;
  readonly holes: Holes;
}

/** The root of the checkout, as the shell's interpreter knows it. */
const ROOT = 'github.workspace';

/** Variables of devcontainer.json are filled in, and paths below the root of the checkout are made such that they can be followed. */
const placeHook = (text: string, { found, root, isHost, workspace, holes }: Written): PlacedText => {
  const source = createSource(found.name, text);
  const placed = placeRange(source, 0, text.length);
  const atRoot = holes.of({ kind: 'unknown', name: ROOT });
  const folder =
    workspace.directory === null ? null : [atRoot, workspace.directory].filter((part) => part !== '').join('/');
  const parts: PlacedText[] = [];
  let from = 0;
  const absolute =
    !isHost && workspace.root !== null && workspace.root !== '/' ? `|${escape(workspace.root)}(?=[/"'\\s;&|)]|$)` : '';
  for (const { 0: written, index } of text.matchAll(
    new RegExp(`\\$\\{(?:local|container)\\w+(?::[^}]*)?\\}${absolute}`, 'g'),
  )) {
    // The end of a longer path, e.g. `/mnt/workspace`.
    if (!written.startsWith('$') && /[\w./-]/.test(text.charAt(index - 1))) continue;
    parts.push(
      slicePlaced(placed, from, index),
      placeInstead(valueOf(written), slicePlaced(placed, index, index + written.length)),
    );
    from = index + written.length;
  }
  return joinPlaced([...parts, slicePlaced(placed, from)]);

  function valueOf(written: string): string {
    if (!written.startsWith('$')) return atRoot;
    if (written === '${localWorkspaceFolder}' && isHost) return atRoot;
    if (written === '${containerWorkspaceFolder}' && !isHost && folder !== null) return folder;
    if (written === '${localWorkspaceFolderBasename}') return substitute(written, { root });
    return holes.of({ kind: 'unknown', name: written.slice(2, -1) });
  }
};

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Relative to the root, with `/`. */
export const fileInCheckout = (root: string, name: string): string => path.join(root, ...name.split('/'));
