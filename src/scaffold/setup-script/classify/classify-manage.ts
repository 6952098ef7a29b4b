import { isStatic } from '../../../shell/plain/scope.ts';
import type { OfferedSetting } from '../setup-script.ts';
import { classifyCode } from './classify-code.ts';
import { HARMLESS, takenOver, unknown, type Verdict } from './verdict.ts';

/** Django's and django-tenants' own commands that change nothing. */
const ASKING = new Set(
  'check diffsettings showmigrations help version inspectdb sqlmigrate sendtestemail --version --help -h list_tenants findstatic test'.split(
    ' ',
  ),
);

const TENANT = '(?:tenants?|schemas?|clients?|compan(?:y|ies)|organi[sz]ations?)';
const MAKE = '(?:create|make|setup|init|bootstrap|ensure|add)';
const SUPER_TENANT = new RegExp(`^${MAKE}_?(?:super|public|main|root|primary|shared)_?${TENANT}$`);
const GUEST_TENANT = new RegExp(`^${MAKE}_?(?:guest|demo|test|dev|sample|example|local|default|first)_?${TENANT}$`);

/** With the names that projects give to their own commands. */
const SUPERUSER =
  /^(?:create|ensure|make|add|init|setup)_?(?:initial_?|default_?|dev_?|local_?|tenant_?)?(?:super_?user|su|admin(?:_?user)?)$/;

/** Such names say that a command fills in, replaces or destroys, and not what it does on a second run. */
const DANGEROUS =
  /(?:^|_)(?:flush|sqlflush|reset\w*|drop\w*|delete\w*|destroy\w*|clean\w*|clear\w*|purge\w*|wipe\w*|truncate\w*|seed\w*|init\w*|install\w*|populate\w*|bootstrap\w*|restore\w*|setup\w*|dbrestore|mediarestore)(?:_|$)/;

/** What stands behind `manage.py`. */
export const classifyManage = (words: readonly string[], input: string | null): Verdict => {
  const [name = '', ...args] = behindGlobalOptions(words);
  if (!isStatic(name)) return unknown('open');
  if (name === '' || ASKING.has(name)) return HARMLESS;
  if (/^wait_?for_?\w*(?:db|database|postgres)\w*$|^wait_?(?:db|database)$/.test(name)) return takenOver('database');
  if (name === 'migrate' || name === 'migrate_schemas') return classifyMigrate(args);
  if (name === 'makemigrations')
    return args.some((arg) => /^--(?:check|dry-run)$/.test(arg)) ? HARMLESS : unknown('makes-migrations');
  if (SUPERUSER.test(name)) return takenOver('superuser');
  if (SUPER_TENANT.test(name)) return takenOver('super-tenant', commandSetting('super', name, args));
  if (GUEST_TENANT.test(name)) return takenOver('guest-tenant', commandSetting('guest', name, args));
  if (name === 'create_tenant') return classifyCreateTenant(args);
  if (name === 'shell' || name === 'shell_plus') {
    const at = args.findIndex((arg) => arg === '-c' || arg === '--command');
    const code = args[at + 1];
    const given = at === -1 ? input : code;
    return given === null || given === undefined ? unknown('asks') : classifyCode(given);
  }
  if (name === 'tenant_command' || name === 'all_tenants_command') {
    const inner = classifyManage(args, input);
    return inner.kind === 'unknown' && inner.manage !== undefined ? { ...inner, manage: words } : inner;
  }
  return { kind: 'unknown', note: DANGEROUS.test(name) ? 'dangerous' : 'own', manage: words };
};

/** `--settings=x`, `-v 2` and the like before the command's name. */
const behindGlobalOptions = (words: readonly string[]): readonly string[] => {
  let at = 0;
  while (words[at]?.startsWith('-') === true && !ASKING.has(words[at] ?? '')) {
    at += /^(?:--settings|--pythonpath|-v|--verbosity)$/.test(words[at] ?? '') ? 2 : 1;
  }
  return words.slice(at);
};

const classifyMigrate = (args: readonly string[]): Verdict => {
  const database = optionOf(args, '--database');
  const schema = optionOf(args, '--schema') ?? optionOf(args, '-s');
  const targets = args.filter((arg, index) => !arg.startsWith('-') && !MIGRATE_VALUED.test(args[index - 1] ?? ''));
  if (args.some((arg) => /^--(?:check|plan|list)$/.test(arg))) return HARMLESS;
  if (args.includes('--fake') || targets.length > 1 || (database !== null && database !== 'default')) {
    return unknown('migrates-elsewhere');
  }
  const isTenants = args.includes('--tenant') || (schema !== null && schema !== 'public');
  return takenOver(isTenants ? 'tenant-migrations' : 'shared-migrations');
};

const MIGRATE_VALUED = /^(?:--database|--settings|--pythonpath|--verbosity|-v|--schema|-s|--executor)$/;

/** `--option value` or `--option=value`; null: it is not there. */
const optionOf = (args: readonly string[], option: string): string | null => {
  const at = args.indexOf(option);
  if (at !== -1) return args[at + 1] ?? null;
  return args.find((arg) => arg.startsWith(`${option}=`))?.slice(option.length + 1) ?? null;
};

const NO_INPUT = /^--no-?input$/;
/** Values that are nobody's to write into a configuration. */
const SECRET_OPTION = /pass|secret|token|key/i;

/** The project's own command where it is not the one that devsetup looks for. */
const commandSetting = (who: 'super' | 'guest', name: string, args: readonly string[]): OfferedSetting | undefined => {
  const kept = args.filter((arg) => !NO_INPUT.test(arg));
  if (!kept.every(isStatic) || kept.some((arg) => SECRET_OPTION.test(arg))) return undefined;
  if (name === `create_${who}_tenant` && kept.length === 0) return undefined;
  return { key: ['tenants', who], value: { command: name, ...(kept.length === 0 ? {} : { args: kept }) } };
};

/** Its options that are no fields of the tenant model. */
const CREATE_TENANT = new Set('schema_name name noinput verbosity settings pythonpath traceback'.split(' '));

/** django-tenants' own command: `--schema_name x --name y --domain-domain z`. */
const classifyCreateTenant = (args: readonly string[]): Verdict => {
  const schema = optionOf(args, '--schema_name') ?? optionOf(args, '-s');
  const domain = optionOf(args, '--domain-domain');
  const name = optionOf(args, '--name');
  const who = schema === 'public' ? 'super' : 'guest';
  const named = Object.entries({ schema: who === 'super' ? null : schema, name, domain });
  const known = named.filter((entry): entry is [string, string] => entry[1] !== null && isStatic(entry[1]));
  const fields = args.flatMap((arg, index) => {
    const [, field = '', inline] = /^--([a-z]\w*)(?:=([\s\S]*))?$/.exec(arg) ?? [];
    const value = inline ?? args[index + 1] ?? '';
    const isField = field !== '' && !CREATE_TENANT.has(field) && !SECRET_OPTION.test(field);
    return isField && value !== '' && !value.startsWith('--') && isStatic(value) ? [[field, value] as const] : [];
  });
  const value = Object.fromEntries([
    ...known,
    ...(fields.length === 0 ? [] : [['fields', Object.fromEntries(fields)]]),
  ]);
  return takenOver(`${who}-tenant`, Object.keys(value).length === 0 ? undefined : { key: ['tenants', who], value });
};
