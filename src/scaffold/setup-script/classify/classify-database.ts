import { HARMLESS, takenOver, unknown, type Verdict } from './verdict.ts';

/** Programs of PostgreSQL, and those that wait for it; undefined: none of them. */
export const classifyDatabase = (name: string, args: readonly string[], input: string | null): Verdict | undefined => {
  const all = args.join(' ');
  switch (name) {
    case 'pg_isready':
    case 'sleep':
      return takenOver('database');
    case 'wait-for-it':
    case 'wait-for-it.sh':
    case 'wait-for':
    case 'wait-for.sh':
    case 'wait_for':
    case 'dockerize':
    case 'nc':
    case 'ncat':
    case 'netcat':
    case 'telnet':
      return OTHER_SERVICE.test(all) ? unknown('other-service') : takenOver('database');
    case 'createdb':
      return takenOver('database');
    case 'dropdb':
    case 'dropuser':
      return unknown('destroys');
    case 'createuser':
    case 'pg_restore':
      return unknown('database-objects');
    case 'pg_dump':
    case 'pg_dumpall':
      return unknown('writes-files');
    case 'psql':
      return classifyPsql(args, input);
    case 'redis-cli':
    case 'rabbitmqctl':
    case 'mc':
      return unknown('other-service');
    case 'pg_ctl':
    case 'pg_ctlcluster':
    case 'initdb':
      return unknown('starts-services');
    case 'service':
    case 'systemctl':
      return /\bstatus\b/.test(all) ? HARMLESS : unknown('starts-services');
    default:
      return name.startsWith('/etc/init.d/') ? unknown('starts-services') : undefined;
  }
};

/** Ports and names of what is no PostgreSQL. */
const OTHER_SERVICE =
  /redis|rabbit|amqp|elastic|opensearch|kafka|minio|mailhog|mailpit|memcache|6379|5672|9200|9000|11211|1025/i;

const classifyPsql = (args: readonly string[], input: string | null): Verdict => {
  const given = args.flatMap((arg, index) => {
    if (/^-[a-zA-Z]*c$|^--command$/.test(args[index - 1] ?? '')) return [arg];
    const [, inline] = /^--command=([\s\S]*)$/.exec(arg) ?? [];
    return inline === undefined ? [] : [inline];
  });
  if (args.some((arg) => /^-[a-zA-Z]*f$|^--file/.test(arg))) return unknown('database-objects');
  if (given.length === 0 && args.some((arg) => /^-[A-Za-z]*l[A-Za-z]*$|^--(?:list|version)$|^-V$/.test(arg)))
    return HARMLESS;
  const sql = given.length > 0 ? given.join('; ') : input;
  return sql === null ? unknown('asks') : classifySql(sql);
};

const classifySql = (sql: string): Verdict => {
  if (/\bDROP\s|\bTRUNCATE\s|\bDELETE\s+FROM\b/i.test(sql)) return unknown('destroys');
  if (/\bCREATE\s+(?:ROLE|USER|EXTENSION|SCHEMA|TABLE)\b|\bALTER\s|\bGRANT\s|\bINSERT\s|\bUPDATE\s|\\i\b/i.test(sql)) {
    return unknown('database-objects');
  }
  if (/\bCREATE\s+DATABASE\b/i.test(sql)) return takenOver('database');
  if (/^\s*SELECT\s+1\s*;?\s*$|^\s*\\q\s*$/i.test(sql)) return takenOver('database');
  return /^\s*(?:SELECT|SHOW|\\[dlq])/i.test(sql) ? HARMLESS : unknown('database-objects');
};
