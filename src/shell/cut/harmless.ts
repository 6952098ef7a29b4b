import type { Command, PipelineNode, Statement } from 'unbash';

import type { CutNode } from './cutting.ts';

type Node = CutNode | Statement;

/** They print, wait or end: without the command whose result they tell they have nothing to tell. */
const TELLING = new Set([
  'echo',
  'printf',
  'sleep',
  'true',
  ':',
  'false',
  'exit',
  'break',
  'continue',
  'return',
  'test',
  '[',
  '[[',
  'let',
]);
/** They only prepare what comes after them. */
const PREPARING = new Set([
  'cd',
  'pushd',
  'popd',
  'source',
  '.',
  'export',
  'set',
  'unset',
  'shopt',
  'umask',
  'trap',
  'declare',
  'readonly',
  'local',
  'alias',
  'wait',
]);

const isOf =
  (names: ReadonlySet<string>) =>
  ({ name, redirects }: Command): boolean =>
    !redirects.some(writesFile) && (name === undefined || names.has(name.value));

const writesFile = (redirect: Command['redirects'][number]): boolean =>
  redirect.type === 'Redirect' &&
  redirect.operator.includes('>') &&
  redirect.operator !== '>&' &&
  redirect.target?.value !== '/dev/null' &&
  redirect.target?.value !== '/dev/stderr';

/** Whether all commands in a node are so, those that are removed aside. */
const consistsOf = (node: Node, isFine: (command: Command) => boolean, gone: ReadonlySet<object>): boolean => {
  if (gone.has(node)) return true;
  const all = (nodes: readonly Node[]): boolean => nodes.every((one) => consistsOf(one, isFine, gone));
  switch (node.type) {
    case 'Command':
      return isFine(node);
    case 'Statement':
      return consistsOf(node.command, isFine, gone);
    case 'AndOr':
    case 'Pipeline':
    case 'CompoundList':
      return all(node.commands);
    case 'If':
      return all([
        node.clause,
        node.then,
        ...node.elif.flatMap(({ clause, then }) => [clause, then]),
        ...(node.else === undefined ? [] : [node.else]),
      ]);
    case 'BraceGroup':
    case 'Subshell':
    case 'For':
    case 'ArithmeticFor':
      return consistsOf(node.body, isFine, gone);
    case 'While':
      return all([node.clause, node.body]);
    case 'TestCommand':
    case 'ArithmeticCommand':
    case 'Function':
      return true;
    case 'Redirected':
      return consistsOf(node.command, isFine, gone);
    default:
      return false;
  }
};

const isTelling = isOf(TELLING);
const isPreparing = isOf(new Set([...TELLING, ...PREPARING]));

/** What is left only prints, waits or ends the script. */
export const onlyTells = (node: Node, gone: ReadonlySet<object>): boolean => consistsOf(node, isTelling, gone);

/** What is left does nothing that lasts beyond its shell. */
export const isInert = (node: Node, gone: ReadonlySet<object>): boolean => consistsOf(node, isPreparing, gone);

/** `aws ecs wait`, `kubectl logs job/…`: a look at a task that another command has started. */
const WATCHES =
  /^(?:aws (?:ecs (?:wait|describe-tasks)|logs)|kubectl (?:wait|logs|describe|delete job)|gcloud run jobs executions)\b/;

const isWatching = (command: Command): boolean =>
  isPreparing(command) ||
  WATCHES.test([command.name, ...command.args].flatMap((word) => (word?.type === 'Word' ? word.value : [])).join(' '));

/** What is left only looks at a task, and tells how it ended. */
export const onlyWatches = (node: Node, gone: ReadonlySet<object>): boolean => consistsOf(node, isWatching, gone);

/** The name of the program that a node runs; '' where that is not one. */
export const programOf = (node: PipelineNode): string =>
  node.type === 'Command' ? (node.name?.value.split('/').at(-1) ?? '') : '';
