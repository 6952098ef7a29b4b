import { describe, expect, it } from 'vitest';

import { addStartPeriod, addToService, awaitHealthy } from '../../../src/devcontainer/edit-compose.ts';

const compose = (app: string): string =>
  `services:\n  app:\n    build: .\n${app}    # last\n    tty: true\n  db:\n    image: postgres\n`;

describe('a service waits for another', () => {
  it.each<[string, string, string]>([
    ['no depends_on', '', '    depends_on:\n      db:\n        condition: service_healthy\n'],
    ['a list in a line', '    depends_on: [db]\n', '    depends_on:\n      db:\n        condition: service_healthy\n'],
    [
      'a list with others',
      '    depends_on:\n      - cache\n      - db\n',
      '    depends_on:\n      cache:\n        condition: service_started\n      db:\n        condition: service_healthy\n',
    ],
    [
      'a list without it',
      '    depends_on:\n    - cache\n',
      '    depends_on:\n      cache:\n        condition: service_started\n      db:\n        condition: service_healthy\n',
    ],
    [
      'another condition',
      '    depends_on:\n      db:\n        condition: service_started # why\n',
      '    depends_on:\n      db:\n        condition: service_healthy # why\n',
    ],
  ])('%s', (_, before, after) => {
    const edited = awaitHealthy(compose(before), 'app', 'db');
    expect(edited).toBe(compose(after));
    expect(awaitHealthy(edited, 'app', 'db')).toBe(edited);
  });

  it.each([
    compose('    depends_on: [db, # first\n      cache]\n'),
    compose('    depends_on: { db: }\n'),
    'services: { app: { image: x } }\n',
    'services:\n  other:\n    image: x\n',
    'services:\n  app: [\n',
    '',
  ])('unless something would be lost, or cannot be edited: %j', (text) => {
    expect(awaitHealthy(text, 'app', 'db')).toBe(text);
  });
});

it('a block goes behind the first line of a service, indented as the file is', () => {
  const text =
    'services:\n    db:\n        # which\n        image: postgres # why\n        # where\n        ports: []\n';
  expect(addToService(text, 'db', 'healthcheck', ['test: x', 'start_period: 5s'])).toBe(
    'services:\n    db:\n        # which\n        image: postgres # why\n        healthcheck:\n            test: x\n' +
      '            start_period: 5s\n        # where\n        ports: []\n',
  );
});

it('a key that is there already stays', () => {
  const text = 'services:\n  db:\n    healthcheck:\n      disable: true\n';
  expect(addToService(text, 'db', 'healthcheck', ['test: x'])).toBe(text);
});

it('a file may end without a newline', () => {
  expect(addToService('services:\n  db:\n    image: x', 'db', 'healthcheck', ['test: y'])).toBe(
    'services:\n  db:\n    healthcheck:\n      test: y\n    image: x',
  );
});

it('a healthcheck gets its start_period', () => {
  const text = 'services:\n  db:\n    healthcheck:\n      test: x\n';
  const edited = addStartPeriod(text, 'db', '30s');
  expect(edited).toBe('services:\n  db:\n    healthcheck:\n      start_period: 30s\n      test: x\n');
  expect(addStartPeriod(edited, 'db', '30s')).toBe(edited);
  const flow = 'services:\n  db:\n    healthcheck: { test: x }\n';
  expect(addStartPeriod(flow, 'db', '30s')).toBe(flow);
});
