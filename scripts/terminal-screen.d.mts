export interface Run {
  readonly text: string;
  readonly bold?: true;
  readonly dim?: true;
  /** Of the 16 colours of a terminal. */
  readonly color?: number;
}

export interface Screen {
  readonly styled: readonly (readonly Run[])[];
  /** The same without style. */
  readonly lines: readonly string[];
  readonly cursorVisible: boolean;
}

export const screenOf: (
  output: string,
  size: { readonly columns: number; readonly rows: number; readonly joined?: boolean },
) => Promise<Screen>;
