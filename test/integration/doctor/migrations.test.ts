import { MIGRATION_ROWS } from './rows/migrations.ts';
import { testRows } from './support/row.ts';

testRows(MIGRATION_ROWS);
