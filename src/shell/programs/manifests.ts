import { joinPlaced, slicePlaced, spanOf, type PlacedText } from '../../core/placed-text.ts';
import type { ShellWord } from '../shell-run.ts';
import type { Given, Inner, InnerLayer } from './inner.ts';
import { optionValue } from './options.ts';

/** `kubectl apply -f job.yaml`, `kubectl create -f - <<EOF`: what the jobs in it run. */
export const innerOfManifests = ({ name, words, input, read }: Given): readonly Inner[] => {
  if (name !== 'kubectl' && name !== 'oc') return [];
  if (!words.some(({ value }) => /^(?:apply|create|replace)$/.test(value))) return [];
  const file = optionValue(words, ['-f', '--filename'])?.word.value;
  if (file === undefined) return [];
  if (file === '-') return input === null ? [] : jobCommands(input, []);
  const found = /\.ya?ml$/.test(file) ? read(file) : null;
  if (found === null) return [];
  return jobCommands(found.text, found.isWritten ? [] : [{ kind: 'script', name: found.path }]);
};

const jobCommands = (placed: PlacedText, layers: readonly InnerLayer[]): readonly Inner[] => {
  const found: Inner[] = [];
  let from = 0;
  for (const document of placed.text.split(/^---.*$/m)) {
    const start = placed.text.indexOf(document, from);
    from = start + document.length;
    if (!/^\s*kind:\s*["']?Job\b/m.test(document)) continue;
    let words: ShellWord[] = [];
    const finish = (): void => {
      if (words.length > 0) {
        const inner = [...layers, { kind: 'container', name: null } as const];
        found.push({ kind: 'words', words, layers: inner, inherits: false, isHere: false });
      }
      words = [];
    };
    for (const match of document.matchAll(
      /^([ \t]*(?:- )?)(command|args):[ \t]*(.*(?:\n(?:[ \t]*- .*|[ \t]*$|\1[ \t]+\S.*))*)/gm,
    )) {
      const [whole, , key, body = ''] = match;
      if (key === 'command') finish();
      const at = start + match.index + whole.length - body.length;
      words.push(...itemsOf(slicePlaced(placed, at, at + body.length)));
    }
    finish();
  }
  return found;
};

/** `["a", 'b']` or lines of `- a`; a block scalar is one item. */
const itemsOf = (body: PlacedText): readonly ShellWord[] => {
  const { text } = body;
  const wordOf = (start: number, end: number): ShellWord => {
    const placed = slicePlaced(body, start, end);
    return { value: placed.text, placed, span: spanOf(placed), origins: [] };
  };
  if (text.startsWith('[')) {
    const list = text.slice(0, text.indexOf(']') + 1);
    return [...list.matchAll(/"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\s,[\]"']+)/g)].map((item) => {
      const inset = item[3] === undefined ? 1 : 0;
      return wordOf(item.index + inset, item.index + item[0].length - inset);
    });
  }
  const items = [
    ...text.matchAll(/^[ \t]*- (?:([|>])[-+]?\n((?:[ \t]+(?!- ).*\n?|\n)*)|"((?:[^"\\]|\\.)*)"|'([^']*)'|(.*))/gm),
  ];
  return items.map((item) => {
    const value = item[2] ?? item[3] ?? item[4] ?? item[5] ?? '';
    const quote = item[3] !== undefined || item[4] !== undefined ? 1 : 0;
    const end = item.index + item[0].length - quote;
    const word = wordOf(end - value.length, end);
    return item[1] === undefined ? word : withoutIndent(word);
  });
};

/** A block scalar without the indentation of its first line. */
const withoutIndent = (word: ShellWord): ShellWord => {
  const indent = /^[ \t]*/.exec(word.value)?.[0] ?? '';
  const lines = [...word.value.matchAll(/.*\n?/g)].map(({ 0: line, index }) =>
    slicePlaced(word.placed, index + (line.startsWith(indent) ? indent.length : 0), index + line.length),
  );
  const placed = joinPlaced(lines);
  return { ...word, value: placed.text, placed };
};
