import { DJANGO_START_ROWS } from './rows/django-start.ts';
import { testRows } from './support/row.ts';

testRows(DJANGO_START_ROWS);
