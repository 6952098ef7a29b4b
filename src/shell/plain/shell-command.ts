/** A simple command of a script, as far as it is known without running it. */
export interface ShellCommand {
  /** From 1. */
  readonly line: number;
  /** As it is written, on one line, without here-documents; secrets are still in it. */
  readonly text: string;
  /** Program and arguments, with OPEN for what only a running shell knows. */
  readonly words: readonly string[];
  /** Variables that are set for this command only. */
  readonly variables: readonly string[];
  /** Files its output goes to. */
  readonly writes: readonly string[];
  /** What it reads: a here-document, a here-string, or what `echo` gives it; null: nothing known. */
  readonly input: string | null;
  /** Relative to the checkout; null: outside, or not known. */
  readonly directory: string | null;
  /** Something decides at run time whether it is run. */
  readonly isConditional: boolean;
  /** A word of it is a variable that a condition decides. */
  readonly isUnsure: boolean;
  /** Started with `&`: what follows does not wait for it. */
  readonly isBackground: boolean;
  /** In a loop. */
  readonly isRepeated: boolean;
  /** Its failure is hidden: by `|| true`, or by sending its messages away. */
  readonly hidesErrors: boolean;
}

export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** Variables that the script sets for what it starts. */
  readonly exports: readonly string[];
  /** Values it gives to variables, to find the secrets among them. */
  readonly values: readonly (readonly [name: string, value: string])[];
  /** Lines at which the parser stumbled. */
  readonly mistakes: readonly number[];
}
