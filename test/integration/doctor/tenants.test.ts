import { TENANT_ROWS } from './rows/tenants.ts';
import { testRows } from './support/row.ts';

testRows(TENANT_ROWS, { without: 'toolchain,dev-container,pipelines' });
