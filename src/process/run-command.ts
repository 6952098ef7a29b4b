export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** The complete environment of the child; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
}

export interface CommandOptions {
  /** Gets stdout and stderr as they arrive, decoded as UTF-8 with invalid bytes replaced. */
  readonly onOutput?: (chunk: string) => void;
  /** When aborted, the whole process group gets SIGTERM and after five seconds SIGKILL. */
  readonly signal?: AbortSignal;
  readonly timeoutSeconds?: number;
}

export interface CommandResult {
  /**
   * null: the program could not be started (`missing`) or was ended by a signal. Also for a program that devsetup had to end
   * (`timedOut`, `aborted`) and that caught the signal and exited with 0, as servers do: it has not done what it was started for.
   */
  readonly exitCode: number | null;
  readonly missing: boolean;
  readonly timedOut: boolean;
  readonly aborted: boolean;
  /** The last lines of stdout and stderr as they were interleaved, at most 64 KiB. */
  readonly tail: string;
  /** stdout alone, whole up to a MiB: for programs that answer with a document. */
  readonly stdout: string;
}

export type RunCommand = (command: Command, options?: CommandOptions) => Promise<CommandResult>;

/** Process groups that run now. */
const groups = new Set<number>();

/** Ends everything at once: for the second Ctrl-C, when waiting is over. */
export const killRunningGroups = (): void => {
  for (const pid of groups) killGroup(pid, 'SIGKILL');
};

const killGroup = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(-pid, signal);
  } catch {
    // The group is already gone: that is what was wanted.
  }
};

const TAIL_CHARACTERS = 65_536;
const STDOUT_CHARACTERS = 1_048_576;
const KILL_AFTER_MILLISECONDS = 5_000;

/**
 * Runs a program with stdin closed, in a process group of its own so that an interruption reaches its children too.
 * Never throws for what the program does: the result says it.
 */
export const runCommand: RunCommand = async (command, options = {}) => {
  let tail = '';
  let stdout = '';
  let timedOut = false;
  const keep = (chunk: string): void => {
    tail = (tail + chunk).slice(-TAIL_CHARACTERS);
    options.onOutput?.(chunk);
  };
  // Loaded where a program is started at all: a run with nothing to do starts none.
  const { execa } = await import('execa');
  const child = execa(command.program, command.args, {
    cwd: command.directory,
    env: command.env,
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    detached: true,
    stripFinalNewline: false,
  });
  const { pid } = child;
  if (pid !== undefined) groups.add(pid);
  const signalGroup = (signal: NodeJS.Signals): void => {
    if (pid !== undefined) killGroup(pid, signal);
  };
  let killTimer: NodeJS.Timeout | undefined;
  const stop = (): void => {
    signalGroup('SIGTERM');
    killTimer ??= setTimeout(() => signalGroup('SIGKILL'), KILL_AFTER_MILLISECONDS);
  };
  const timer =
    options.timeoutSeconds === undefined
      ? undefined
      : setTimeout(() => {
          timedOut = true;
          stop();
        }, options.timeoutSeconds * 1000);
  options.signal?.addEventListener('abort', stop, { once: true });
  if (options.signal?.aborted === true) stop();
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', keep);
  }
  child.stdout?.on('data', (chunk: string) => {
    if (stdout.length < STDOUT_CHARACTERS) stdout = (stdout + chunk).slice(0, STDOUT_CHARACTERS);
  });
  try {
    const result = await child;
    const missing = result.code === 'ENOENT' || result.code === 'EACCES' || result.code === 'ENOTDIR';
    if (missing) keep(`${command.program}: cannot be started (${result.code})\n`);
    const aborted = options.signal?.aborted ?? false;
    const isStopped = (timedOut || aborted) && result.exitCode === 0;
    return {
      exitCode: missing || isStopped ? null : (result.exitCode ?? null),
      missing,
      timedOut,
      aborted,
      tail,
      stdout,
    };
  } finally {
    if (pid !== undefined) groups.delete(pid);
    clearTimeout(timer);
    clearTimeout(killTimer);
    options.signal?.removeEventListener('abort', stop);
  }
};
