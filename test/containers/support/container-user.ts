import process from 'node:process';

import { runToSuccess } from '../../e2e/support/run-program.ts';

/** Of the user one works as in the container. */
const CONTAINER_UID = 1000;

/**
 * The dev container program gives that user the uid of whoever starts it, but for root: what root made is handed over, as if
 * somebody else had cloned it.
 */
export const giveToContainerUser = async (place: string): Promise<void> => {
  if (process.getuid?.() !== 0) return;
  await runToSuccess('chown', ['-R', `${String(CONTAINER_UID)}:${String(CONTAINER_UID)}`, place], { cwd: '/' });
};
