import type { InitOption, InitScript } from '../core/init-report.ts';
import type { RunCommand } from '../process/run-command.ts';
import type { Choice } from './plan/choose-options.ts';
import type { PlannedFile } from './planned-file.ts';
import type { Template } from './template/template.ts';
import type { ReadFile, ScaffoldFiles } from './write/scaffold-files.ts';

export interface InitChoice<V extends string> {
  readonly value: V;
  readonly label: string;
  readonly hint?: string;
}

/** How `init` reaches the machine and the user. */
export interface InitServices<F extends ReadFile> {
  readonly files: ScaffoldFiles<F>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  readonly runCommand: RunCommand;
  /** Gets the output of the package manager, as it comes. */
  readonly onOutput: (chunk: string) => void;
  /** It runs on a terminal, without `--yes`. */
  readonly canAsk: boolean;
  /** `--yes`: nothing has to be asked. */
  readonly isAllowed: boolean;
  /** Lets one of several be chosen, the first where there is no answer. */
  readonly choose: <V extends string>(question: string, choices: readonly InitChoice<V>[]) => Promise<V>;
  readonly confirm: (question: string) => Promise<boolean>;
  /** Shows what hand-written set-up scripts do. */
  readonly showScripts: (scripts: readonly InitScript[]) => void;
  /** Shows what was found in the checkout. */
  readonly showFound: (found: readonly (readonly [what: string, found: string])[]) => void;
  /** Asks for the options that nothing in the checkout answers. */
  readonly askOpenOptions: (
    choices: readonly Choice[],
    template: Pick<Template, 'options'>,
  ) => Promise<readonly Choice[]>;
  readonly showPlan: (plan: {
    readonly problems: readonly string[];
    readonly options: readonly InitOption[];
    readonly files: readonly PlannedFile[];
    /** Why the dev container will open. */
    readonly proof?: string | null;
  }) => void;
}
