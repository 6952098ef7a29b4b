import { SETUP_ROWS } from './rows/setup.ts';
import { testRows } from './support/row.ts';

testRows(SETUP_ROWS);
