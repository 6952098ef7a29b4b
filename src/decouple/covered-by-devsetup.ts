import { isMigration, type Migration } from '../audit/model/migrations.ts';

/** How `migrate` and `migrate_schemas` are told what `devsetup migrate` does anyway. */
const USUAL =
  /^(?:--no-?input|--shared|--tenants?|--(?:settings|pythonpath|verbosity|executor)(?:=.*)?|-v\d?|-e|--traceback|--no-color|--force-color|--skip-checks|--fake-initial|--environment(?:=.*)?)$/;
const VALUES = /^(?:\d|standard|parallel|multiprocessing)$/;

/** Why `devsetup migrate` does not stand for a migration; null: it does the same. */
export const notCovered = ({ stage, flags, args, command }: Migration): string | null => {
  if (stage === 'devsetup') return null;
  if (stage === 'configured' || stage === 'other') return `\`devsetup migrate\` does not run ${command}`;
  if (stage === 'super-tenant') return null;
  const flag = flags.find((one) => !USUAL.test(one));
  if (flag !== undefined) return `\`devsetup migrate\` has nothing like ${flag.replace(/=.*$/s, '')}`;
  const arg = args.find((one) => !VALUES.test(one) && command !== `tenant_command ${one}`);
  return arg === undefined ? null : '`devsetup migrate` migrates everything, and not one app or schema alone';
};

/** devsetup creates the tenant of the public schema itself; other tenants are nothing that a migration creates. */
export const isToBeMoved = (migration: Migration): boolean =>
  isMigration(migration) || /super|public/.test(migration.command);
