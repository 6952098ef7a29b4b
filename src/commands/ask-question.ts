import process from 'node:process';
import { createInterface } from 'node:readline';

/**
 * Asks on the terminal; only `y` and `yes` mean yes. The terminal stays in its own line mode, so that Ctrl-C remains a signal. The end
 * of the input and an interruption are a no.
 */
export const askQuestion = (question: string, signal: AbortSignal): Promise<boolean> => {
  const { stdin, stderr } = process;
  // Who has ended the input answers no further question.
  if (stdin.readableEnded || stdin.destroyed) return Promise.resolve(false);
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  return new Promise((resolve) => {
    const end = (answer: boolean): void => {
      signal.removeEventListener('abort', interrupt);
      lines.close();
      // An open terminal would keep the process from ending.
      stdin.unref?.();
      resolve(answer);
    };
    const interrupt = (): void => end(false);
    signal.addEventListener('abort', interrupt, { once: true });
    lines.once('close', interrupt);
    lines.question(question, (answer) => {
      lines.off('close', interrupt);
      end(/^\s*y(es)?\s*$/i.test(answer));
    });
    if (signal.aborted) interrupt();
  });
};
