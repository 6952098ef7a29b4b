import { describe, expect, it } from 'vitest';
import { createRedactor, createStreamRedactor } from '../../../src/core/redact.ts';
import { seeded } from '../../support/random.ts';

const PASSWORDS = [
  'correct horse battery',
  'p@ss:w/rd%',
  'a%40b',
  'x+y=z&q?#!',
  `it's "quoted"`,
  'back\\slash$1$&',
  'Zürich-Straße-☃',
  '100%',
  '***!',
  '(a|b)*[c]{2}^$.',
];

describe('a secret', () => {
  it.each(PASSWORDS)('%j is masked however it is written', (password) => {
    const { redact } = createRedactor([password]);
    const written = [
      password,
      `password=${password} next`,
      encodeURIComponent(password),
      `postgres://app:${encodeURIComponent(password)}@db:5432/app`,
      `postgres://app:${password}@db:5432/app`,
      JSON.stringify({ password }),
      new URLSearchParams({ password }).toString(),
    ];
    for (const text of written) {
      const masked = redact(`before ${text} after`);
      expect(masked).toMatch(/^before .*\*\*\*.* after$/);
      expect(masked).not.toContain(password === '***!' ? '!' : password);
      expect(masked).not.toContain(encodeURIComponent(password));
    }
  });

  it('that holds another one is masked as a whole', () => {
    expect(createRedactor(['secretive', 'secretive-and-long']).redact('<secretive-and-long>')).toBe('<***>');
  });

  it('given percent-encoded, as in a URL, is masked in its decoded form too', () => {
    expect(createRedactor(['p%40ss%20word']).redact('wrong password "p@ss word"')).toBe('wrong password "***"');
  });

  it('in several lines is masked line by line', () => {
    const key = '-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQ\nEFAASCBKcwggSjAgEAAoIBAQ\n-----END KEY-----';
    const { redact } = createRedactor([key]);
    expect(redact('MIIEvQIBADANBgkqhkiG9w0BAQ')).toBe('***');
    expect(redact(JSON.stringify(key))).toBe('"***"');
  });

  it('learned later is masked from then on', () => {
    const redactor = createRedactor();
    expect(redactor.redact('tr0ub4dor')).toBe('tr0ub4dor');
    redactor.add('tr0ub4dor');
    expect(redactor.redact('tr0ub4dor')).toBe('***');
  });

  it('of no length masks nothing', () => {
    expect(createRedactor(['']).redact('text')).toBe('text');
  });
});

describe('a password that is a common word', () => {
  const { redact } = createRedactor(['postgres', 'abc', '5432']);

  it.each([
    'postgres is ready on port 5432',
    'Connecting to host postgres',
    "database 'postgres' does not exist",
    'abc',
    'primary key: postgres_pkey',
  ])('stays in %j', (text) => {
    expect(redact(text)).toBe(text);
  });

  it.each([
    ['password=postgres host=db', 'password=*** host=db'],
    ["'PASSWORD': 'postgres'", "'PASSWORD': '***'"],
    ['POSTGRES_PASSWORD: postgres', 'POSTGRES_PASSWORD: ***'],
    ['DB_PASS=abc', 'DB_PASS=***'],
    ['postgres://postgres:postgres@localhost/postgres', 'postgres://postgres:***@localhost/postgres'],
  ])('is masked where it stands as a password: %j', (text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  it('is any word that is also the name of the user or the database', () => {
    const redactor = createRedactor(['lending_app']);
    redactor.addName('lending_app');
    expect(redactor.redact('role lending_app, password=lending_app')).toBe('role lending_app, password=***');
  });
});

describe('a password that is named like the project', () => {
  const redactor = createRedactor(['lending', 'correct-horse']);
  for (const folder of ['/srv/lending', 'lending', 'tests']) redactor.addFolder(folder);
  for (const name of ['lending_app', 'lending_owner', 'localhost']) redactor.addName(name);

  it.each([
    'The log is /srv/lending/.devsetup/setup.log',
    'File "/srv/lending/lending/settings.py", line 3',
    'Fix the code at lending/settings.py:85.',
    'No module named lending.settings',
    'created database 127.0.0.1:5432/lending_app',
    'There is no role "lending_owner" on the server of localhost:5432/lending_app.',
  ])('stays a part of a path and of a name: %s', (text) => {
    expect(redactor.redact(text)).toBe(text);
  });

  it.each([
    ['the password is lending', 'the password is ***'],
    ['lending.', '***.'],
    ['DB_PASSWORD=lending/x', 'DB_PASSWORD=***/x'],
    ['"PASSWORD": "lending"', '"PASSWORD": "***"'],
    ['postgres://lending_owner:lending@db/lending_app', 'postgres://lending_owner:***@db/lending_app'],
    ['/elsewhere/lending/x', '/elsewhere/***/x'],
    ['lending_apple', '***_apple'],
    ['/srv/lending/correct-horse/x', '/srv/lending/***/x'],
    ['lending/correct-horse', 'lending/***'],
    ['len\u001B[1mding', '***'],
  ])('is masked anywhere else: %j', (text, masked) => {
    expect(redactor.redact(text)).toBe(masked);
  });

  it('is masked in generated text wherever it is not the name or path itself', () => {
    const random = seeded(5);
    const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-_';
    const word = (length: number): string =>
      Array.from({ length }, () => random.pick([...letters] as [string, ...string[]])).join('');
    for (let round = 0; round < 300; round += 1) {
      const secret = `a${word(4 + random.below(8))}z`;
      const other = `B${word(10)}!`;
      const folder = `/srv/${secret}`;
      const name = `${secret}_db`;
      const plain = createRedactor([secret, other]);
      const knowing = createRedactor([secret, other]);
      knowing.addFolder(folder);
      knowing.addFolder(secret);
      knowing.addName(name);
      const shown = [folder, `${folder}/src/x.py`, `${secret}/models.py`, `${secret}.models`, name, `h:5432/${name}`];
      const hidden = [
        secret,
        other,
        `x${secret}`,
        `${secret}x`,
        `${secret}!`,
        `/other/${secret}`,
        `password=${secret}`,
        `p://u:${secret}@h`,
        `${name}x`,
      ];
      const tokens = Array.from({ length: 8 }, () => {
        const isShown = random.below(2) === 0;
        const text = random.pick((isShown ? shown : hidden) as [string, ...string[]]);
        return { text, expected: isShown ? text : plain.redact(text) };
      });
      const text = tokens.map((token) => token.text).join(' ');
      expect(knowing.redact(text), text).toBe(tokens.map(({ expected }) => expected).join(' '));
    }
  });
});

describe('a URL', () => {
  const { redact } = createRedactor();

  it.each([
    ['postgres://app:unknown@db/app', 'postgres://app:***@db/app'],
    ['redis://:unknown@cache:6379/0', 'redis://:***@cache:6379/0'],
    ['amqp+ssl://u:p@ss@host', 'amqp+ssl://u:***@host'],
    ['(postgis://u:p%40%2F@[::1]:5432/x)', '(postgis://u:***@[::1]:5432/x)'],
    ['a://u:p@h and b://v:q@i', 'a://u:***@h and b://v:***@i'],
    ['https://ghp_0123456789abcdef0123@github.com/x', 'https://***@github.com/x'],
  ])('%s loses its credentials', (text, masked) => {
    expect(redact(text)).toBe(masked);
  });

  it.each(['http://localhost:3000/@vite/client', 'http://127.0.0.1:8000/', 'mail to someone@example.org: now'])(
    'without credentials stays: %s',
    (text) => {
      expect(redact(text)).toBe(text);
    },
  );
});

describe('a stream', () => {
  const secret = 'p@ss:w/rd% of many';
  const text = `first ${secret}\nsecond\r\nthird ${secret} end\nlast ${secret}`;
  const masked = 'first ***\nsecond\r\nthird *** end\nlast ***';

  it('masks a secret wherever the chunks are cut', () => {
    for (let cut = 0; cut <= text.length; cut++) {
      const stream = createStreamRedactor(createRedactor([secret]));
      expect(stream.write(text.slice(0, cut)) + stream.write(text.slice(cut)) + stream.end()).toBe(masked);
    }
  });

  it('masks it character by character', () => {
    const stream = createStreamRedactor(createRedactor([secret]));
    expect([...text].map((character) => stream.write(character)).join('') + stream.end()).toBe(masked);
  });

  it('gives out a line that never ends, and masks in it', () => {
    const stream = createStreamRedactor(createRedactor([secret]));
    const filler = 'x'.repeat(40_000);
    const shown = stream.write(filler) + stream.write(filler + secret.slice(0, 5));
    expect(shown.length).toBeGreaterThan(60_000);
    expect(shown + stream.write(secret.slice(5) + filler) + stream.end()).toBe(`${filler}${filler}***${filler}`);
  });
});

it('takes time in proportion to the length of the output', () => {
  const { redact } = createRedactor(['some-secret', 'postgres']);
  // Would take minutes if any expression tried every pair of places.
  for (const piece of ['a', 'a:', 'key', '://', '://a:', '%', 'password ']) {
    expect(redact(piece.repeat(200_000)).length).toBeGreaterThan(0);
  }
});
