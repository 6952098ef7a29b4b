import process from 'node:process';
import { createInterface } from 'node:readline';

/** Asks on the terminal for one line. The end of the input and an interruption are an empty one. */
export const askText = (question: string, signal: AbortSignal): Promise<string> => {
  const { stdin, stderr } = process;
  // Who has ended the input answers no further question.
  if (stdin.readableEnded || stdin.destroyed) return Promise.resolve('');
  // An earlier question let go of it.
  stdin.ref?.();
  const lines = createInterface({ input: stdin, output: stderr, terminal: false });
  return new Promise((resolve) => {
    const end = (answer: string): void => {
      signal.removeEventListener('abort', interrupt);
      lines.close();
      // An open terminal would keep the process from ending.
      stdin.unref?.();
      resolve(answer);
    };
    const interrupt = (): void => end('');
    signal.addEventListener('abort', interrupt, { once: true });
    lines.once('close', interrupt);
    lines.question(question, (answer) => {
      lines.off('close', interrupt);
      end(answer.trim());
    });
    if (signal.aborted) interrupt();
  });
};
