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
  /** A text with its commands as the user can type them where they are. */
  readonly typed?: (text: string, place?: CommandPlace) => string;
}

/** What commands in a text are about. */
export interface CommandPlace {
  /** Where they name files from. */
  readonly root: string;
  /** undefined: what `python manage.py` is stays open. */
  readonly django?: DjangoPlace | undefined;
}

/** Where the commands of Django are run, and with what. */
export interface DjangoPlace {
  /** The folder of manage.py. */
  readonly directory: string;
  readonly interpreter: string;
  /** Django lacks variables that devsetup has given it: from env files, or those of the embedded database. */
  readonly needsEnvironment: boolean;
}
