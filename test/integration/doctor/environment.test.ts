import { ENVIRONMENT_ROWS } from './rows/environment.ts';
import { testRows } from './support/row.ts';

testRows(ENVIRONMENT_ROWS);
