import { joinPlaced, placeInstead, slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import type { FoundFile } from '../walk/read-checkout.ts';
import { NO_FLAGS, type Given, type Inner } from './inner.ts';
import { optionSet, optionValue, skipOptions } from './options.ts';

/** A process that a file tells a manager to start. */
interface Process {
  readonly name: string;
  readonly command: PlacedText;
}

/** `supervisord -c FILE`, `circusd FILE`, `honcho start`: the commands of the file, each a process of its own. */
export const innerOfProcessManagers = ({ name, words, read, unknown }: Given): readonly Inner[] => {
  const manager = MANAGERS.find(({ programs }) => programs.test(name));
  if (manager === undefined) return [];
  const { files, wanted } = manager.reads(words);
  if (files.length === 0) return [];
  const found = files.map((file) => read(file)).find((file) => file !== null);
  // What it starts is not here: it is a script that nobody knows.
  const [path] = words.filter(({ value }) => value === files[0]).concat(words);
  if (found === undefined || found === null) {
    return path === undefined
      ? []
      : [{ kind: 'script', path, args: [], flags: NO_FLAGS, isSourced: false, isExecuted: false }];
  }
  const processes = manager.read(found).filter((one) => wanted.length === 0 || wanted.includes(one.name));
  return processes.map(({ command }): Inner => ({
    kind: 'text',
    text: withUnknown(command, unknown),
    layers: [{ kind: 'script', name: found.path }],
    flags: NO_FLAGS,
    inherits: true,
    isHere: true,
    takesInput: false,
  }));
};

interface Manager {
  readonly programs: RegExp;
  readonly reads: (words: Given['words']) => { readonly files: readonly string[]; readonly wanted: readonly string[] };
  readonly read: (file: FoundFile) => readonly Process[];
}

const SUPERVISOR_FILES = [
  'supervisord.conf',
  'etc/supervisord.conf',
  '/etc/supervisord.conf',
  '/etc/supervisor/supervisord.conf',
  '/etc/supervisor/conf.d/supervisord.conf',
];

const fileOf = (words: Given['words'], names: readonly string[]): string | undefined => {
  const found = optionValue(words, names);
  return found?.word.value.slice(found.skip);
};

const PROCFILE_OPTIONS = optionSet('-f --procfile -e --env -d --app-root -p --port -c --concurrency -m --formation -l');

const MANAGERS: readonly Manager[] = [
  {
    programs: /^supervisord$/,
    reads: (words) => {
      const named = fileOf(words, ['-c', '--configuration']);
      return { files: named === undefined ? SUPERVISOR_FILES : [named], wanted: [] };
    },
    read: ({ text }) => readSections(text, /^(?:program|eventlistener):/, 'command'),
  },
  {
    programs: /^circusd$/,
    reads: (words) => ({
      files: words.slice(1).flatMap(({ value }) => (value.startsWith('-') ? [] : [value])),
      wanted: [],
    }),
    read: ({ text }) => readSections(text, /^watcher:/, 'cmd'),
  },
  {
    programs: /^(?:honcho|foreman|overmind|hivemind|goreman)$/,
    reads: (words) => {
      const file = fileOf(words, ['-f', '--procfile']) ?? 'Procfile';
      const verb = skipOptions(words, 1, PROCFILE_OPTIONS);
      const isStart = words[0]?.value.endsWith('hivemind') === true || /^(?:start|s)$/.test(words[verb]?.value ?? '');
      const wanted = words.slice(skipOptions(words, verb + 1, PROCFILE_OPTIONS)).map(({ value }) => value);
      return isStart ? { files: [file], wanted: wanted.filter((one) => !one.startsWith('-')) } : { files: [], wanted };
    },
    read: ({ text }) => readProcfile(text),
  },
];

/** `[program:web]` with `command=…`, which goes on in indented lines. What is not started by itself is left out. */
const readSections = (placed: PlacedText, section: RegExp, key: string): readonly Process[] => {
  const { text } = placed;
  const heads = [...text.matchAll(/^\[([^\]\n]+)\]/gm)];
  return heads.flatMap((head, index): readonly Process[] => {
    const [whole, title = ''] = head;
    if (!section.test(title.trim())) return [];
    const from = head.index + whole.length;
    const body = text.slice(from, heads[index + 1]?.index ?? text.length);
    const found = new RegExp(String.raw`^${key}[ \t]*=[ \t]*((?:[^\n]|\n[ \t]+(?=[^\s;#]))*)`, 'm').exec(body);
    if (found === null || /^auto_?start[ \t]*=[ \t]*(?:false|0|no|off)\b/im.test(body)) return [];
    const [all, command = ''] = found;
    const at = from + found.index + all.length - command.length;
    const end = command.search(/[ \t]+;|\r/);
    return [
      {
        name: title.slice(title.indexOf(':') + 1).trim(),
        command: slicePlaced(placed, at, at + (end < 0 ? command.length : end)),
      },
    ];
  });
};

/** `web: gunicorn shop.wsgi` */
const readProcfile = (placed: PlacedText): readonly Process[] =>
  [...placed.text.matchAll(/^([\w-]+):[ \t]*(\S[^\r\n]*)/gm)].map((match) => {
    const [whole, name = '', command = ''] = match;
    const at = match.index + whole.length - command.length;
    return { name, command: slicePlaced(placed, at, at + command.length) };
  });

/** `%(ENV_PORT)s` and `$(circus.env.port)` are filled in when it starts; lines that go on are one. */
const withUnknown = (command: PlacedText, unknown: Given['unknown']): PlacedText => {
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { 0: found, index } of command.text.matchAll(/%\([\w.]+\)[sd]|\$\(circus[\w.]*\)|\r?\n[ \t]*/g)) {
    const at = slicePlaced(command, index, index + found.length);
    parts.push(
      slicePlaced(command, from, index),
      placeInstead(found.trim() === '' ? ' ' : unknown(found.replace(/^%/, '$')), at),
    );
    from = index + found.length;
  }
  return from === 0 ? command : joinPlaced([...parts, slicePlaced(command, from)]);
};
