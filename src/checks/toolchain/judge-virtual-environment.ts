import type { Problem, Remedy } from '../../core/check.ts';
import { shellWord } from '../../core/shell-word.ts';
import type { VenvFault } from '../../project/find-venv-fault.ts';

export const VENV_FINDINGS = { 'virtual-environment-broken': 'error', 'virtual-environment-moved': 'warning' } as const;

type Code = keyof typeof VENV_FINDINGS;

export interface VenvFacts {
  /** Relative to the root where it lies inside. */
  readonly venv: string;
  readonly basePython: string;
  /** The step installs into it, and recreates it where it is broken. */
  readonly isOfStep: boolean;
}

/** What the fault of a virtual environment means, and how to recreate it. */
export const judgeVenv = (fault: VenvFault, { venv, basePython, isOfStep }: VenvFacts): Problem<Code> => {
  const recreate = `${shellWord(basePython)} -m venv --clear ${shellWord(venv)}`;
  const bySelf: Remedy = isOfStep
    ? { text: 'Let devsetup recreate it.', command: 'npx devsetup' }
    : { text: 'Recreate it, and install into it again.', command: recreate };
  const broken = (message: string, evidence: readonly string[]): Problem<Code> => ({
    code: 'virtual-environment-broken',
    message,
    evidence,
    remedy: bySelf,
    ...(isOfStep ? { fix: { by: 'step', step: 'backend-dependencies' } } : {}),
  });
  switch (fault.kind) {
    case 'interpreter-gone':
      return broken(
        `The virtual environment ${venv} has lost its interpreter.`,
        fault.target === null ? [] : [`it was a link to ${fault.target}`],
      );
    case 'other-version':
      return broken(
        `The packages of the virtual environment ${venv} were installed for another Python than its interpreter now is.`,
        [
          `interpreter: Python 3.${fault.interpreter}`,
          `packages: ${fault.packages.map((minor) => `Python 3.${minor}`).join(', ')}`,
        ],
      );
    case 'moved':
      return {
        code: 'virtual-environment-moved',
        message: `The virtual environment ${venv} was moved or copied: its programs start ${fault.interpreter}.`,
        evidence: [`first line of ${venv}/bin/${fault.program}`],
        remedy: isOfStep
          ? { text: 'Recreate it in its place.', command: `${recreate} && npx devsetup` }
          : { text: 'Recreate it in its place, and install into it again.', command: recreate },
      };
  }
};
