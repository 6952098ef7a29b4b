import type { Command, PipelineNode, Redirection } from 'unbash';

import { evaluateText, evaluateWord } from './evaluate-word.ts';
import { fromCheckout, type Scope } from './scope.ts';
import type { ShellCommand } from './shell-command.ts';

/** What stands around a command. */
export interface Surroundings {
  /** What positions count in. */
  readonly source: string;
  /** The line of a position in it, from 1. */
  readonly lineAt: (position: number) => number;
  readonly isConditional: boolean;
  readonly isBackground: boolean;
  readonly isRepeated: boolean;
  readonly hidesErrors: boolean;
  readonly input: string | null;
  /** The call of the function it stands in, from outside of all functions. */
  readonly call: ShellCommand | null;
  /** How many functions deep. */
  readonly depth: number;
}

export const readCommand = (node: Command, at: Surroundings, scope: Scope): ShellCommand => {
  const written = [node.name, ...node.args].filter((word) => word !== undefined);
  const words = written.flatMap((word) => (word.type === 'Word' ? evaluateWord(word, scope) : [word.text]));
  const isHandedOn = /^"?\$\{?[@*1-9]/.test(node.name?.text ?? '') && at.call !== null;
  const place =
    isHandedOn && at.call !== null
      ? at.call
      : { line: at.lineAt(node.pos), text: onOneLine(at.source.slice(node.pos, node.end)) };
  return {
    line: place.line,
    text: place.text,
    words,
    variables: node.prefix.flatMap((item) => (item.type === 'Assignment' ? [item.name] : [])),
    writes: node.redirects.flatMap((redirect) => writtenBy(redirect, scope)),
    input: node.redirects.map((redirect) => readBy(redirect, scope)).find((text) => text !== null) ?? at.input,
    directory: fromCheckout(scope.directory),
    isConditional: at.isConditional,
    isBackground: at.isBackground,
    isUnsure: [...place.text.matchAll(/\$\{?(\w+)/g)].some(([, name = '']) => scope.unsure.has(name)),
    isRepeated: at.isRepeated,
    hidesErrors: at.hidesErrors || hidesMessages(node.redirects),
  };
};

/** Finds the lines of many positions in one text. */
export const createLineFinder = (source: string): ((position: number) => number) => {
  const ends = [...source.matchAll(/\n/g)].map(({ index }) => index);
  return (position) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((ends[middle] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    return low + 1;
  };
};

/** Continued lines are joined; of a text in quotes that goes on for lines, the first is kept. */
const onOneLine = (text: string): string => {
  const [first = '', ...rest] = text.replaceAll(/\\\r?\n\s*/g, '').split(/\r?\n/);
  return (rest.length > 0 ? `${first.trimEnd()} …` : first).replaceAll(/[ \t]+/g, ' ').trim();
};

const writtenBy = (redirect: Redirection, scope: Scope): readonly string[] => {
  if (redirect.type !== 'Redirect' || redirect.target === undefined) return [];
  if (!/^(?:>|>>|>\||&>|&>>)$/.test(redirect.operator)) return [];
  const target = evaluateText(redirect.target, scope);
  const isLog = /^\/dev\/|\.log$|^\/tmp\//.test(target);
  return isLog || (redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value === 2) ? [] : [target];
};

const readBy = (redirect: Redirection, scope: Scope): string | null => {
  if (redirect.type === 'HereDoc') return redirect.body.text;
  return redirect.type === 'HereString' && redirect.target !== undefined ? evaluateText(redirect.target, scope) : null;
};

/** Error messages go nowhere. */
export const hidesMessages = (redirects: readonly Redirection[]): boolean =>
  redirects.some(
    (redirect) =>
      redirect.type === 'Redirect' &&
      redirect.target?.value === '/dev/null' &&
      (redirect.operator.startsWith('&>') ||
        (redirect.descriptor?.type === 'FileDescriptor' && redirect.descriptor.value === 2)),
  );

/** What follows `||` and makes a failure count as success. */
export const forgives = (node: PipelineNode): boolean => {
  if (node.type === 'BraceGroup') {
    return node.body.commands.every(({ command }) => command.type !== 'AndOr' && forgives(command));
  }
  return node.type === 'Command' && /^(?:true|:|echo|printf|warn\w*|log\w*|info)$/.test(node.name?.value ?? '');
};

/** Asks something and changes nothing. */
export const isTest = (node: PipelineNode): boolean => {
  if (node.type === 'TestCommand' || node.type === 'ArithmeticCommand') return true;
  if (node.type === 'Pipeline') return node.commands.some(isTest);
  return node.type === 'Command' && /^(?:\[|test|which|grep|type|hash)$|^command$/.test(node.name?.value ?? '');
};
