import type { PlacedText, Span } from '../core/placed-text.ts';
import type { Holes } from './holes.ts';

/** How deep, and by what, a command stands below the step's own script. */
export interface Layer {
  readonly kind:
    /** `ssh host …`, an SSH action's script. */
    | 'remote'
    /** `docker run|exec … cmd`, `docker compose run|exec`, `kubectl exec`, `heroku run`, … */
    | 'container'
    /** A here-document or here-string given to a shell. */
    | 'here-document'
    /** `sh -c "…"`, `eval`, a string or JSON array that is a command. */
    | 'string'
    /** A script of the checkout, or one that the step itself has written: `name` is its path. */
    | 'script'
    | 'function'
    /** `$(…)`, backquotes, `<(…)` */
    | 'substitution'
    /** Python code. */
    | 'python';
  /** The host, image or service, file, function: as it is written, with holes; null: not known. */
  readonly name: string | null;
  /** The call that opened it. */
  readonly span: Span;
  /** Of a function: what the call hands to it. */
  readonly args?: readonly ShellWord[];
  /** Of an action's script: what its shell does after a failure. */
  readonly shell?: ShellHabit;
}

export interface ShellHabit {
  /** null: not known. */
  readonly stops: boolean | null;
  /** For people, in the middle of a sentence. */
  readonly why: string;
}

/** A variable of a shell or a workflow's environment. */
export interface Variable {
  /** With holes. Several values, e.g. of the branches of an `if`, are one choice. */
  readonly value: string;
  /** Where it is set; null: it is given from outside. */
  readonly span: Span | null;
}

/** A variable or expression that a word took its value from. */
export interface Origin {
  /** `$TAG`, `env.TAG`, `inputs.tag` */
  readonly name: string;
  readonly span: Span | null;
}

/** One word of a command after expansion. */
export interface ShellWord {
  /** With holes, without quotes and padding. */
  readonly value: string;
  /** The value with the place of each of its characters (`placed.text` is `value`): what a nested shell reads. */
  readonly placed: PlacedText;
  readonly span: Span;
  readonly origins: readonly Origin[];
}

/** What becomes of a command's failure inside the script. */
export type Fate =
  /** It fails what is around it, as far as the step. */
  | { readonly kind: 'fails' }
  /**
   * It counts as success. `how`: `|| true`, `|| echo …`, `if … fi without else`, `set +e`, `| tee` without pipefail, `!`, `; true`.
   * `span` is the part that hides it, e.g. from `||` to the end of `true`.
   */
  | { readonly kind: 'swallowed'; readonly how: string; readonly span: Span }
  /** Something else is run in its place and decides: `a || b`. `span` is `|| b`. */
  | { readonly kind: 'replaced'; readonly by: readonly ShellWord[]; readonly span: Span }
  /** It is tried again: `until a; do …`, a loop that ends with a failure. */
  | { readonly kind: 'retried' }
  /** The shell below so many of the command's layers continues with `next`, and nothing has asked for it. */
  | { readonly kind: 'unheeded'; readonly by: UnheededBy; readonly next: Span | null; readonly depth: number };

/** Why a shell continues after a failure. */
export type UnheededBy =
  /** It has no `set -e`. */
  | 'shell'
  /** `set -e` does not stop at what stands left of `&&`. */
  | 'and'
  /** `set -e` is ignored within a condition and left of `&&` or `||`. */
  | 'context'
  /** It stands in `$(…)` among the words of a command, whose own status counts. */
  | 'words'
  /** Not known for certain. */
  | 'unknown';

/** A simple command, as it is run: `sudo`, `env A=1`, `timeout 5`, `time`, `nohup`, `exec`, `command` are taken off. */
export interface ShellCall {
  /** Program and arguments. The first is never empty. */
  readonly words: readonly ShellWord[];
  /** The values of the words in one text: the same for the same command, so that what it does is found out once. */
  readonly text: string;
  /** The whole command as it is written, without redirections and what is around it. */
  readonly span: Span;
  /** `A=1 cmd`, `env A=1 cmd` */
  readonly prefix: ReadonlyMap<string, Variable>;
  /** What else its shell hands on to it: noted for programs that fill in files from their environment, e.g. compose. */
  readonly exported: ReadonlyMap<string, Variable>;
  /** Variables that are arguments of a program which stays: `sudo A=1 cmd`. */
  readonly shownBefore?: readonly ShellWord[];
  /** Outermost first; [] is the step's own script. */
  readonly layers: readonly Layer[];
  readonly fate: Fate;
  /** An `if`, `case`, `&&` after a test, or `||` decides whether it is run. */
  readonly isConditional: boolean;
  /** The ways that it stands in of those that an `if` or `case` may take, outermost first. */
  readonly ways: readonly Way[];
  /** Something other than the choice of these ways may skip it. */
  readonly mayBeSkipped: boolean;
  /** Runs because what is before it has failed: the right side of `||`, an `else` of `if cmd`, a trap. */
  readonly isFallback: boolean;
  /** Where its standard output goes: `shown` is the log. A pipe into a command that shows it (`tee`, `cat`) is `shown`. */
  readonly output: 'shown' | 'file' | 'pipe' | 'captured' | 'discarded';
  /** The file or program it goes to, where output is `file` or `pipe`. */
  readonly outputTo: string | null;
  /** What it reads, as far as it is written there: here-document, here-string, what `echo` before the pipe says. */
  readonly input: ShellWord | null;
  /** `set -x` is on. */
  readonly isTraced: boolean;
  /** `set -e` is on. */
  readonly errexit: boolean;
  /** Relative to the checkout; null: elsewhere, e.g. on another host, or not known. */
  readonly directory: string | null;
  /** Where that is null: the folder that `cd` names, on another host as it is written there; '' is where its shell starts. */
  readonly elsewhere: string;
}

/** A value that a script gives to a name. */
export interface ShellSetting {
  /** `NAME=value`, alone, exported or before a command; or `${NAME:-value}`. */
  readonly kind: 'assignment' | 'default';
  readonly name: string;
  readonly word: ShellWord;
  readonly layers: readonly Layer[];
}

/** One of the ways of an `if` or `case`. */
export interface Way {
  readonly fork: Fork;
  readonly index: number;
}

/** Filled in while its ways are followed. */
export interface Fork {
  ways: number;
  /** One of its ways is taken for certain: it has an `else`. */
  isComplete: boolean;
}

export interface ShellFault {
  readonly kind: 'unterminated-heredoc' | 'syntax';
  readonly message: string;
  /** Of an unterminated here-document: its opening `<<EOF`. */
  readonly span: Span;
}

/** What following may still cost, in steps of `spend`. Shared by the scripts of one audit. */
export interface Effort {
  left: number;
}

/** Where following stopped. What is in it, or comes after it, is not known. */
export interface Unfollowed {
  readonly kind:
    /** Statements, commands and searches beyond what a person writes. */
    | 'work'
    /** A text too long to read. */
    | 'length'
    /** Shells in shells in shells. */
    | 'depth';
  readonly span: Span;
}

export interface ShellInput {
  /** With padded holes where the workflow has expressions. */
  readonly script: PlacedText;
  readonly language: 'bash' | 'sh' | 'python' | 'powershell' | 'other';
  readonly errexit: boolean;
  readonly pipefail: boolean;
  /** What the shell's environment has at its start. */
  readonly variables: ReadonlyMap<string, Variable>;
  /** Relative to the checkout. */
  readonly directory: string | null;
  /** What the script itself stands in, e.g. an SSH action. */
  readonly layers: readonly Layer[];
  readonly holes: Holes;
  /** A text of the checkout by its path relative to the root; undefined: there is none, or it is too large. Never throws. */
  readonly readFile: (path: string) => string | undefined;
  /** Of a script that runs in an image: where a path of the image may be in the checkout, the likeliest first. */
  readonly locate?: (path: string) => readonly string[];
  /** The files of the checkout: where a command stands elsewhere, one of them may be meant whatever its folder is called there. */
  readonly paths?: readonly string[];
  /** A variable that nothing is known to set takes its default, `${NAME:-default}`; else it may have either. */
  readonly takesDefaults?: boolean;
  /** Of a script that runs in an image: whether a folder of the image comes from the checkout. */
  readonly hasFolder?: (path: string) => boolean;
  /** Files that are there already and not in the checkout, by the paths that a script gave them. */
  readonly files?: ReadonlyMap<string, PlacedText>;
  /** Default: enough for one script. */
  readonly effort?: Effort;
}

/** What a script does, found out without running anything. Never throws; bounded in counted work for any input. */
export interface ShellRun {
  /** In the order they are run; commands in functions where they are called. */
  readonly calls: readonly ShellCall[];
  /** Written to `$GITHUB_ENV`, in order of writing; the last of a name counts. */
  readonly environment: ReadonlyMap<string, Variable>;
  /** Written to `$GITHUB_OUTPUT` (and by `::set-output`). */
  readonly outputs: ReadonlyMap<string, Variable>;
  /** Scripts that are called and are not in the checkout: what they do is not known. */
  readonly unknownScripts: readonly { readonly path: string; readonly span: Span }[];
  readonly faults: readonly ShellFault[];
  /** In the order they are made, each as often as it is reached. */
  readonly settings: readonly ShellSetting[];
  /** The first place of each kind. */
  readonly unfollowed: readonly Unfollowed[];
  /** What it and its inner shells have written, and what was there before, by their paths; elsewhere as they are written there. */
  readonly files: ReadonlyMap<string, PlacedText>;
}
