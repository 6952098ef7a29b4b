interface PlannedBase {
  /** The findings it mends. */
  readonly codes: readonly string[];
  /** What it does, in one line: `run the step database`. */
  readonly action: string;
}

/** What `--fix` is about to do, told and asked before it is done. */
export type PlannedFix =
  | (PlannedBase & {
      readonly by: 'step';
      readonly step: string;
      /** What the step says it would do; [] where it was not looked at. */
      readonly actions: readonly string[];
    })
  | (PlannedBase & {
      readonly by: 'edit';
      /** Absolute. */
      readonly file: string;
      /** Relative to the root of the checkout. */
      readonly name: string;
      /** null: there is no such file yet. */
      readonly before: string | null;
      readonly after: string;
    })
  | (PlannedBase & {
      readonly by: 'form';
      /** Commands that do the same. */
      readonly actions: readonly string[];
    });
