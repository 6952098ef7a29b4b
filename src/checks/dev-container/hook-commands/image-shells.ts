import { buildOf } from '../../../devcontainer/build-of.ts';
import type { DevContainer } from '../../../devcontainer/dev-container.ts';
import { readDockerfile, stagesOf } from '../../../project/read-dockerfile.ts';
import { findTextOf } from '../../../project/files.ts';

/** What is certain of the shells of a dev container. */
export interface ImageShells {
  /** As messages name it. */
  readonly name: string;
  /** `/bin/sh` is dash, which has no `source`. */
  readonly shIsDash: boolean;
  /** Scripts of its own may be on the PATH. */
  readonly bringsScripts: boolean;
  /** True only where nothing brings a program of that name. */
  readonly lacks: (program: string) => boolean;
}

const OFFICIAL = /^(?:docker\.io\/)?(?:library\/)?(?:python|node|debian|ubuntu|alpine)(?::[\w.-]+)?(?:@.*)?$/;
const MICROSOFT = /^mcr\.microsoft\.com\/(?:vscode\/)?devcontainers\/[\w-]+(?::[\w.-]+)?(?:@.*)?$/;
const NOT_IN_DEBIAN = new Set(['zsh', 'fish', 'ksh']);
const NOT_IN_ALPINE = new Set(['bash', 'zsh', 'fish', 'ksh', 'dash']);

/** null: the image is not one of those that are known. */
export const readImageShells = async (
  found: Pick<DevContainer, 'file' | 'properties' | 'compose' | 'service'>,
  root: string,
): Promise<ImageShells | null> => {
  const build = buildOf(found);
  const dockerfile = build.dockerfile === null ? '' : await findTextOf(build.dockerfile, { from: root });
  if (dockerfile === undefined) return null;
  const base =
    build.dockerfile === null ? build.image : (stagesOf(readDockerfile(dockerfile), build.target).at(-1)?.from ?? null);
  if (base === null || !(OFFICIAL.test(base) || MICROSOFT.test(base))) return null;
  const isAlpine = /alpine/.test(base);
  // Features bring programs, and what a Dockerfile names may be installed by it.
  const isPlain = OFFICIAL.test(base) && Object.keys(found.properties['features'] ?? {}).length === 0;
  const missing = isAlpine ? NOT_IN_ALPINE : NOT_IN_DEBIAN;
  return {
    name: base,
    shIsDash: !isAlpine && !/\/bin\/sh|dash/.test(dockerfile.replaceAll(/^\s*(?:#|RUN\s+\/bin\/sh\s+-c).*$/gm, '')),
    bringsScripts: /^\s*(?:COPY|ADD)\b|\.sh\b|\.py\b/im.test(dockerfile),
    lacks: (program) => isPlain && missing.has(program) && !dockerfile.includes(program),
  };
};
