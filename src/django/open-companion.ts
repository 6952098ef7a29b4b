import { spawn } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { packageFile } from '../version.ts';
import { createJsonLineParser } from './json-lines.ts';
import type { Installed, Wanted } from './examination.ts';
import type { Cancel, Message, MissingEnvironment, Request } from './protocol.ts';

export interface ExportedGroup {
  /** Absolute; '' for the usual files. */
  readonly file: string;
  readonly names: readonly string[];
}

export interface CompanionLaunch {
  readonly python: string;
  readonly managePy: string;
  /** The folder of manage.py. */
  readonly directory: string;
  /** The complete environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * Variables of `env` that devsetup has read from env files. A file that the project opens itself takes its own away again; those of
   * the group '' go with any env file.
   */
  readonly exported?: readonly ExportedGroup[];
  /** What the project prints while Django starts, and later outside of requests. */
  readonly onOutput?: (chunk: string) => void;
  /** Ends the start and every request. */
  readonly signal: AbortSignal;
  /** For the start and for each request, except for those that migrate a fleet and report tenant by tenant. */
  readonly timeoutSeconds: number;
  /** Called before each request that may open a database connection; where it rejects, the request is not sent. */
  readonly verify?: () => Promise<void>;
  /** Key of the advisory lock that the connections of requests without `workerLock` hold shared (postgres/advisory-lock). */
  readonly sessionLock?: readonly [number, number];
  /** How long a statement of Django waits for a lock that another session holds; 0 or none: as long as the server lets it. */
  readonly lockTimeoutMilliseconds?: number;
  /** The project's requirements (PEP 508): given, the companion tells what is installed, whatever becomes of Django. */
  readonly requirements?: readonly string[];
  readonly onInstalled?: (installed: Installed) => void;
  /** Where the settings fail: the variables they want. Comes before the failure. */
  readonly onMissing?: (missing: MissingEnvironment) => void;
}

/** How the process ended. */
export interface CompanionEnding {
  /** Set when the interpreter could not be started: `ENOENT`, `EACCES`, … */
  readonly startError: string | null;
  readonly exitCode: number | null;
  /** e.g. `SIGKILL` */
  readonly signal: string | null;
  /** The last lines that the process itself printed. */
  readonly output: readonly string[];
}

export interface OpenCompanion {
  send(message: Request | Cancel | Wanted): void;
  /** Closes the socket: the companion kills what still runs and exits. */
  disconnect(): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  readonly ended: Promise<CompanionEnding>;
}

const TAIL_CHARACTERS = 65_536;
const TAIL_LINES = 40;
/** After the exit: a process that the project left behind may hold stdout open for ever. */
const CLOSE_MILLISECONDS = 500;

/** The package ships these sources as they are. */
const COMPANION = packageFile('src/django/python/devsetup_companion');

const exportFlags = ({ exported = [] }: CompanionLaunch): readonly string[] =>
  exported.flatMap(({ file, names }) => (names.length === 0 ? [] : ['--exported', file, names.join(',')]));

/** Starts a companion in a process group of its own, so that a Ctrl-C in the terminal does not reach it. */
export const openCompanion = (
  launch: CompanionLaunch,
  flags: readonly string[],
  onMessage: (message: Message) => void,
): OpenCompanion => {
  let tail = '';
  const child = spawn(launch.python, [COMPANION, launch.managePy, '--fd', '3', ...exportFlags(launch), ...flags], {
    cwd: launch.directory,
    env: { ...launch.env },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    detached: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8');
    stream?.on('data', (chunk: string) => {
      tail = (tail + chunk).slice(-TAIL_CHARACTERS);
      launch.onOutput?.(chunk);
    });
  }
  const socket = child.stdio[3] as Duplex;
  socket.setEncoding('utf8');
  socket.on('data', createJsonLineParser(onMessage));
  // The end of the process says more than a broken pipe does.
  socket.on('error', () => undefined);
  const lastLines = (): string[] => tail.trimEnd().split(/\r?\n/).filter(Boolean).slice(-TAIL_LINES);
  const ended = new Promise<CompanionEnding>((resolve) => {
    const end = (startError: string | null): void =>
      resolve({ startError, exitCode: child.exitCode, signal: child.signalCode, output: lastLines() });
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (child.pid === undefined) end(error.code ?? error.message);
    });
    child.on('close', () => end(null));
    child.on('exit', () => setTimeout(() => end(null), CLOSE_MILLISECONDS).unref());
  });
  return {
    send: (message) => void socket.write(`${JSON.stringify(message)}\n`),
    disconnect: () => void socket.end(),
    kill: (signal) => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // Gone in the meantime: that is what was wanted.
      }
    },
    ended,
  };
};
