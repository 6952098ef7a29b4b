import { readDockerfile, stagesOf } from '../../project/read-dockerfile.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';

export const NODE_FEATURE = 'ghcr.io/devcontainers/features/node:1';

export interface NodeFacts {
  readonly properties: DevContainer['properties'];
  /** The image without a Dockerfile; null: not known. */
  readonly image: string | null;
  /** null: there is none, or it cannot be read. */
  readonly dockerfile: string | null;
  /** The stage of it that is built; null: the last. */
  readonly target?: string | null;
  /** Everything the hooks run. */
  readonly hooks: string;
}

/** Images of which it is known that they bring no Node. */
const WITHOUT =
  /^(?:(?:docker\.io\/)?(?:library\/)?(?:python|debian|ubuntu|alpine)|mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\/(?:base|python|anaconda|miniconda)|ghcr\.io\/astral-sh\/uv)(?::[\w.-]+)?(?:@.*)?$/;
const NODE = /node|npm|nvm|yarn|pnpm|bun|volta|fnm/i;

/** True only where it is certain that nothing in the container brings Node, without which devsetup does not run. */
export const lacksNode = ({ properties, image, dockerfile, target = null, hooks }: NodeFacts): boolean => {
  if (NODE.test(Object.keys(properties['features'] ?? {}).join(' ')) || NODE.test(hooks)) return false;
  if (dockerfile !== null) {
    const base = stagesOf(readDockerfile(dockerfile), target).at(-1)?.from;
    return !NODE.test(dockerfile) && base !== undefined && WITHOUT.test(base);
  }
  return image !== null && WITHOUT.test(image);
};
