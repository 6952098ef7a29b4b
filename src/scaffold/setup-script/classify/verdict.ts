import type { BuiltInStepId } from '../../../core/step.ts';
import type { LineNote, OfferedSetting } from '../setup-script.ts';

/** What one command of a script is to devsetup. */
export type Verdict =
  | { readonly kind: 'harmless' }
  /** A sample env file becomes the env file, as they are named. */
  | { readonly kind: 'copies-env'; readonly from: string; readonly to: string }
  | TakenOverVerdict
  | {
      readonly kind: 'unknown';
      readonly note: LineNote;
      readonly manage?: readonly string[];
      readonly command?: readonly string[];
    }
  /** Another script of the checkout, as it is named; of a Makefile, these targets. */
  | { readonly kind: 'calls'; readonly file: string; readonly targets: readonly string[] | null };

export interface TakenOverVerdict {
  readonly kind: 'taken-over';
  readonly step: BuiltInStepId;
  readonly setting?: OfferedSetting;
  /** Further steps that do a part of it. */
  readonly others?: readonly TakenOverVerdict[];
}

export const HARMLESS: Verdict = { kind: 'harmless' };

export const takenOver = (step: BuiltInStepId, setting?: OfferedSetting): TakenOverVerdict => ({
  kind: 'taken-over',
  step,
  ...(setting === undefined ? {} : { setting }),
});

export const unknown = (note: LineNote): Verdict => ({ kind: 'unknown', note });
