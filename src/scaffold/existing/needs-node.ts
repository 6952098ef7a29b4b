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
/** Programs that come with Node or need it, and version managers that may bring it. */
const NODE = /\b(?:node(?:js|env)?|npm|npx|nvm|yarn|pnpm|corepack|volta|fnm|mise|asdf|proto|devbox|nix|flox)\b/i;
/** Features of tools that bring Node with them. */
const WITH_NODE = /\b(?:angular|vue|nx|vite|typescript|javascript|eslint|prettier)\b/i;
/** Commands of a hook that bring it. One that needs it, such as `npm install`, proves nothing: the hook may fail today. */
const INSTALLS =
  /nodesource|\bnodeenv\b|\b(?:nvm|fnm|volta|mise|asdf|proto|n)\s+(?:install|use|lts|latest)\b|\b(?:apt|apt-get|apk|dnf|yum|brew|conda|mamba|pacman)\b[^\n;&|]*\b(?:node(?:js)?|npm|nvm|fnm|volta)\b/i;
/** Folders with programs: what is copied from them may be Node. */
const PROGRAMS = /^COPY\s+(?:--\S+\s+)*--from=\S+(?:\s+--\S+)*\s+["'[]*\/(?:usr|opt|bin|root|home)?(?:[\s"'/]|$)/im;

/** True only where it is certain that nothing in the container brings Node, without which devsetup does not run. */
export const lacksNode = ({ properties, image, dockerfile, target = null, hooks }: NodeFacts): boolean => {
  const features = Object.keys(properties['features'] ?? {}).join(' ');
  if (NODE.test(features) || WITH_NODE.test(features) || INSTALLS.test(withoutComments(hooks))) return false;
  if (dockerfile === null) return image !== null && WITHOUT.test(image);
  const stages = stagesOf(readDockerfile(dockerfile), target);
  const base = stages.at(-1)?.from;
  const built = withoutComments(stages.map(({ line }) => stageAt(dockerfile, line)).join('\n'));
  return base !== undefined && WITHOUT.test(base) && !NODE.test(built) && !PROGRAMS.test(built);
};

/** The lines of a stage: what other stages do is not in the image. */
const stageAt = (dockerfile: string, line: number): string => {
  const [from = '', ...lines] = dockerfile.split(/\r?\n/).slice(line - 1);
  const end = lines.findIndex((one) => /^\s*FROM\s/i.test(one));
  return [from, ...(end === -1 ? lines : lines.slice(0, end))].join('\n');
};

const withoutComments = (text: string): string => text.replaceAll(/^\s*#.*$|\s#\s.*$/gm, '');
