import type { Start } from '../../../devcontainer/hooks/find-starts.ts';
import type { ShellFault } from '../../../shell/shell-run.ts';
import type { Fault } from './fault.ts';

/** Gives what a real shell, which runs nothing, says against a file of the checkout or a text; null: nothing. */
export type ParseShell = (what: { readonly file: string } | { readonly text: string }) => Promise<string | null>;

/** A script that its shell cannot read to the end. A real shell decides where there is one. */
export const findSyntaxFault = async (
  { file, written }: Start,
  text: string,
  own: readonly ShellFault[],
  parse: ParseShell | null,
): Promise<Fault | null> => {
  if (text.includes('\0')) return null;
  const first = own.find(({ span }) => span.file === file);
  const said =
    parse === null ? (first === undefined ? null : `line ${first.span.line}: ${first.message}`) : await parse({ file });
  if (said === null) return null;
  const line = Number(/^line (\d+)/.exec(said)?.[1] ?? 1);
  return {
    kind: 'syntax',
    subject: written,
    why: `the shell cannot read it: ${said}`,
    remedy: `Correct ${file}; bash -n ${file} checks it without running it.`,
    place: { file, line, column: null },
  };
};
