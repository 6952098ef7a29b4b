import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, test } from 'vitest';

import { textsInSource, type PrintedCommand } from './support/printed-commands.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** Deletes rows, tables, databases, volumes, or files that no other command brings back. */
const DESTROYS =
  /\b(?:(?:docker|podman) (?:compose )?(?:down (?:-v|--volumes)|volume (?:rm|prune)|system prune)|dropdb\b|DROP (?:DATABASE|OWNED|ROLE|SCHEMA|TABLE)|TRUNCATE\b|DELETE FROM|rm -r?f|devsetup db reset|(?:manage\.py|migrate_schemas|migrate)\b[^`"']*\b(?:flush|reset_db|delete_tenant|zero|--prune)\b|git (?:clean|reset --hard|checkout --)|pg_resetwal|(?:manage\.py|migrate_schemas) (?:\$\{migrate\}|migrate(?: --schema=\w+)? \w+ \d{4}))/;
/** Shows what is there, or saves it. */
const CHECKS =
  /db status|pg_dump|back (?:them|it) up|docker system df|docker volume ls|showmigrations|save what|say what/i;
/** Says what is gone afterwards. */
const LOSS = /\b(?:deletes|removes|will be lost|with their data|without its data|back it up)\b/i;

/** Named without being advised. */
const NOT_ADVISED: readonly (PrintedCommand & { readonly reason: string })[] = [
  { file: 'docs/findings/locks-low.md', text: 'DROP SCHEMA', reason: 'an example of what takes many locks' },
  { file: 'docs/findings/devcontainer-hook-deletes-data.md', text: '', reason: 'the finding is that somebody runs it' },
  { file: 'docs/findings/schema-drift.md', text: 'Do not use', reason: 'the page warns of it' },
  { file: 'README.md', text: '| `devsetup db reset` |', reason: 'its reference: it says what will be lost and asks' },
  { file: 'src/commands/db-actions.ts', text: 'removes data, and there is nobody', reason: 'what was typed' },
];

const pages = ['README.md', ...readdirSync(path.join(root, 'docs'), { recursive: true, encoding: 'utf8' })]
  .map((file) => (file === 'README.md' ? file : path.posix.join('docs', file)))
  // The table of faults says what devsetup does, and the rules show what is wrong in workflows.
  .filter((file) => file.endsWith('.md') && !/^docs\/(?:faults\.md|rules\/)/.test(file));

/** A row of a table, or a section with what comes before the command in it. */
const partsOf = (file: string): readonly PrintedCommand[] =>
  readFileSync(path.join(root, file), 'utf8')
    .split(/^(?=## |\|)/m)
    .map((text) => ({ file, text: text.replaceAll(/\s+/g, ' ') }));

const isAdvised = ({ file, text }: PrintedCommand): boolean =>
  !NOT_ADVISED.some((known) => known.file === file && text.includes(known.text));

describe('every command that deletes data, in messages, hints and the documentation,', () => {
  const found = [...textsInSource(), ...pages.flatMap(partsOf)].filter(({ text }) => DESTROYS.test(text));
  const advised = found.filter(isAdvised);

  test('comes after one that shows or saves what is there', () => {
    const rash = advised.filter(({ text }) => !CHECKS.test(text.slice(0, text.search(DESTROYS))));
    expect(rash).toEqual([]);
  });

  test('comes with what is lost by it', () => {
    expect(advised.filter(({ text }) => !LOSS.test(text))).toEqual([]);
  });

  test('is found at all, and what is excepted is still there', () => {
    expect(advised.map(({ file }) => file)).toEqual(
      expect.arrayContaining([
        'docs/findings/server-version-unsupported.md',
        'src/checks/django/orphan-problems.ts',
        'src/server/start-server.ts',
      ]),
    );
    expect(
      NOT_ADVISED.filter((known) => !found.some(({ file, text }) => file === known.file && text.includes(known.text))),
    ).toEqual([]);
  });
});
