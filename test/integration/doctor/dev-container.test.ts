import { DEV_CONTAINER_ROWS } from './rows/dev-container.ts';
import { testRows } from './support/row.ts';

testRows(DEV_CONTAINER_ROWS, { without: 'database,django,setup' });
