import path from 'node:path';

import { defineCheck, notApplicable, problemsOr, type Problem } from '../../core/check.ts';
import { findText } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { DATABASE_SECONDS } from './database-seconds.ts';
import { findDumpCommand } from './find-dump-command.ts';

const FINDINGS = { 'pg-dump-older': 'warning' } as const;

type Code = keyof typeof FINDINGS;

/** The pg_dump that the project runs on this machine can read the server. Asked only where something runs it. */
export const pgDump = defineCheck<CheckContext, Code>({
  id: 'pg-dump',
  group: 'database',
  title: 'Version of pg_dump',
  findings: FINDINGS,
  timeoutSeconds: DATABASE_SECONDS,
  run: async (context) => {
    const { serverVersion, serverVersionNumber } = await context.server();
    const usedBy = await findUser(context);
    if (usedBy === null) return notApplicable('nothing here backs the database up by it');
    const program = await context.findProgram('pg_dump');
    if (program === null) return notApplicable('pg_dump is not on the PATH');
    const { stdout } = await context.run(program, ['--version'], { timeoutSeconds: 5 });
    const facts = { output: stdout, serverVersion, serverMajor: Math.floor(serverVersionNumber / 10_000), usedBy };
    return problemsOr(judgePgDump(facts), stdout.trim());
  },
});

/** Who runs pg_dump on this machine; null: nobody for certain. Shell scripts may be meant for a server or a container. */
const findUser = async (context: CheckContext): Promise<string | null> => {
  if ((await context.djangoFailure()) === null) {
    const { installedApps } = (await context.django()).description;
    if (installedApps.includes('dbbackup')) return 'dbbackup in INSTALLED_APPS';
  }
  const directories = [...new Set([context.root, context.backend?.directory ?? context.root])];
  for (const file of directories.flatMap((directory) => FILES.map((name) => path.join(directory, name)))) {
    const command = findDumpCommand(path.basename(file), (await findText(file)) ?? '');
    if (command !== null) return `${path.relative(context.root, file)}: ${command}`;
  }
  return null;
};

const FILES = ['Makefile', 'makefile', 'GNUmakefile', 'justfile', 'Justfile', 'package.json'];

export interface PgDumpFacts {
  /** Of `pg_dump --version`. */
  readonly output: string;
  readonly serverVersion: string;
  readonly serverMajor: number;
  readonly usedBy: string;
}

export const judgePgDump = ({ output, serverVersion, serverMajor, usedBy }: PgDumpFacts): readonly Problem<Code>[] => {
  const [, version = '', major = ''] = /\(PostgreSQL\) ((\d+)[.\d]*)/.exec(output) ?? [];
  if (major === '' || Number(major) >= serverMajor) return [];
  return [
    {
      code: 'pg-dump-older',
      message: `pg_dump is version ${version} and the server ${serverVersion}: backups fail with "server version mismatch".`,
      evidence: [usedBy],
      remedy: {
        text: `Install the client programs of PostgreSQL ${serverMajor} (Debian and Ubuntu: postgresql-client-${serverMajor} from apt.postgresql.org).`,
        command: null,
      },
    },
  ];
};
