import type { Frontend, NodeTool } from '../project/types.ts';
import type { InstallCommand } from './install-backend.ts';

/** What is on this machine: the package manager itself, or corepack, which can bring pnpm and yarn. */
export interface FrontendTools {
  readonly tool: string | null;
  readonly corepack: string | null;
  /** The devsetup that runs lies in this frontend's node_modules. */
  readonly holdsDevsetup?: boolean;
}

/** The command that installs a frontend from its lock file; without a lock file a plain install. null: nothing can run it. */
export const planFrontendInstall = (frontend: Frontend, tools: FrontendTools): InstallCommand | null => {
  const args = installArguments(frontend, tools.holdsDevsetup === true);
  // CI=1: a package manager that would ask a question fails instead (stdin is closed).
  const env = {
    CI: '1',
    COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
    // Corepack would write `packageManager` into package.json.
    COREPACK_ENABLE_AUTO_PIN: '0',
    // Where package.json names no version, the newest `yarn` need not be the Yarn 1 that this lock file is read by.
    ...(frontend.tool === 'yarn' && isClassicYarn(frontend) ? { COREPACK_DEFAULT_TO_LATEST: '0' } : {}),
    // With CI set, Yarn 2 and later refuse to write the first lock file.
    ...(frontend.tool === 'yarn' && frontend.lockFile === null ? { YARN_ENABLE_IMMUTABLE_INSTALLS: 'false' } : {}),
  };
  if (tools.tool !== null)
    return { program: tools.tool, tool: frontend.tool, args, directory: frontend.directory, env };
  if (tools.corepack !== null && (frontend.tool === 'pnpm' || frontend.tool === 'yarn')) {
    return {
      program: tools.corepack,
      tool: frontend.tool,
      args: [frontend.tool, ...args],
      directory: frontend.directory,
      env,
    };
  }
  return null;
};

/** `npm ci` empties node_modules first: not where devsetup itself runs from. The others change only what differs. */
const installArguments = (frontend: Frontend, holdsDevsetup: boolean): readonly string[] => {
  const locked = frontend.lockFile !== null;
  const byTool: Record<NodeTool, readonly string[]> = {
    npm: [locked && !holdsDevsetup ? 'ci' : 'install', '--no-audit', '--no-fund'],
    pnpm: ['install', ...(locked ? ['--frozen-lockfile'] : [])],
    yarn: ['install', ...(locked ? [isClassicYarn(frontend) ? '--frozen-lockfile' : '--immutable'] : [])],
    bun: ['install', ...(locked ? ['--frozen-lockfile'] : [])],
  };
  return byTool[frontend.tool];
};

/** Yarn 1 and Yarn ≥ 2 share the name and the lock file's name, not the flags. */
const isClassicYarn = (frontend: Frontend): boolean =>
  frontend.toolVersion === null || frontend.toolVersion.startsWith('1');
