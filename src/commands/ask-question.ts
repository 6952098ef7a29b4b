import { askText } from './ask-text.ts';

/**
 * Asks on the terminal; only `y` and `yes` mean yes. The terminal stays in its own line mode, so that Ctrl-C remains a signal. The end
 * of the input and an interruption are a no.
 */
export const askQuestion = async (question: string, signal: AbortSignal): Promise<boolean> =>
  /^y(es)?$/i.test(await askText(question, signal));
