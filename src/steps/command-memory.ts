import { hasShape, isExactly, isOptional, isText, isTexts } from '../core/shape.ts';
import type { Inspection } from '../django/protocol.ts';
import type { SetupContext } from './context.ts';

/**
 * What is remembered of a project's own command: which tenants it added to which database. It answers "is it done?" where the
 * tenant has a name only the command knows, and dies with the database (`fingerprint`).
 */
export interface CommandMemory {
  readonly fingerprint: string;
  readonly command: string;
  readonly tenants: readonly string[];
  /** False from the start of the command to its success: a tenant may be there without all the command does for it. */
  readonly finished: boolean;
  /** The tenant that was looked for still lacked something (a domain) when the command had succeeded: it does not make it. */
  readonly incomplete: boolean;
}

/** What is remembered of this command on this database, or undefined. */
export const recallCommand = (
  context: SetupContext,
  step: string,
  command: string | undefined,
  inspection: Inspection,
): CommandMemory | undefined => {
  const memory = readMemory(context, step);
  return memory === undefined || memory.command !== command || memory.fingerprint !== inspection.fingerprint
    ? undefined
    : memory;
};

export const rememberCommand = (context: SetupContext, step: string, memory: CommandMemory): void =>
  context.state.write(step, memory);

/** Tenants a command has added, whatever has become of them. */
export const rememberedTenants = (context: Pick<SetupContext, 'state'>, step: string): readonly string[] =>
  readMemory(context, step)?.tenants ?? [];

const readMemory = (context: Pick<SetupContext, 'state'>, step: string): CommandMemory | undefined => {
  const value = context.state.read(step);
  if (!isMemory(value)) return undefined;
  const { finished, incomplete, ...memory } = value;
  return { ...memory, finished: finished !== false, incomplete: incomplete === true };
};

const isFlag = isOptional(isExactly(true, false));

const isMemory = hasShape({
  fingerprint: isText,
  command: isText,
  tenants: isTexts,
  finished: isFlag,
  incomplete: isFlag,
});
