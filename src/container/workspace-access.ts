import { shellWord } from '../core/shell-word.ts';
import type { ReferenceCli } from '../devcontainer/reference-cli.ts';
import type { AskSetupOptions } from './ask-setup.ts';

const DENIED = /\bEACCES\b|permission denied/i;
/** Prints the user's id where something in the workspace belongs to another user. */
const QUESTION = 'if [ ! -w . ] || [ -n "$(find . -maxdepth 2 ! -user "$(id -u)" | head -n 1)" ]; then id -u; fi';
const ANSWER_SECONDS = 30;

/**
 * What gives the workspace to the container's user, where a command in it was denied access: on Linux the files keep the owner that they have
 * on the host. null: that is not what is missing.
 */
export const workspaceAccess = async (
  cli: ReferenceCli,
  place: readonly string[],
  printed: readonly string[],
  { directory, env, runCommand, signal, platform }: AskSetupOptions & { readonly platform: string },
): Promise<string | null> => {
  if (platform !== 'linux' || !printed.some((line) => DENIED.test(line))) return null;
  const { stdout } = await runCommand(
    { program: cli.program, args: [...cli.args, 'exec', ...place, 'sh', '-c', QUESTION], directory, env },
    { signal, timeoutSeconds: ANSWER_SECONDS },
  );
  const uid = /^\d+$/m.exec(stdout)?.[0];
  if (uid === undefined) return null;
  const command = `sudo chown -R ${uid} ${shellWord(directory)}`;
  return `The container's user (uid ${uid}) cannot write files of this checkout that belong to another user. Type on the host: ${command} and then npx devsetup up --rebuild.`;
};
