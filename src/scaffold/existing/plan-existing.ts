import type { DevContainer } from '../../devcontainer/dev-container.ts';
import type { PlannedFile } from '../planned-file.ts';

export interface ExistingInput {
  readonly root: string;
  /** The checkout's devcontainer.json, which was not made from the template. */
  readonly devContainer: DevContainer;
  /** Of the package.json at the root. */
  readonly packageManager: string;
}

/** What has to change in a devcontainer.json that is not of the template, with its comments kept. */
export const planExisting = async ({ devContainer }: ExistingInput): Promise<readonly PlannedFile[]> => [
  { path: devContainer.name, action: 'keep', before: devContainer.text, after: devContainer.text, reason: null },
];
