import type { BuiltInStepId } from '../../core/step.ts';

/** Why a line stays with the script. */
export type LineNote =
  | 'own' // a command of the project
  | 'dangerous' // its name says that it may destroy or fill in what is there
  | 'destroys' // it takes a database or files away
  | 'image' // installs programs: belongs into the Dockerfile
  | 'package' // installs a package that no requirement file names
  | 'personal' // about the user or the machine: git, SSH keys, logins
  | 'keeps-running' // a server or worker
  | 'starts-services' // starts or stops a server that compose starts
  | 'other-service' // waits for something that is not the database
  | 'database-objects' // roles, extensions, rights, restored dumps
  | 'writes-files'
  | 'makes-migrations'
  | 'migrates-elsewhere' // to a migration or a database that was chosen
  | 'runs-code'
  | 'asks' // needs an answer on a terminal
  | 'open' // what it runs is known only while it runs
  | 'program';

/** A value for devsetup's configuration that lets a step do what the script did. */
export interface OfferedSetting {
  readonly key: readonly string[];
  readonly value: unknown;
}

/** An own step for devsetup's configuration. */
export interface OfferedStep {
  readonly id: string;
  readonly title: string;
  readonly command?: readonly string[];
  readonly manage?: readonly string[];
  readonly after: string;
  readonly directory?: string;
}

export interface TakenOverLine {
  readonly line: number;
  /** Without secrets. */
  readonly text: string;
  /** The step that does it. */
  readonly step: BuiltInStepId;
  /** The script continues if it fails, or hides why. */
  readonly hidesErrors: boolean;
}

export interface UnknownLine {
  readonly line: number;
  /** Without secrets. */
  readonly text: string;
  readonly note: LineNote;
  /** What follows does not wait for it. */
  readonly isBackground: boolean;
  readonly hidesErrors: boolean;
  /** null: it is no own step. */
  readonly offer: OfferedStep | null;
  /** Why it is not offered without being asked for; null: it is. */
  readonly caution: 'dangerous' | 'conditional' | 'repeated' | 'writes-files' | 'hides-errors' | 'may-not-end' | null;
}

export interface EnvCopy {
  readonly from: string;
  readonly to: string;
}

/** A script of the checkout, relative to the root; of a Makefile, these targets. */
export interface ScriptCall {
  readonly file: string;
  readonly targets: readonly string[] | null;
}

/** What a hand-written set-up does, beside what devsetup does. */
export interface SetupScript {
  /** Relative to the root, with `/`. */
  readonly file: string;
  /** Of a Makefile or package.json: those that were read; null: a script, or all that set up. */
  readonly targets: readonly string[] | null;
  readonly takenOver: readonly TakenOverLine[];
  readonly unknown: readonly UnknownLine[];
  /** Lines that change nothing by themselves: messages, options, tests, variables. */
  readonly harmless: readonly number[];
  /** Settings with which steps do what the script's own commands did. */
  readonly settings: readonly OfferedSetting[];
  /** Names of variables it sets for what it starts. Their values are not kept. */
  readonly variables: readonly string[];
  /** Sample env files that it copies to where an env file belongs, relative to the root. */
  readonly copies: readonly EnvCopy[];
  /** Other scripts of the checkout that it runs, relative to the root. */
  readonly calls: readonly ScriptCall[];
  /** Lines at which it could not be read. */
  readonly mistakes: readonly number[];
}
