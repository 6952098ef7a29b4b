/** A Dev Container Template: https://containers.dev/implementors/templates */
export interface Template {
  readonly id: string;
  readonly version: string;
  readonly options: Readonly<Record<string, TemplateOption>>;
  /** What is applied, sorted by path: without the files that are about the template. */
  readonly files: readonly TemplateFile[];
}

export interface TemplateOption {
  readonly description: string;
  readonly default: string;
  /** null: any value; else the only ones. */
  readonly values: readonly string[] | null;
  /** Usual values, offered as a list. */
  readonly proposals?: readonly string[];
}

export interface TemplateFile {
  /** Relative to the folder it is applied to, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** Option → value. */
export type OptionValues = Readonly<Record<string, string>>;
