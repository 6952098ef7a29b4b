import type { Row } from '../support/row.ts';

/** A check that prints this. */
const says = (document: unknown): NonNullable<Row['site']> => ({
  config: {
    doctor: {
      checks: [{ id: 'queue', command: ['node', '-e', `console.log(${JSON.stringify(JSON.stringify(document))})`] }],
    },
  },
});

const FINDING = {
  code: 'full',
  severity: 'warning',
  message: 'The queue is full.',
  remedy: { text: 'Empty it.', command: 'make empty' },
};

export const OWN_CHECKS_ROWS: readonly Row[] = [
  {
    name: 'a program of the project finds something',
    site: says([FINDING]),
    breaks: async () => undefined,
    code: 'queue-full',
    severity: 'warning',
    mends: 'make empty',
  },
  {
    name: 'an error without a name of its own',
    site: says({ severity: 'error', message: 'There is no queue.', remedy: 'Make one.' }),
    breaks: async () => undefined,
    code: 'queue',
    severity: 'error',
    mends: /^Make one\.$/,
  },
];
