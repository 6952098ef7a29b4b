import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { parseAst } from 'vitest/node';

/** A command that the product or a page of a finding tells a user to type. */
export interface PrintedCommand {
  /** Relative to the root of the repository. */
  readonly file: string;
  /** As it stands in the source, on one line. */
  readonly text: string;
}

const root = path.resolve(import.meta.dirname, '../../../..');

/** Rooms with texts that reach no finding: they write files, read workflows and shells, or speak of the command line itself. */
const ELSEWHERE =
  /^src\/(?:audit|cli|commands|config|container|demo|devcontainer|release|scaffold|shell|ui|workflows)\b/;

const SQL = String.raw`\b(?:ALTER (?:DATABASE|ROLE|SCHEMA|SYSTEM|TABLE) |CREATE (?:DATABASE|EXTENSION|ROLE|SCHEMA|TABLE) |DELETE FROM|DROP [A-Z]+ |GRANT (?!OPTION)|INSERT INTO|REASSIGN |REVOKE |SELECT (?:[a-z_, ]+ FROM )?pg_(?:terminate|cancel|reload)|TRUNCATE )`;
const SHELL = String.raw`(?:python3?(?:\.\S+)? -[mc] |python manage\.py |npx |\bdevsetup (?:--\w|(?:db|doctor|status|audit|up|init|migrate) --\w)|\bdevsetup (?:doctor|status)$|docker compose (?:up|down|logs|ps|exec|-f|\$)|pg_dump -|\bcreatedb |psql |\bgit (?:add|log|rm|status|switch|checkout) |gh (?:secret|variable|\$) set|npm install|\bcorepack \w+ \w|sudo |chmod |chown |\bcp [.$]|\bdu -|nvm |fnm |volta |-m ensurepip)`;
const COMMAND = new RegExp(`${SQL}|${SHELL}`);

/** First words of lists that become a command of manage.py. */
const MANAGEMENT =
  /^(?:check|create_\w+|createsuperuser|makemigrations|migrate|migrate_schemas|shell|showmigrations|sqlmigrate|tenant_command)$/;

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [key: string]: unknown;
}

/** Of everything the product prints into findings, failures and warnings. */
export const commandsInSource = (): readonly PrintedCommand[] => {
  const found: PrintedCommand[] = [];
  for (const file of filesIn('src', '.ts')) {
    if (ELSEWHERE.test(file)) continue;
    const source = readFileSync(path.join(root, file), 'utf8');
    const texts = new Set<string>();
    visit(parseAst(source, { lang: 'ts' }) as unknown as Node, null, (node, parent) => {
      if (isCommand(node, parent)) texts.add(source.slice(node.start, node.end).replaceAll(/\s+/g, ' '));
    });
    found.push(...[...texts].map((text) => ({ file, text })));
  }
  return found.toSorted((a, b) => (a.file + a.text < b.file + b.text ? -1 : 1));
};

/** Every text of the files of the program's own source that hold this word, as it is written, but for those that recognise commands of other people. */
export const textsInSource = (word = ''): readonly PrintedCommand[] =>
  filesIn('src', '.ts')
    .filter(
      (file) =>
        !/^src\/(?:audit|shell|workflows|scaffold\/setup-script|checks\/dev-container\/hook-commands)\b/.test(file),
    )
    .flatMap((file) => {
      const source = readFileSync(path.join(root, file), 'utf8');
      const texts: PrintedCommand[] = [];
      if (!source.includes(word)) return texts;
      visit(parseAst(source, { lang: 'ts' }) as unknown as Node, null, (node) => {
        const isText =
          node.type === 'TemplateLiteral' || (node.type === 'Literal' && typeof node['value'] === 'string');
        if (isText) texts.push({ file, text: source.slice(node.start, node.end).replaceAll(/\s+/g, ' ') });
      });
      return texts;
    });

const filesIn = (folder: string, ending: string): readonly string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => path.posix.join(folder, name));

const isCommand = (node: Node, parent: Node | null): boolean => {
  switch (node.type) {
    case 'Literal':
      return typeof node['value'] === 'string' && !isElsewhere(parent) && COMMAND.test(node['value']);
    case 'TemplateLiteral':
      return (
        !isElsewhere(parent) &&
        COMMAND.test((node['quasis'] as readonly Cooked[]).map(({ value }) => value.cooked).join('$'))
      );
    case 'ArrayExpression': {
      const [first] = node['elements'] as readonly (Node | null)[];
      return first?.type === 'Literal' && MANAGEMENT.test(String(first['value']));
    }
    case 'Property':
      return isRemedyCommand(node, parent);
    default:
      return false;
  }
};

interface Cooked {
  readonly value: { readonly cooked: string };
}

/** Imported, or sent to the database by devsetup itself. */
const isElsewhere = (parent: Node | null): boolean =>
  parent !== null &&
  (/^(?:Import|Export)/.test(parent.type) ||
    (parent.type === 'CallExpression' && keyOf(parent['callee'] as Node, 'property') === 'query'));

const keyOf = (node: Node, key = 'key'): unknown => (node[key] as Node | undefined)?.['name'];

/** `command` of a `Remedy`, which is what its other key shows; null is not one. */
const isRemedyCommand = (node: Node, parent: Node | null): boolean => {
  if (keyOf(node) !== 'command' || parent?.type !== 'ObjectExpression') return false;
  if (!(parent['properties'] as readonly Node[]).some((property) => keyOf(property) === 'text')) return false;
  const value = node['value'] as Node;
  // A text that is a command by itself is found without its key.
  return value.type === 'Literal' ? value['value'] !== null && !isCommand(value, node) : !isCommand(value, node);
};

const visit = (node: Node, parent: Node | null, use: (node: Node, parent: Node | null) => void): void => {
  use(node, parent);
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (typeof child === 'object' && child !== null && 'type' in child) visit(child as Node, node, use);
};

/** Of the pages of findings: what stands in blocks to be typed, and commands in sentences. */
export const commandsInPages = (): readonly PrintedCommand[] => {
  const found: PrintedCommand[] = [];
  for (const file of filesIn('docs/findings', '.md')) {
    if (file.endsWith('README.md')) continue;
    const source = readFileSync(path.join(root, file), 'utf8');
    const blocks = [...source.matchAll(/^ *```(?:sh|console|sql)\n(.*?)^ *```$/gms)].flatMap(([, text = '']) =>
      text.split('\n'),
    );
    const prose = source.replaceAll(/^ *```.*?^ *```$/gms, '');
    const inline = [...prose.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text.replaceAll(/\s+/g, ' '));
    const lines = [
      ...blocks.map((line) => line.replace(/\s+#.*/, '').trim()),
      ...inline.filter((text) => COMMAND.test(text)),
    ];
    found.push(
      ...[...new Set(lines)].filter((text) => text !== '' && !text.startsWith('#')).map((text) => ({ file, text })),
    );
  }
  return found.toSorted((a, b) => (a.file + a.text < b.file + b.text ? -1 : 1));
};
