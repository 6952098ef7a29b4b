import type { Start } from '../../../devcontainer/hooks/find-starts.ts';
import type { ShellFault } from '../../../shell/shell-run.ts';
import type { Fault } from './fault.ts';

/** Gives what a real shell, which runs nothing, says against a file of the checkout or a text; null: nothing, or there is no such shell. */
export type ParseShell = (
  what: { readonly file: string } | { readonly text: string },
  shell: 'bash' | 'dash',
) => Promise<string | null>;

export interface ReadBy {
  readonly parse: ParseShell | null;
  /** The image in which `sh` is dash; null: not known, or another shell reads it. */
  readonly dashOf: string | null;
}

/** A script that its shell cannot read to the end. A real shell decides where there is one. */
export const findSyntaxFault = async (
  { file, written }: Start,
  text: string,
  own: readonly ShellFault[],
  by: ReadBy,
): Promise<Fault | null> => {
  if (text.includes('\0')) return null;
  const first = own.find(({ span }) => span.file === file);
  const said = await complaintOf(
    { file },
    first === undefined ? null : `line ${first.span.line}: ${first.message}`,
    by,
  );
  if (said === null) return null;
  const line = Number(/^line (\d+)/.exec(said.text)?.[1] ?? 1);
  const remedy = said.isOfDash
    ? `Run ${file} with bash, or write it for sh.`
    : `Correct ${file}; bash -n ${file} checks it without running it.`;
  return { kind: 'syntax', subject: written, why: whyOf(said, by), remedy, place: { file, line, column: null } };
};

/** The text of a hook that no shell understands. */
export const findLineFault = async (text: string, own: string | null, by: ReadBy): Promise<Fault | null> => {
  const said = await complaintOf({ text }, own, by);
  if (said === null) return null;
  const remedy = said.isOfDash
    ? 'Write the hook as ["bash", "-c", "…"], or put it into a script for bash.'
    : 'Correct the command; what takes several lines is better in a script of its own.';
  return { kind: 'syntax', subject: 'its command', why: whyOf(said, by), remedy };
};

interface Complaint {
  readonly text: string;
  readonly isOfDash: boolean;
}

const complaintOf = async (
  what: Parameters<ParseShell>[0],
  own: string | null,
  { parse, dashOf }: ReadBy,
): Promise<Complaint | null> => {
  const text = parse === null ? own : await parse(what, 'bash');
  if (text !== null) return { text, isOfDash: false };
  const ofDash = parse === null || dashOf === null ? null : await parse(what, 'dash');
  return ofDash === null ? null : { text: ofDash, isOfDash: true };
};

const whyOf = ({ text, isOfDash }: Complaint, { dashOf }: ReadBy): string =>
  isOfDash
    ? `sh, which is dash in the image ${dashOf ?? ''}, cannot read it: ${text}`
    : `the shell cannot read it: ${text}`;
