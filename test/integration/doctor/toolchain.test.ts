import { TOOLCHAIN_ROWS } from './rows/toolchain.ts';
import { testRows } from './support/row.ts';

testRows(TOOLCHAIN_ROWS);
