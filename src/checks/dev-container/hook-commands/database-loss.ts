import type { Loss } from './find-loss.ts';

export interface DatabaseCommand {
  readonly words: readonly string[];
  /** What it reads, as far as it is known. */
  readonly input: string | null;
  /** The text of a file of the checkout that the command names. */
  readonly read: (file: string) => string | undefined;
  /** The program that its output goes to, e.g. `psql`. */
  readonly pipedTo: string | null;
}

/** `dropdb`, `psql -c 'DROP …'`, `manage.py flush`, … null: no data is lost, or it is not certain. */
export const databaseLoss = (command: DatabaseCommand): Loss | null => {
  const { words } = command;
  const program = words[0]?.split('/').at(-1) ?? '';
  const args = words.slice(1);
  switch (program) {
    case 'dropdb':
      return args.some((word) => word === '--interactive' || /^-[a-z]*i[a-z]*$/.test(word)) ||
        !isOwnDatabase(args.at(-1) ?? '')
        ? null
        : { command: 'dropdb', what: 'the database' };
    case 'mysqladmin':
      return args.includes('drop') &&
        args.some((word) => word === '-f' || word === '--force') &&
        isOwnDatabase(args.at(-1) ?? '')
        ? { command: 'mysqladmin drop', what: 'the database' }
        : null;
    case 'psql':
    case 'mysql':
    case 'mariadb':
      return sqlLoss(program, command);
    case 'pg_restore':
      return args.includes('--clean') || args.includes('-c')
        ? { command: 'pg_restore --clean', what: 'the tables it restores, with what was entered since' }
        : null;
    case 'devsetup':
      return resets(args);
    case 'npx':
      return args.includes('devsetup') ? resets(args.slice(args.indexOf('devsetup') + 1)) : null;
    default:
      return manageLoss(command);
  }
};

/** Without --yes it asks first. */
const resets = (args: readonly string[]): Loss | null =>
  args[0] === 'db' && args[1] === 'reset' && args.some((word) => word === '--yes' || word === '-y')
    ? { command: 'devsetup db reset --yes', what: 'the database server with all of its data' }
    : null;

const sqlLoss = (program: string, { words, input, read }: DatabaseCommand): Loss | null => {
  const texts = words.flatMap((word, index) => {
    const before = words[index - 1] ?? '';
    if (/^-[a-z]*c$/i.test(before) && program === 'psql') return [word];
    if ((before === '-e' || before === '--execute') && program !== 'psql') return [word];
    if (before === '--command') return [word];
    const [, inline] = /^--(?:command|execute)=([^]*)$/.exec(word) ?? [];
    if (inline !== undefined) return [inline];
    if (program === 'psql' && (before === '-f' || before === '--file')) return [read(word) ?? ''];
    return [];
  });
  const statement = [...texts, input ?? ''].flatMap(dropsIn)[0];
  return statement === undefined ? null : { command: `${program}: ${statement}`, what: WHAT[statement] ?? 'data' };
};

const WHAT: Readonly<Record<string, string>> = {
  'DROP DATABASE': 'the database',
  'DROP SCHEMA': 'the tables of the schema',
  'DROP OWNED': 'everything that the role owns',
  'DROP TABLE': 'tables with their rows',
  TRUNCATE: 'all rows of tables',
};

/** The statements that remove data, as they start; names of databases of tests are not meant. */
const dropsIn = (sql: string): readonly string[] => {
  const plain = sql.replaceAll(/--[^\n]*|\/\*[^]*?\*\//g, ' ').replaceAll(/'(?:[^']|'')*'/g, "''");
  return plain.split(';').flatMap((statement) => {
    const [, verb = '', rest = ''] =
      /^\s*(DROP\s+(?:DATABASE|SCHEMA|OWNED|TABLE)|TRUNCATE)\b\s*([^]*)/i.exec(statement) ?? [];
    const [name = ''] = rest.replace(/^(?:IF\s+EXISTS|TABLE|ONLY|BY)\s+/i, '').split(/[\s(,]/);
    if (verb === '' || !isOwnDatabase(name)) return [];
    return [verb.toUpperCase().replaceAll(/\s+/g, ' ')];
  });
};

const isOwnDatabase = (name: string): boolean =>
  name !== '' && !/(?:^|[^a-z])te?mp(?:[^a-z]|$)|test|[\uE000-\uF8FE]/i.test(name);

const MANAGE = /(?:^|\/)manage\.py$/;

const manageLoss = ({ words, input, pipedTo, read }: DatabaseCommand): Loss | null => {
  const program = words[0]?.split('/').at(-1) ?? '';
  const at =
    program === 'django-admin' || MANAGE.test(program)
      ? 0
      : /^python(?:3(?:\.\d+)?)?$/.test(program) && MANAGE.test(words[1] ?? '')
        ? 1
        : -1;
  if (at < 0) return null;
  const rest = words.slice(at + 1);
  const name = rest.find((word) => !word.startsWith('-')) ?? '';
  const args = rest.slice(rest.indexOf(name) + 1);
  const isAnswered =
    args.some((word) => word === '--noinput' || word === '--no-input') || /^\s*y(?:es)?\s*$/i.test(input ?? '');
  const command = `manage.py ${name}`;
  switch (name) {
    case 'flush':
      return isAnswered ? { command, what: 'all rows of the database' } : null;
    case 'reset_db':
      return isAnswered ? { command, what: 'the database' } : null;
    case 'reset_schema':
      return isAnswered ? { command, what: 'the tables of the schema' } : null;
    case 'sqlflush':
      return pipedTo !== null && /^(?:psql|mysql|python\d*|manage\.py)$/.test(pipedTo)
        ? { command: `${command} | ${pipedTo}`, what: 'all rows of the database' }
        : null;
    case 'migrate':
    case 'migrate_schemas': {
      const [app, target] = args.filter((word) => !word.startsWith('-'));
      const isFake = args.some((word) => word === '--fake' || word === '--plan' || word === '--check');
      return app !== undefined && target === 'zero' && !isFake
        ? { command: `${command} ${app} zero`, what: `the tables of ${app}` }
        : null;
    }
    case 'dbshell': {
      const split = args.indexOf('--');
      return sqlLoss('psql', { words: split < 0 ? [] : args.slice(split), input, pipedTo, read });
    }
    default:
      return null;
  }
};
