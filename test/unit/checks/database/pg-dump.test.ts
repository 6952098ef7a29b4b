import { describe, expect, it } from 'vitest';

import { findDumpCommand } from '../../../../src/checks/database/find-dump-command.ts';
import { judgePgDump } from '../../../../src/checks/database/pg-dump.ts';

describe('findDumpCommand', () => {
  it.each([
    ['Makefile', 'backup:\n\tpg_dump $(URL) > backup.sql\n', 'pg_dump'],
    ['Makefile', 'backup:\n\t@mkdir -p out && PGPASSWORD=x pg_dump app > out/app.sql\n', 'pg_dump'],
    ['justfile', 'backup:\n    pg_dump app | gzip > app.sql.gz\n', 'pg_dump'],
    ['package.json', '{"scripts": {"backup": "pg_dump app > app.sql"}}', 'pg_dump'],
    ['Makefile', 'backup:\n\tdocker compose exec db pg_dump app > app.sql\n', null],
    ['Makefile', 'backup:\n\tssh server "cd app; pg_dump app" > app.sql\n', null],
    ['Makefile', 'backup:\n\t$(RUN) pg_dump app > app.sql\n', null],
    ['Makefile', '# pg_dump would do\n', null],
    ['package.json', '{"dependencies": {"pg_dump": "1"}}', null],
    ['package.json', 'broken', null],
  ])('%s %j: %s', (name, text, found) => expect(findDumpCommand(name, text)).toBe(found));
});

describe('judgePgDump', () => {
  const facts = { serverVersion: '17.2', serverMajor: 17, usedBy: 'Makefile: pg_dump' };
  it.each([
    ['pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n', ['pg-dump-older']],
    ['pg_dump (PostgreSQL) 17.0\n', []],
    ['pg_dump (PostgreSQL) 18beta1\n', []],
    ['something else', []],
  ])('%j: %j', (output, codes) => expect(judgePgDump({ ...facts, output }).map(({ code }) => code)).toEqual(codes));
});
