import { sampleOf } from '../../../support/thoroughness.ts';
import { item, sql, type History } from './history.ts';

/** One way in which the migration of a tenant can end; it has a tenant of its own. */
export interface Ending {
  /** The title of its tests. */
  readonly kind: string;
  readonly schema: string;
  /** Python: what the migration does in this tenant, with `connection` and `Item`. */
  readonly code: string;
  readonly isAtomic: boolean;
  /** What plain Django prints of it, and devsetup has to say, too. */
  readonly says: string | null;
  /** What devsetup does differently on purpose: a failure where plain Django exits with 0, or another try. */
  readonly differs: 'fails' | 'is tried again' | null;
}

const ending = (
  kind: string,
  code: string,
  more: { says?: string; isAtomic?: boolean; differs?: Ending['differs'] } = {},
): Ending => ({
  kind,
  schema: kind
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, ''),
  code,
  isAtomic: more.isAtomic ?? true,
  says: more.says ?? null,
  differs: more.differs ?? null,
});

const INSERT = 'Item.objects.create(name="half done")';
const notAtomic = { isAtomic: false };

const ALL: readonly Ending[] = [
  ending('nothing special', INSERT),
  ending('an exception', `${INSERT}\nraise ValueError("beyond repair")`, { says: 'beyond repair' }),
  ending('an exception outside a transaction', `${INSERT}\nraise ValueError("half of it")`, {
    ...notAtomic,
    says: 'half of it',
  }),
  ending(
    'an exception that cannot be printed',
    'class Odd(Exception):\n    def __str__(self):\n        raise TypeError("no text")\nraise Odd()',
    { says: 'Odd' },
  ),
  ending('an exception with odd characters', 'raise ValueError("caf\\u00e9 \\U0001F980 \\x1b[31m \\x00 end")', {
    says: 'café',
  }),
  ending(
    'an exception group',
    'raise BaseExceptionGroup("several", [ValueError("one"), KeyError("two")]) if hasattr(__builtins__, "BaseExceptionGroup") or "BaseExceptionGroup" in dir(__builtins__) else ValueError("several")',
    { says: 'several' },
  ),
  ending('an assertion', 'assert Item.objects.count() == 77, "count them"', { says: 'count them' }),
  ending('a base exception', `${INSERT}\nclass Stop(BaseException):\n    pass\nraise Stop("not an Exception")`, {
    says: 'not an Exception',
  }),
  ending('a recursion without end', 'def again():\n    again()\nagain()', { says: 'maximum recursion depth' }),
  ending('no memory', 'raise MemoryError("too much")', { says: 'too much' }),
  ending('sys exit with a message', `${INSERT}\nimport sys\nsys.exit("the data is not ready")`, {
    says: 'the data is not ready',
  }),
  ending('sys exit with a number', 'import sys\nsys.exit(3)'),
  ending('sys exit without anything', `${INSERT}\nimport sys\nsys.exit()`, { differs: 'fails' }),
  ending('an exit at once', `${INSERT}\nimport os\nos._exit(4)`),
  ending('an exit at once that looks good', `${INSERT}\nimport os\nos._exit(0)`, { differs: 'fails' }),
  ending('a process that is killed', `${INSERT}\nimport os, signal\nos.kill(os.getpid(), signal.SIGKILL)`),
  ending('a process that aborts', `${INSERT}\nimport os\nos.abort()`),
  ending('a broken memory access', `${INSERT}\nimport ctypes\nctypes.string_at(0)`),
  ending('a statement that fails', `${INSERT}\nconnection.cursor().execute("SELECT 1 FROM not_there")`, {
    says: 'not_there',
  }),
  ending(
    'a statement that fails outside a transaction',
    `${INSERT}\nconnection.cursor().execute("SELECT 1 FROM not_there")`,
    { ...notAtomic, says: 'not_there' },
  ),
  ending(
    'a failure that is swallowed',
    `${INSERT}\ntry:\n    connection.cursor().execute("SELECT 1 FROM not_there")\nexcept Exception:\n    pass`,
    { says: 'current transaction is aborted' },
  ),
  ending(
    'a constraint that fails at commit',
    'cursor = connection.cursor()\ncursor.execute("CREATE TABLE part (item bigint REFERENCES endings_item DEFERRABLE INITIALLY DEFERRED)")\ncursor.execute("INSERT INTO part VALUES (4711)")',
    { says: 'violates foreign key constraint' },
  ),
  ending(
    'a session that the server ends',
    `${INSERT}\nconnection.cursor().execute("SELECT pg_terminate_backend(pg_backend_pid())")`,
  ),
  ending('a connection that is closed', `${INSERT}\nconnection.close()`),
  ending('a connection that is closed outside a transaction', `${INSERT}\nconnection.close()`, notAtomic),
  ending(
    'a statement that takes too long',
    'cursor = connection.cursor()\ncursor.execute("SET LOCAL statement_timeout = 50")\ncursor.execute("SELECT pg_sleep(30)")',
    { says: 'statement timeout' },
  ),
  ending(
    'a lock that is not to be had',
    'cursor = connection.cursor()\ncursor.execute("DO $$ BEGIN RAISE lock_not_available; END $$")',
    { differs: 'is tried again' },
  ),
  ending(
    'a conflict of transactions',
    'connection.cursor().execute("DO $$ BEGIN RAISE serialization_failure; END $$")',
    { says: 'serialization_failure', differs: 'is tried again' },
  ),
  ending('its own schema dropped', 'connection.cursor().execute("DROP SCHEMA its_own_schema_dropped CASCADE")', {
    differs: 'is tried again',
  }),
  ending('another schema left on', `${INSERT}\nconnection.set_schema_to_public()`, { differs: 'fails' }),
  ending('an output that is closed', `${INSERT}\nimport sys\nsys.stdout.close()`),
  ending('bytes that are no text', `${INSERT}\nimport os\nos.write(1, b"caf\\xe9 \\xff\\n")`),
  ending(
    'a thread that fails',
    `${INSERT}\nimport threading\nthread = threading.Thread(target=lambda: 1 / 0)\nthread.start()\nthread.join()`,
  ),
  ending(
    'a thread left running',
    `${INSERT}\nimport threading, time\nthreading.Thread(target=time.sleep, args=[600], daemon=True).start()`,
  ),
  ending('a program left running', `${INSERT}\nimport subprocess\nsubprocess.Popen(["sleep", "20"])`),
  ending('an interruption by itself', `${INSERT}\nraise KeyboardInterrupt`),
  ending(
    'a command error',
    `${INSERT}\nfrom django.core.management.base import CommandError\nraise CommandError("no plan to give")`,
    { says: 'no plan to give' },
  ),
  ending(
    'a migration that cannot be undone',
    `${INSERT}\nfrom django.db.migrations.exceptions import IrreversibleError\nraise IrreversibleError("one way")`,
    { says: 'one way' },
  ),
];

export const ENDINGS = sampleOf(ALL, 8);

const dispatch = (endings: readonly Ending[]): string =>
  endings
    .map(({ schema, code }) => `if connection.schema_name == "${schema}":\n${code.replace(/^(?=.)/gm, '    ')}`)
    .join('\n');

/** One app whose new migrations end in each tenant as its row says. */
export const ENDINGS_APP: History = {
  kind: 'endings',
  app: 'endings',
  before: [item('endings')],
  after: [
    { name: '0002_before', operations: sql('UPDATE endings_item SET size = 1') },
    {
      name: '0003_atomic',
      code: `Item = apps.get_model("endings", "Item")\n${dispatch(ENDINGS.filter(({ isAtomic }) => isAtomic))}`,
    },
    {
      name: '0004_not_atomic',
      attributes: 'atomic = False',
      code: `Item = apps.get_model("endings", "Item")\n${dispatch(ENDINGS.filter(({ isAtomic }) => !isAtomic))}`,
    },
    { name: '0005_after', operations: sql('UPDATE endings_item SET size = size + 1') },
  ],
};
