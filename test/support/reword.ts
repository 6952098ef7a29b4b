import { forEachChild, parse, type Command, type SyntaxNode } from 'unbash';

/** What careless readers of text take for more than words. */
const WORDS =
  'did not work, exit 1 false failed trying again deploy migrate latest wait fail return 1 production test rollback die ';
const LETTERS = 'failedexitfalsemigratedeploylatesttestwaitproductionrollback';

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/**
 * A workflow or script that says other words: those that `echo` and `printf` show, and those of comments. Every line and column stays
 * where it is. Values, expressions, workflow commands and comments for devsetup stay, too.
 */
export const reword = (file: string, text: string): string => {
  if (file.endsWith('.sh')) return rewordScript(text);
  if (!/\.ya?ml$/.test(file)) return text;
  return rewordYaml(text);
};

const KEY = /^(\s*(?:- )?)(?:run|script|command|commands|script_before|script_after):[ \t]*(.*)$/;

const rewordYaml = (text: string): string => {
  const lines = text.split('\n');
  const done: string[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const [, before = '', value = ''] = KEY.exec(line) ?? [];
    if (/^[|>][-+]?\d?\s*$/.test(value)) {
      const indent = before.length;
      let end = at + 1;
      while (end < lines.length && ((lines[end] ?? '').trim() === '' || indentOf(lines[end] ?? '') > indent)) end += 1;
      done.push(line, ...rewordBlock(lines.slice(at + 1, end)));
      at = end - 1;
    } else if (value !== '' && !/^["'[{&*!|>]/.test(value) && !value.includes(' #')) {
      done.push(line.slice(0, line.length - value.length) + rewordScript(value));
    } else {
      done.push(rewordComment(line));
    }
  }
  return done.join('\n');
};

const indentOf = (line: string): number => line.length - line.trimStart().length;

const rewordBlock = (lines: readonly string[]): readonly string[] => {
  const indent = Math.min(...lines.filter((line) => line.trim() !== '').map(indentOf), 200);
  const script = lines.map((line) => line.slice(indent)).join('\n');
  const body = withComments(rewordScript(script)).split('\n');
  return lines.map((line, index) => line.slice(0, indent) + (body[index] ?? ''));
};

/** Comments with a meaning: of devsetup and its tests, of versions, of a script's first line. */
const isMeant = (comment: string): boolean => /devsetup|expect|^#!|^#\s*v?\d/.test(comment);

const rewordComment = (line: string): string => {
  const found = /^(\s*)(#.*)$/.exec(line);
  if (found === null || isMeant(found[2] ?? '')) return line;
  return `${found[1] ?? ''}#${fill((found[2] ?? '').slice(1), WORDS)}`;
};

/** Expressions are one word for GitHub, and none for a shell. */
const masked = (script: string): string =>
  script.replaceAll(/\$\{\{[^\n]*?\}\}/g, (expression) => '0'.repeat(expression.length));

export const rewordScript = (script: string): string => {
  const tree = parse(masked(script));
  // What a shell cannot read has no words.
  if ((tree.errors ?? []).length > 0) return script;
  const found: Found = { script, edits: [], words: [] };
  visit(tree, false, found);
  for (const { 0: comment, index } of script.matchAll(/(?<=^|\s)#[^\n]*/g)) {
    const isWord = found.words.some(([start, end]) => index >= start && index < end);
    if (!isWord && !isMeant(comment)) replaceBy(WORDS, index + 1, index + comment.length, found);
  }
  return found.edits.reduce((text, { start, end, text: by }) => text.slice(0, start) + by + text.slice(end), script);
};

/** The same script with a comment behind each line that can have one. */
export const withComments = (script: string): string => {
  const tree = parse(masked(script));
  if ((tree.errors ?? []).length > 0) return script;
  const found: Found = { script, edits: [], words: [] };
  visit(tree, false, found);
  return script.replaceAll(/\n/g, (end, at: number) => {
    const line = script.slice(script.lastIndexOf('\n', at - 1) + 1, at);
    const isInside = found.words.some(([from, to]) => at >= from && at < to) || /#|\\$|^\s*$|<</.test(line);
    return isInside ? end : ` # it failed, exit 1 || true${end}`;
  });
};

interface Found {
  readonly script: string;
  readonly edits: Edit[];
  /** Ranges of words and here-documents: in them there are no comments. */
  readonly words: (readonly [start: number, end: number])[];
}

/** Other words of the same length; blanks at the ends, lines, expressions and escapes stay. */
const fill = (old: string, by: string): string =>
  old
    .split(/(\$\{\{[^]*?\}\}|\n|\\.|^\s+|\s+$)/)
    .map((piece, index) =>
      index % 2 === 1 ? piece : by.repeat(Math.ceil(piece.length / by.length)).slice(0, piece.length),
    )
    .join('');

const replaceBy = (by: string, start: number, end: number, { script, edits }: Found): void => {
  edits.push({ start, end, text: fill(script.slice(start, end), by) });
};

/** `isTaken`: what is said here is a value of something else. */
const visit = (node: SyntaxNode, isTaken: boolean, found: Found): void => {
  if (node.type === 'Word' || node.type === 'HereDocBody') found.words.push([node.pos, node.end]);
  if (node.type === 'HereDoc' && node.closing !== undefined) found.words.push([node.closing.pos, node.closing.end + 1]);
  if (node.type === 'HereDocBody') return;
  const takes = isTaken || /^(?:Pipeline|CommandExpansion|ProcessSubstitution|Function|Redirected)$/.test(node.type);
  if (node.type === 'Command') {
    if (!takes && isShown(node)) for (const item of node.args) if (item.type === 'Word') collect(item, found);
    for (const item of node.redirects) {
      // A here-document for a shell is a script, with words of its own.
      if (item.type !== 'HereDoc' || !/^(?:ssh|bash|sh)$/.test(node.name?.value ?? '')) continue;
      const { pos: start, end } = item.body;
      found.edits.push({ start, end, text: rewordScript(found.script.slice(start, end)) });
    }
  }
  forEachChild(node, (child) => visit(child, takes, found));
};

const isShown = (node: Command): boolean =>
  /^(?:echo|printf)$/.test(node.name?.value ?? '') &&
  !node.args.some((item) => item.type === 'Word' && /::|%/.test(item.text)) &&
  node.redirects.every(
    (item) => item.type === 'Redirect' && item.operator === '>&' && /^[12]$/.test(item.target?.value ?? ''),
  );

const collect = (node: SyntaxNode, found: Found): void => {
  if (node.type === 'Word' && node.parts === undefined && /^[A-Za-z]+$/.test(node.text)) {
    replaceBy(LETTERS, node.pos, node.end, found);
  }
  if (node.type === 'SingleQuoted') replaceBy(WORDS, node.pos + 1, node.end - 1, found);
  if (node.type === 'DoubleQuoted') {
    for (const [index, part] of node.parts.entries()) {
      // `$HOST:5432`: the colon ends the name.
      const start = node.parts[index - 1]?.type === 'SimpleExpansion' ? part.pos + 1 : part.pos;
      if (part.type === 'Literal') replaceBy(WORDS, start, part.end, found);
    }
  }
  if (node.type === 'Word') forEachChild(node, (child) => collect(child, found));
};
