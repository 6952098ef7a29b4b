/** A mistake in a configuration file; line and column count from 1. */
export interface ConfigMistake {
  readonly line: number;
  readonly column: number;
  readonly text: string;
}

/** A mistake and the path of the value it is about; `onKey`: the last segment is a key that should not be there. */
export interface PathMistake {
  readonly path: readonly (string | number)[];
  readonly onKey: boolean;
  readonly text: string;
}
