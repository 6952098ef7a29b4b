import { devcontainerFiles } from '../../checks/dev-container/devcontainer-files.ts';
import { devcontainerProperties } from '../../checks/dev-container/devcontainer-properties.ts';
import { devcontainerSyntax } from '../../checks/dev-container/devcontainer-syntax.ts';
import type { DevContainerContext } from '../../checks/dev-container/open-dev-container.ts';
import { workspaceFolder } from '../../checks/dev-container/workspace-folder.ts';
import { CheckStopped, type Check, type CheckOutcome, type Problem } from '../../core/check.ts';
import type { DevContainer } from '../../devcontainer/dev-container.ts';

const CHECKS = [devcontainerSyntax, devcontainerProperties, devcontainerFiles, workspaceFolder];

/** What keeps a dev container from being opened, as the doctor finds it: until that is corrected, no hook is run at all. */
export const containerErrors = async (
  root: string,
  devContainer: DevContainer | undefined,
): Promise<readonly string[]> => {
  if (devContainer === undefined) return [];
  const context = { root, devContainer: async () => devContainer };
  const found = await Promise.all(
    CHECKS.map(async (check) => {
      const outcome = await outcomeOf(check, context);
      return outcome.kind === 'problems'
        ? outcome.problems.filter(({ code, severity = check.findings[code] }) => severity === 'error')
        : [];
    }),
  );
  return found.flat().map(asParagraph);
};

/** What is wrong, what shows it, and what to do. */
export const asParagraph = ({ message, evidence = [], remedy }: Omit<Problem, 'code'>): string =>
  [
    message,
    ...evidence.map((line) => `${line.charAt(0).toUpperCase()}${line.slice(1)}.`),
    remedy.text,
    ...(remedy.command === null ? [] : [`Type ${remedy.command}`]),
  ].join(' ');

const outcomeOf = async (check: Check<DevContainerContext>, context: DevContainerContext): Promise<CheckOutcome> => {
  try {
    return await check.run(context);
  } catch (error) {
    if (error instanceof CheckStopped) return error.outcome;
    throw error;
  }
};
