import { holesIn, type Holes } from '../../shell/holes.ts';
import type { ShellCall } from '../../shell/shell-run.ts';
import type { AuditedJob } from '../pipeline.ts';
import { mentionOfVariable, writtenToEnvFile } from './from-variables.ts';
import type { Mention } from './mention.ts';
import type { Part } from './part.ts';

/** What a job writes to files of variables, which its servers and compose read later. */
export interface EnvFiles {
  readonly values: ReadonlyMap<string, Part>;
  /** By the command that writes it. */
  readonly writtenBy: ReadonlyMap<ShellCall, readonly { readonly name: string; readonly value: Part }[]>;
}

export const findEnvFiles = ({ steps }: AuditedJob): EnvFiles => {
  const values = new Map<string, Part>();
  const writtenBy = new Map<ShellCall, readonly { readonly name: string; readonly value: Part }[]>();
  for (const { calls } of steps) {
    for (const call of calls) {
      const written = writtenToEnvFile(call);
      if (written.length > 0) writtenBy.set(call, written);
      for (const { name, value } of written) values.set(name, value);
    }
  }
  return { values, writtenBy };
};

/** The names of variables that a value has no value for. */
const openNames = (value: string, holes: Holes): readonly string[] =>
  holesIn(value, holes).flatMap(({ kind, name, options }) => {
    if (kind === 'choice') return (options ?? []).flatMap((option) => openNames(option, holes));
    return kind === 'unknown' && /^\$\w+$/.test(name) ? [name.slice(1)] : [];
  });

/** Fills in what a file that the job has written says of a variable; without one it stays open. */
export const fillFromEnvFiles = (
  part: Part,
  { values }: EnvFiles,
  holes: Holes,
): { readonly part: Part; readonly used: readonly string[] } => {
  const used = openNames(part.value, holes).filter((name) => values.has(name));
  if (used.length === 0) return { part, used };
  const fill = (value: string): string =>
    [...value]
      .map((character) => {
        const hole = holes.get(character);
        const known = hole?.kind === 'unknown' ? values.get(hole.name.slice(1)) : undefined;
        if (known !== undefined) return known.value;
        // `${TAG:-latest}`: with a value there is no default.
        const first = hole?.kind === 'choice' ? (hole.options?.[0] ?? '') : '';
        return openNames(first, holes).some((name) => values.has(name)) ? fill(first) : character;
      })
      .join('');
  return { part: { ...part, value: fill(part.value) }, used };
};

/** Variables for others to read, at the command that writes them; not those that a later mention has been filled in with. */
export const mentionsOfEnvFiles = (
  call: ShellCall,
  { writtenBy }: EnvFiles,
  used: ReadonlySet<string>,
): readonly Mention[] =>
  (writtenBy.get(call) ?? []).flatMap(({ name, value }) => (used.has(name) ? [] : mentionOfVariable(name, value)));
