import { setTimeout as sleep } from 'node:timers/promises';

/**
 * `what` names the condition for the reader: a test that waits for it without end is ended by its time limit. Asks less and less often: most
 * conditions cost a connection or a program.
 */
export const until = async (_what: string, condition: () => Promise<boolean> | boolean): Promise<void> => {
  for (let pause = 20; !(await condition()); pause = Math.min(pause * 1.5, 250)) await sleep(pause);
};
