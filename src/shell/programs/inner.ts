import type { PlacedText, Span } from '../../core/placed-text.ts';
import type { Layer, ShellWord, Variable } from '../shell-run.ts';
import type { FoundFile } from '../walk/read-checkout.ts';

/** What a program runs of what it is given. */
export type Inner =
  /** A text that a shell reads. */
  | {
      readonly kind: 'text';
      readonly text: PlacedText;
      readonly layers: readonly InnerLayer[];
      readonly flags: ShellFlags;
      /** A process of this machine that has its exported variables. */
      readonly inherits: boolean;
      readonly isHere: boolean;
      readonly variables?: ReadonlyMap<string, Variable>;
      readonly args?: readonly ShellWord[];
      /** It is read from standard input, which is then empty. */
      readonly takesInput: boolean;
      /** Where it is run, as seen from where the command is. */
      readonly folder?: string;
      /** Its failure counts as success. */
      readonly ignored?: { readonly how: string; readonly span: Span };
    }
  /** A command as words. */
  | {
      readonly kind: 'words';
      readonly words: readonly ShellWord[];
      readonly layers: readonly InnerLayer[];
      readonly inherits: boolean;
      readonly isHere: boolean;
      readonly variables?: ReadonlyMap<string, Variable>;
      readonly ignored?: { readonly how: string; readonly span: Span };
    }
  /** A script by its path. */
  | {
      readonly kind: 'script';
      readonly path: ShellWord;
      readonly args: readonly ShellWord[];
      readonly flags: ShellFlags;
      /** `source`: in this shell. */
      readonly isSourced: boolean;
      /** Started by its path: its first line says how. */
      readonly isExecuted: boolean;
    }
  | { readonly kind: 'python'; readonly text: PlacedText };

export type InnerLayer = Pick<Layer, 'kind' | 'name'>;

export interface ShellFlags {
  readonly errexit: boolean;
  readonly pipefail: boolean;
  readonly isTraced: boolean;
}

export const NO_FLAGS: ShellFlags = { errexit: false, pipefail: false, isTraced: false };

/** What a finder of inner commands is given. */
export interface Given {
  /** The first is the program, without its path. */
  readonly name: string;
  readonly words: readonly ShellWord[];
  readonly input: PlacedText | null;
  /** A file by the path a command gives it; null: there is none. */
  readonly read: (path: string) => FoundFile | null;
  /** The files of that name in any folder of the checkout; [] where the command stands in the checkout itself. */
  readonly readNamed: (name: string) => readonly FoundFile[];
  /** What stands for something that is not known. */
  readonly unknown: (name: string) => string;
}
