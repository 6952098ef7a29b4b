/** What devsetup exits with. The numbers are a contract with hooks and pipelines. */
export const ExitCode = {
  done: 0,
  failed: 1,
  usage: 2,
  bug: 3,
  interrupted: 130,
} as const;

export type ExitCodeValue = (typeof ExitCode)[keyof typeof ExitCode];

export interface ErrorDetails {
  /** Stable identifier in CAPITALS, e.g. `DATABASE_PASSWORD_REJECTED`; tests and callers recognise an error by it. */
  readonly code: string;
  /** What is wrong, one sentence, naming the file, flag or variable. */
  readonly message: string;
  /** The next thing to type or edit. */
  readonly hint?: string;
  /** 1 (a step failed) unless the mistake is in what the user typed or configured (2). */
  readonly exitCode?: ExitCodeValue;
  /** The last lines of the output of the command that failed. */
  readonly output?: readonly string[];
  /** Structured facts for `--json`, without secrets. */
  readonly data?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
  /** Holds whatever the steps before this one do, so a run that changes nothing reports it too. */
  readonly isCertain?: boolean;
}

/** An expected failure: shown to the user without a stack. Anything else that is thrown is a bug in devsetup. */
export class DevsetupError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly exitCode: ExitCodeValue;
  readonly output: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly isCertain: boolean;

  constructor(details: ErrorDetails) {
    super(details.message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'DevsetupError';
    this.code = details.code;
    this.hint = details.hint;
    this.exitCode = details.exitCode ?? ExitCode.failed;
    this.output = details.output ?? [];
    this.data = details.data ?? {};
    this.isCertain = details.isCertain ?? false;
  }
}

export const isDevsetupError = (error: unknown): error is DevsetupError => error instanceof DevsetupError;

/** Of whatever was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** A mistake in flags, configuration or the place devsetup was started in: exit code 2. */
export const usageError = (details: Omit<ErrorDetails, 'exitCode'>): DevsetupError =>
  new DevsetupError({ ...details, exitCode: ExitCode.usage });
