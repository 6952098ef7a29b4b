import type { Command, CompoundList, Function, HereDocBody, ParsedScript, Statement, SyntaxNode, Word } from 'unbash';

import type { PlacedText, Span } from '../../core/placed-text.ts';
import type {
  Effort,
  Fate,
  Layer,
  Origin,
  ShellCall,
  ShellFault,
  ShellSetting,
  ShellWord,
  Unfollowed,
  Variable,
  Way,
} from '../shell-run.ts';
import type { Holes } from '../holes.ts';

/** The value of a variable of a shell. */
export interface Cell {
  /** Of an array: its elements; else null. */
  readonly list: readonly string[] | null;
  /** With holes, without padding; of an array its first element. */
  readonly value: string;
  readonly span: Span | null;
  /** What its value was made of. */
  readonly origins: readonly Origin[];
  /** What it was before a condition said more of it; null: nothing had set it. */
  readonly narrowedFrom?: Cell | null;
}

/** A text whose tree is walked: the tree's positions count in it. */
export interface Code {
  readonly placed: PlacedText;
}

export interface ShellFunction {
  readonly node: Function;
  readonly code: Code;
}

/** What changes while one shell process is followed. Branches work on copies that are joined. */
export interface Shell {
  variables: Map<string, Cell>;
  /** What conditions say of the holes that the script itself has, e.g. of expressions. */
  assumed: ReadonlyMap<string, string>;
  functions: Map<string, ShellFunction>;
  /** Names that `export` has given to what the shell starts. */
  exported: Set<string>;
  /** Relative to the checkout; null: elsewhere, or not known. */
  directory: string | null;
  /** Where that is null: what `cd` has said since; '' is where the shell starts. */
  elsewhere: string;
  errexit: boolean;
  /** Where `set +e` stands that is in force. */
  errexitOff: Span | null;
  /** Where a trap on `EXIT` stands that ends every shell with success. */
  exitsWell: Span | null;
  pipefail: boolean;
  isTraced: boolean;
  /** `$1` and what follows; null: not known. */
  args: readonly ShellWord[] | null;
  /** `$0` */
  file: string | null;
  /** Files this machine has written itself, by path. */
  files: Map<string, PlacedText>;
  environment: Map<string, Variable>;
  outputs: Map<string, Variable>;
  /** Values of several lines that are not yet complete: for the environment and for outputs. */
  waiting: { readonly environment: PlacedText; readonly outputs: PlacedText };
}

/** What stands around a node. */
export interface Place {
  readonly shell: Shell;
  readonly code: Code;
  readonly layers: readonly Layer[];
  /** What becomes of this node's failure. */
  readonly fate: Fate;
  /** What becomes of the failure of the whole shell process. */
  readonly shellFate: Fate;
  /** What becomes of this node's failure if it is turned round: of `if ! a`, what `then` makes of it; null: `!` is all there is. */
  readonly negatedFate: Fate | null;
  /** What becomes of the failure of the function it stands in; null: in none. */
  readonly returnFate: Fate | null;
  /** The loop of the same shell it stands in. */
  readonly loop: Loop | null;
  /** `set -e` counts here; not so in a condition and left of `||`. */
  readonly isHeeded: boolean;
  readonly isConditional: boolean;
  readonly ways: readonly Way[];
  readonly mayBeSkipped: boolean;
  readonly isFallback: boolean;
  readonly output: ShellCall['output'];
  readonly outputTo: string | null;
  readonly input: PlacedText | null;
  /** What runs after this node in the same shell, nearest first. */
  readonly after: After | null;
  readonly depth: number;
  /** Words are evaluated for their text alone: nothing in them is followed, and that is meant. */
  readonly isQuiet: boolean;
}

export interface Loop {
  readonly body: CompoundList;
  /** It goes on until something succeeds: `until`, `while true`. */
  readonly isEndless: boolean;
  /** What `for` sets. */
  readonly variable: string | null;
  readonly after: After | null;
}

/** The statements that follow, and those that follow what is around them. */
export interface After {
  readonly statements: readonly Statement[];
  readonly from: number;
  readonly outer: After | null;
}

export interface Outcome {
  /** What it writes to its standard output; null: not known. */
  readonly said: PlacedText | null;
  /** Nothing after it in this shell is run. */
  readonly ends: boolean;
}

/** What one interpretation shares. Its functions are here because they need each other. */
export interface Machine {
  readonly holes: Holes;
  readonly readFile: (path: string) => string | undefined;
  readonly locate: (path: string) => readonly string[];
  readonly paths: readonly string[];
  readonly takesDefaults: boolean;
  readonly hasFolder: (path: string) => boolean;
  readonly calls: ShellCall[];
  readonly unknownScripts: { readonly path: string; readonly span: Span }[];
  readonly faults: ShellFault[];
  /** The same text may be run more than once. */
  readonly knownFaults: Set<string>;
  readonly settings: ShellSetting[];
  readonly parsed: Map<string, ParsedScript>;
  /** Files of the checkout that were read. */
  readonly read: Map<string, PlacedText | null>;
  /** What `base64` has encoded, by the hole that stands for it. */
  readonly encoded: Map<string, PlacedText>;
  /** What values were made of, by the place that an expansion is written at: the text of an inner shell keeps its places. */
  readonly origins: Map<string, readonly Origin[]>;
  /** Files that any of its shells has written, wherever that is, by the paths it gave them. */
  readonly written: Map<string, PlacedText>;
  /** Local paths that were copied to another host. */
  readonly copied: string[];
  /** See `spend`. */
  readonly effort: { own: number; readonly shared: Effort };
  readonly unfollowed: Map<Unfollowed['kind'], Unfollowed>;
  readonly walk: (node: SyntaxNode, place: Place) => Outcome;
  readonly walkStatements: (statements: readonly Statement[], place: Place) => Outcome;
  readonly runCommand: (node: Command, place: Place) => Outcome;
  /** A command by its words, e.g. what `sudo` is given. */
  readonly runWords: (command: Started, place: Place) => Outcome;
  /** A text that a shell reads; the place is that of its statements. */
  readonly runText: (text: PlacedText, place: Place) => Outcome;
  readonly evaluate: (word: Word, place: Place) => readonly ShellWord[];
  /** As one word, where a shell does not split. */
  readonly evaluateOne: (word: Word, place: Place) => ShellWord;
  readonly evaluateBody: (body: HereDocBody, isQuoted: boolean, stripsTabs: boolean, place: Place) => ShellWord;
}

/** A simple command after expansion. */
export interface Started {
  readonly words: readonly ShellWord[];
  readonly prefix: ReadonlyMap<string, Variable>;
  readonly span: Span;
  readonly shownBefore?: readonly ShellWord[];
}

export const SILENT: PlacedText = { text: '', segments: [] };
export const NOTHING_WAITING: Shell['waiting'] = { environment: SILENT, outputs: SILENT };
export const NOTHING_SAID: Outcome = { said: SILENT, ends: false };
export const UNKNOWN_SAID: Outcome = { said: null, ends: false };
export const FAILS: Fate = { kind: 'fails' };
