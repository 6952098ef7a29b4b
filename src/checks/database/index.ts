import type { Check } from '../../core/check.ts';
import type { CheckContext } from '../context.ts';
import { databaseConnection } from './database-connection.ts';
import { databaseCreation } from './database-creation.ts';
import { databaseEncoding } from './database-encoding.ts';
import { databaseExtensions } from './database-extensions.ts';
import { databasePooler } from './database-pooler.ts';
import { databasePrivileges } from './database-privileges.ts';
import { examinedDatabase } from './examined-database.ts';
import { freeConnections } from './free-connections.ts';
import { lockTable } from './lock-table.ts';
import { migrationLock } from './migration-lock.ts';
import { openTransactions } from './open-transactions.ts';
import { pgDump } from './pg-dump.ts';
import { serverVersionDiffers } from './server-version-differs.ts';
import { serverVersion } from './server-version.ts';

export const DATABASE_CHECKS: readonly Check<CheckContext>[] = [
  examinedDatabase,
  databaseConnection,
  databaseCreation,
  databasePooler,
  serverVersion,
  serverVersionDiffers,
  databaseEncoding,
  databasePrivileges,
  databaseExtensions,
  freeConnections,
  lockTable,
  pgDump,
  openTransactions,
  migrationLock,
];
