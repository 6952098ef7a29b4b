import { hasShape, isExactly, isOrNull, isRecord, isText } from '../core/shape.ts';
import type { StatusReport } from '../core/status-report.ts';
import type { ReferenceCli } from '../devcontainer/reference-cli.ts';
import type { RunCommand } from '../process/run-command.ts';

export interface AskSetupOptions {
  readonly directory: string;
  readonly env: Readonly<Record<string, string>>;
  readonly runCommand: RunCommand;
  readonly signal: AbortSignal;
}

export type SetupAnswer =
  | { readonly kind: 'known'; readonly status: Pick<StatusReport, 'outcome' | 'step' | 'logFile'> }
  /** devsetup is not installed there, or does not answer. */
  | { readonly kind: 'absent' }
  /** Another version answers in another form. */
  | { readonly kind: 'unreadable' };

const ANSWER_SECONDS = 60;

/** What `devsetup status` says in the container. */
export const askSetup = async (
  cli: ReferenceCli,
  place: readonly string[],
  { directory, env, runCommand, signal }: AskSetupOptions,
): Promise<SetupAnswer> => {
  const command = ['npx', '--no-install', 'devsetup', 'status', '--json'];
  const { stdout } = await runCommand(
    { program: cli.program, args: [...cli.args, 'exec', ...place, ...command], directory, env },
    { signal, timeoutSeconds: ANSWER_SECONDS },
  );
  return readSetupAnswer(stdout);
};

/** The container's own output is not to be trusted: what is printed there may be anything. */
export const readSetupAnswer = (stdout: string): SetupAnswer => {
  // What a login shell prints comes before the document.
  const start = /^\{/m.exec(stdout)?.index;
  const document = start === undefined ? undefined : parseDocument(stdout.slice(start));
  if (!isRecord(document) || document['command'] !== 'status') return { kind: 'absent' };
  return isStatus(document) ? { kind: 'known', status: document } : { kind: 'unreadable' };
};

const parseDocument = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // No document: the state of the set-up is unknown, but the container itself works.
    return undefined;
  }
};

const isStatus = hasShape({
  outcome: isExactly('never-ran', 'running', 'cut-short', 'interrupted', 'failed', 'succeeded'),
  step: isOrNull(
    hasShape({ id: isText, title: isText, code: isOrNull(isText), message: isText, hint: isOrNull(isText) }),
  ),
  logFile: isOrNull(isText),
});
