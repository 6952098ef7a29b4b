import { hasHole, type Holes } from '../holes.ts';
import { changeText, sliceText } from '../words/change-text.ts';

/** What a filter makes of a text; null: not known. */
export const filterText = (name: string, args: readonly string[], input: string, holes: Holes): string | null => {
  const rule = ruleOf(name, args, holes);
  if (rule === null) return null;
  const ends = input.endsWith('\n');
  const text = ends ? input.slice(0, -1) : input;
  return changeText(text, `$(… | ${name} ${args.join(' ')})`, holes, rule) + (ends ? '\n' : '');
};

type Change = (text: string) => string | null;

const ruleOf = (name: string, args: readonly string[], holes: Holes): Change | null => {
  switch (name) {
    case 'cut':
      return ruleOfCut(args, holes);
    case 'head': {
      const count = /^(?:-c|--bytes=)(\d+)$/.exec(args.join(''))?.[1];
      if (count !== undefined) return (text) => sliceText(text, 0, Number(count), holes);
      return /^-n?1$/.test(args.join('')) ? (text) => text.split('\n', 1)[0] ?? '' : null;
    }
    case 'tr':
      return ruleOfTr(args);
    case 'sed':
      return ruleOfSed(args);
    case 'awk': {
      const field = /^\{\s*print\s+\$(\d+);?\s*\}$/.exec(args.at(-1) ?? '')?.[1];
      if (field === undefined || args.length > 1) return null;
      return (text) => (hasHole(text) ? null : (text.trim().split(/\s+/)[Number(field) - 1] ?? ''));
    }
    case 'xargs':
      return args.length === 0 ? (text) => text.trim() : null;
    case 'sort':
    case 'uniq':
      return (text) => (text.includes('\n') ? null : text);
    case 'base64':
    case 'md5sum':
    case 'sha256sum':
      return () => null;
    default:
      return null;
  }
};

const ruleOfCut = (args: readonly string[], holes: Holes): Change | null => {
  const joined = args.join(' ');
  const range = /(?:^|\s)(?:-c|-b|--characters=|--bytes=)\s*(\d*)-(\d*)$/.exec(joined);
  if (range !== null) {
    const from = Number(range[1] === '' ? 1 : range[1]) - 1;
    const end = range[2] === '' ? null : Number(range[2]);
    return (text) => sliceText(text, from, end === null ? null : end - from, holes);
  }
  const delimiter = /-d\s?(.)/.exec(joined)?.[1];
  const field = /-f\s?(\d+)(-?)/.exec(joined);
  if (delimiter === undefined || field === null) return null;
  const index = Number(field[1]) - 1;
  return (text) => {
    const pieces = text.split(delimiter);
    const found = field[2] === '-' ? pieces.slice(index).join(delimiter) : (pieces[index] ?? '');
    return hasHole(pieces.slice(0, index + 1).join('')) ? null : found;
  };
};

const UPPER = /^(?:\[?A-Z\]?|\[:upper:\])$/;
const LOWER = /^(?:\[?a-z\]?|\[:lower:\])$/;

const ruleOfTr = (args: readonly string[]): Change | null => {
  const [first = '', second = ''] = args;
  if (UPPER.test(first) && LOWER.test(second)) return (text) => text.toLowerCase();
  if (LOWER.test(first) && UPPER.test(second)) return (text) => text.toUpperCase();
  if (first === '-d') return /^(?:\\n|\\r|\s|\\r\\n|\[:space:\]|["'])+$/.test(second) ? (text) => text.trim() : null;
  if (first.length === 1 && second.length === 1)
    return (text) => (hasHole(text) ? null : text.replaceAll(first, () => second));
  return () => null;
};

const ruleOfSed = (args: readonly string[]): Change | null => {
  const script = args.findLast((arg) => /^s(.).*\1.*\1g?$/.test(arg));
  const found = script === undefined ? null : /^s(.)(.*?)\1(.*?)\1(g?)$/.exec(script);
  if (found === null || script === undefined) return () => null;
  const [, , pattern = '', replacement = '', flag = ''] = found;
  if (/\\[({]|&|\\\d/.test(pattern + replacement) || args.includes('-E')) return () => null;
  return (text) => {
    // Holes are characters that only a wildcard takes.
    if (hasHole(text) && /[.*[]/.test(pattern)) return null;
    try {
      return text.replace(new RegExp(pattern, flag), () => replacement);
    } catch {
      // A pattern that is none to JavaScript.
      return null;
    }
  };
};
