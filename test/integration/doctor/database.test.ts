import { DATABASE_ROWS } from './rows/database.ts';
import { testRows } from './support/row.ts';

testRows(DATABASE_ROWS, { without: 'toolchain,dev-container,pipelines' });
