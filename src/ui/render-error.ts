import type { ExitCodeValue } from '../core/errors.ts';
import { ExitCode, isDevsetupError } from '../core/errors.ts';
import { createPalette } from './palette.ts';
import { outputOf } from './render-failure.ts';
import { textBlock } from './text-block.ts';

export interface ErrorOptions {
  /** Of the terminal the text goes to; undefined: it is none, nothing is wrapped. */
  readonly columns: number | undefined;
  readonly color: boolean;
  readonly logFile?: string | null;
  /** Where a bug in devsetup is reported: an address. */
  readonly reportTo: string;
  /** Masks secrets in a line: an unexpected error may hold any text. */
  readonly redact?: (line: string) => string;
}

/** What is printed when a command ends with an error. A stack is shown for mistakes in devsetup only. */
export const renderError = (error: unknown, options: ErrorOptions): string => {
  const palette = createPalette(options.color);
  const { columns, redact = asIs } = options;
  const heading = (text: string): readonly string[] =>
    textBlock(redact(text), { columns, paint: (line) => palette.bold(palette.red(line)) });
  const lines: string[] = [];
  if (isDevsetupError(error)) {
    lines.push(...heading(`devsetup: ${error.message}`));
    if (error.output.length > 0)
      lines.push('  Last lines of its output:', ...outputOf(error.output.map(redact), columns));
    if (error.hint !== undefined) lines.push(...textBlock(`What to do: ${redact(error.hint)}`, { columns, indent: 2 }));
  } else {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    lines.push(...heading('devsetup: this is a bug in devsetup, not in your project'));
    lines.push(...text.split('\n').flatMap((line) => textBlock(redact(line), { columns, indent: 2 })));
    lines.push(...textBlock(`Please report it, with these lines: ${options.reportTo}`, { columns, indent: 2 }));
  }
  if (options.logFile) lines.push(...textBlock(`Log: ${options.logFile}`, { columns, indent: 2 }));
  return `${lines.join('\n')}\n`;
};

const asIs = (line: string): string => line;

/** What the process exits with for an error that ended a command. */
export const exitCodeOf = (error: unknown): ExitCodeValue => (isDevsetupError(error) ? error.exitCode : ExitCode.bug);
