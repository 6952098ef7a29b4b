import { joinPlaced, placeInstead, slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import { NO_FLAGS, type Inner, type InnerLayer } from './inner.ts';

/** Keys of what a platform runs in a container or on its machines, and of what a request asks an agent to run. */
const PLATFORM_KEYS = /^(?:commands?|args)$/;
const REQUEST_KEYS = /^(?:commands?|cmd|scripts?|shell_?commands?)$/i;

const STRING = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'`;
const ENTRY = new RegExp(
  String.raw`"?\b(\w+)"?\s*[:=]\s*(\[(?:\s*(?:${STRING})\s*,?)*\s*\]|\[[^"'\]]*\]|${STRING})`,
  'g',
);
const ITEM = /"((?:[^"\\]|\\.)*)"|'([^']*)'/g;

/**
 * Commands in JSON, or in the shorthand of AWS, that a platform is given: `"command": ["python", "manage.py", "migrate"]`,
 * `commands=["cd /srv", "…"]`, `commands=cd /srv && …`.
 */
export const jsonCommands = (
  placed: PlacedText,
  { origins, isRequest = false }: { readonly origins: ShellWord['origins']; readonly isRequest?: boolean },
): readonly Inner[] => {
  const shorthand = /^commands=(?=[^\s["'{])/.exec(placed.text);
  if (shorthand !== null) return [asText(slicePlaced(placed, shorthand[0].length), 'remote')];
  const keys = isRequest ? REQUEST_KEYS : PLATFORM_KEYS;
  const found: Inner[] = [];
  for (const match of placed.text.matchAll(ENTRY)) {
    const [whole, name = '', value = ''] = match;
    if (!keys.test(name)) continue;
    const items = itemsOf(slicePlaced(placed, match.index + whole.length - value.length, match.index + whole.length));
    if (items.length === 0) continue;
    // Of SSM and agents each is a line of one script; a container has one command of words.
    const isScript = isRequest ? !/^cmd$/i.test(name) || !value.startsWith('[') : name === 'commands';
    if (isScript || !value.startsWith('[')) {
      found.push(asText(joinLines(items), isScript ? 'remote' : 'container'));
    } else {
      const words = items.map((item): ShellWord => ({ value: item.text, placed: item, span: spanOf(item), origins }));
      found.push({
        kind: 'words',
        words,
        layers: [{ kind: 'container', name: null }],
        inherits: false,
        isHere: false,
      });
    }
  }
  return found;
};

const asText = (text: PlacedText, kind: InnerLayer['kind']): Inner => ({
  kind: 'text',
  text,
  layers: [{ kind, name: null }],
  flags: NO_FLAGS,
  inherits: false,
  isHere: false,
  takesInput: false,
});

const LINE: PlacedText = { text: '\n', segments: [] };
const joinLines = (items: readonly PlacedText[]): PlacedText =>
  joinPlaced(items.flatMap((item, index) => (index === 0 ? [item] : [LINE, item])));

/** The strings of a list, or the one string. */
const itemsOf = (value: PlacedText): readonly PlacedText[] => {
  const quoted = [...value.text.matchAll(ITEM)].map((item) => {
    const inside = slicePlaced(value, item.index + 1, item.index + item[0].length - 1);
    return item[1] === undefined ? inside : unescape(inside);
  });
  if (quoted.length > 0 || !value.text.startsWith('[')) return quoted;
  // The shorthand needs no quotes.
  return [...value.text.matchAll(/[^[\],]+/g)]
    .filter(([text]) => text.trim() !== '')
    .map(({ index, 0: text }) => slicePlaced(value, index, index + text.length));
};

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '', b: '', f: '' };

/** A string of JSON as what reads it gets it. */
const unescape = (inside: PlacedText): PlacedText => {
  if (!inside.text.includes('\\')) return inside;
  const parts: PlacedText[] = [];
  let from = 0;
  for (const { index, 1: escaped = '' } of inside.text.matchAll(/\\(.)/gs)) {
    const at = slicePlaced(inside, index + 1, index + 2);
    const text = ESCAPES[escaped];
    parts.push(slicePlaced(inside, from, index), text === undefined ? at : placeInstead(text, at));
    from = index + 2;
  }
  return joinPlaced([...parts, slicePlaced(inside, from)]);
};
