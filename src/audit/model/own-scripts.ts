import type { ShellCall } from '../../shell/shell-run.ts';
import { hasHole } from '../../shell/holes.ts';
import { isSameSpan } from '../is-same-span.ts';
import type { AuditedStep } from '../pipeline.ts';
import { baseName } from './django-command.ts';
import { MEANS_NO_UPGRADE } from './other-migrations.ts';

const SHELLS = /^(?:ba|da|z|k)?sh$/;
/** A script that is called by what it does, and by nothing else: `scripts/run-db-migrations.sh`. */
const OWN_SCRIPT =
  /^(?:run|apply)?[-_]?(?:db|database|sql)?[-_]?migrat(?:e|ions?)[-_]?(?:db|database|up)?\.(?:sh|bash)$/i;
const SQL_CLIENT = /^(?:psql|mysql|mariadb|sqlite3|clickhouse-client|mongosh?|cqlsh|sqlcmd|usql|sqlplus)$/;

export interface OwnScript {
  /** As it is written: `./migrate.sh`. */
  readonly command: string;
  /** Its path in the checkout; null: it is not there. */
  readonly script: string | null;
}

/** A script whose name says that it migrates: one that is elsewhere, or one of the checkout that runs a client of a database. */
export const readOwnScript = (
  call: ShellCall,
  { calls, unknownScripts }: Pick<AuditedStep, 'calls' | 'unknownScripts'>,
): OwnScript | null => {
  const command = scriptIn(call.words.map(({ value }) => value));
  if (command === null) return null;
  if (unknownScripts.some(({ path, span }) => path === command && isSameSpan(span, call.span)))
    return { command, script: null };
  const inside = calls.filter(({ layers }) =>
    layers.some(({ kind, span }) => kind === 'script' && isSameSpan(span, call.span)),
  );
  const client = inside.find(({ words }) => SQL_CLIENT.test(baseName(words[0]?.value ?? '')));
  return client === undefined ? null : { command, script: client.span.file };
};

/** The script that a command is, or gives to a shell; null: it is none of these. */
const scriptIn = (words: readonly string[]): string | null => {
  const [program = '', ...rest] = words;
  const isShell = SHELLS.test(baseName(program));
  const at = isShell ? rest.findIndex((word) => !word.startsWith('-')) : -1;
  // `sh -c …` has a command.
  if (isShell && rest.slice(0, at).some((word) => /^-\w*c/.test(word))) return null;
  const script = isShell ? (rest[at] ?? '') : program;
  if (hasHole(baseName(script)) || !OWN_SCRIPT.test(baseName(script))) return null;
  return rest.slice(at + 1).some((word) => MEANS_NO_UPGRADE.test(word)) ? null : script;
};
