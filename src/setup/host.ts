/** What devsetup is told of the process it runs in; nothing below the commands asks `process` itself. */
export interface Host {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  readonly platform: string;
  readonly cores: number;
  readonly nodeAbi: string;
  /** What settings may ask of the machine: its name, system, processors and user. */
  readonly machine?: readonly string[];
  /** The folder of the devsetup that runs, links resolved. */
  readonly ownPackage: string;
  readonly version: string;
  readonly pid: number;
  /** The command line as typed, for the log. */
  readonly commandLine: string;
  /** Milliseconds, monotonic. */
  readonly monotonic: () => number;
  readonly now: () => Date;
}
