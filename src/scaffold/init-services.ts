import type { InitOption, InitScript } from '../core/init-report.ts';
import type { RunCommand } from '../process/run-command.ts';
import type { Choice } from './plan/choose-options.ts';
import type { PlannedFile } from './planned-file.ts';
import type { Template } from './template/template.ts';
import type { ReadFile, ScaffoldFiles } from './write/scaffold-files.ts';

/** How `init` reaches the machine and the user. */
export interface InitServices<F extends ReadFile> {
  readonly files: ScaffoldFiles<F>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly runCommand: RunCommand;
  /** Gets the output of the package manager, as it comes. */
  readonly onOutput: (chunk: string) => void;
  /** Somebody is there and did not say yes to everything. */
  readonly canAsk: boolean;
  /** The answer as typed, without the line end; '' where there is none. */
  readonly ask: (question: string) => Promise<string>;
  readonly confirm: (question: string) => Promise<boolean>;
  /** Says what hand-written set-ups do. */
  readonly tell: (scripts: readonly InitScript[]) => void;
  /** Asks for what nothing in the checkout says. */
  readonly settle: (choices: readonly Choice[], template: Pick<Template, 'options'>) => Promise<readonly Choice[]>;
  readonly show: (plan: {
    readonly problems: readonly string[];
    readonly options: readonly InitOption[];
    readonly files: readonly PlannedFile[];
    /** None of it will be written: files that it would create are shown with their text. */
    readonly isDry: boolean;
  }) => void;
}
