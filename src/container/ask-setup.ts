import type { StatusReport } from '../core/status-report.ts';
import type { ReferenceCli } from '../devcontainer/reference-cli.ts';
import type { RunCommand } from '../process/run-command.ts';

export interface AskSetupOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly runCommand: RunCommand;
  readonly signal: AbortSignal;
}

const ANSWER_SECONDS = 60;

/** What `devsetup status` says in the container; null: it is not installed there, or does not answer. */
export const askSetup = async (
  cli: ReferenceCli,
  place: readonly string[],
  { directory, env, runCommand, signal }: AskSetupOptions,
): Promise<StatusReport | null> => {
  const command = ['npx', '--no-install', 'devsetup', 'status', '--json'];
  const { stdout } = await runCommand(
    { program: cli.program, args: [...cli.args, 'exec', ...place, ...command], directory, env },
    { signal, timeoutSeconds: ANSWER_SECONDS },
  );
  try {
    const document = JSON.parse(stdout.slice(stdout.indexOf('{'))) as Partial<StatusReport>;
    return document.command === 'status' ? (document as StatusReport) : null;
  } catch {
    // No document: nothing is known of a set-up, which is no failure of the container.
    return null;
  }
};
