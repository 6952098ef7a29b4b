import path from 'node:path';

import { shellWord } from '../core/shell-word.ts';
import type { DevContainerOutcome } from '../core/up-report.ts';
import { hasVariables, substitute } from '../devcontainer/substitute.ts';
import { isFile } from '../project/files.ts';

export interface EnterPlaces {
  readonly root: string;
  readonly cwd: string;
  /** `--config` of the dev container program, where it must be told. */
  readonly config: string | null;
  /** Of devcontainer.json; counts where the program did not say. */
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * Opens a shell in the container. The dev container program knows its variables best; where a package manager keeps it out of reach, a
 * bare name would be looked for in the registry, so then docker itself is named.
 */
export const enterCommand = async (
  { root, cwd, config, properties }: EnterPlaces,
  outcome: DevContainerOutcome | null,
): Promise<string | null> => {
  if (outcome?.containerId === undefined) return null;
  const at = (file: string): string => shellWord(path.relative(cwd, file) || '.');
  if (await isFile(path.join(root, 'node_modules/.bin/devcontainer'))) {
    const named = config === null ? '' : ` --config ${at(config)}`;
    return `npx --no-install devcontainer exec --workspace-folder ${at(root)}${named} bash`;
  }
  const { containerId } = outcome;
  const known = (value: unknown): string | undefined =>
    typeof value === 'string' ? knownOrNothing(substitute(value, { root })) : undefined;
  const remoteUser = outcome.remoteUser ?? known(properties['remoteUser']);
  const remoteWorkspaceFolder = outcome.remoteWorkspaceFolder ?? known(properties['workspaceFolder']);
  const user = remoteUser === undefined ? '' : ` --user ${shellWord(remoteUser)}`;
  const folder = remoteWorkspaceFolder === undefined ? '' : ` --workdir ${shellWord(remoteWorkspaceFolder)}`;
  return `docker exec --interactive --tty${user}${folder} ${containerId.slice(0, 12)} bash`;
};

const knownOrNothing = (text: string): string | undefined => (hasVariables(text) ? undefined : text);
