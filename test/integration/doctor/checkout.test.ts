import { CHECKOUT_ROWS } from './rows/checkout.ts';
import { testRows } from './support/row.ts';

testRows(CHECKOUT_ROWS);
