import type { CompoundList, If, Pipeline, While } from 'unbash';

import { cutChain } from './cut-chain.ts';
import { cutCommand } from './cut-command.ts';
import { keep, targetsIn, type CutNode, type CutPlace, type Verdict } from './cutting.ts';
import { hereDocumentsIn } from './here-documents.ts';
import { isInert, onlyTells, programOf } from './harmless.ts';

/** What becomes of one node of the tree. A node that is gone is marked; whoever holds it removes its text. */
export const cutNode = (node: CutNode, place: CutPlace): Verdict => {
  const verdict = judge(node, place);
  if (verdict === 'gone') place.cutting.gone.add(node);
  return verdict;
};

const judge = (node: CutNode, place: CutPlace): Verdict => {
  switch (node.type) {
    case 'Command':
      return cutCommand(node, place);
    case 'AndOr':
      return cutChain(node, place);
    case 'Pipeline':
      return cutPipeline(node, place);
    case 'CompoundList':
      return place.cutting.cutStatements(node.commands, place);
    case 'BraceGroup':
      return cutNode(node.body, place);
    case 'Subshell': {
      const verdict = cutNode(node.body, place);
      return verdict === 'changed' && isInert(node.body, place.cutting.gone) ? 'gone' : verdict;
    }
    case 'If':
      return cutIf(node, place);
    case 'While':
      return cutWhile(node, place);
    case 'For':
    case 'ArithmeticFor':
      return cutBody(node.body, place);
    case 'Redirected':
      return cutNode(node.command, place);
    case 'Function': {
      const verdict = cutNode(node.body, place);
      if (verdict === 'gone') place.cutting.newFunctions.add(node.name.value);
      return verdict;
    }
    default:
      return holds(node, place) ? keep(place, node, 'whether it runs depends on a choice of the script') : 'same';
  }
};

const holds = (node: CutNode, place: CutPlace): boolean =>
  targetsIn(place, node).length > 0 ||
  (node.type !== 'CompoundList' && hereDocumentsIn(node).some(({ body }) => targetsIn(place, body).length > 0));

/** Loops that try a migration again and again have nothing left to do. */
const cutBody = (body: CompoundList, place: CutPlace): Verdict => {
  const verdict = cutNode(body, place);
  return verdict === 'changed' && onlyTells(body, place.cutting.gone) ? 'gone' : verdict;
};

const cutWhile = (node: While, place: CutPlace): Verdict => {
  if (!holds(node.clause, place)) return cutBody(node.body, place);
  const clause = cutNode(node.clause, place);
  if (clause === 'gone' && onlyTells(node.body, place.cutting.gone)) return 'gone';
  return clause === 'same' ? 'same' : keep(place, node, 'a loop waits for it, and does other things meanwhile');
};

const cutIf = (node: If, place: CutPlace): Verdict => {
  const branches = [
    node.then,
    ...node.elif.flatMap(({ clause, then }) => [clause, then]),
    ...(node.else === undefined ? [] : [node.else]),
  ];
  if (branches.some((branch) => holds(branch, place))) return keep(place, node, 'an `if` decides whether it runs');
  if (!holds(node.clause, place)) return 'same';
  const kept = place.cutting.kept.length;
  const clause = cutNode(node.clause, place);
  if (place.cutting.kept.length > kept) return 'same';
  if (clause === 'gone' && branches.every((branch) => onlyTells(branch, place.cutting.gone))) return 'gone';
  return keep(place, node, 'what the script does next depends on its result');
};

const FILTERS = /^(?:tee|cat|grep|egrep|sed|awk|tail|head|ts|sort|less)$/;
const TYPES = /^(?:echo|yes|printf)$/;

const cutPipeline = (node: Pipeline, place: CutPlace): Verdict => {
  const [first] = node.commands;
  if (node.commands.length === 1 && first !== undefined) return cutNode(first, place);
  const verdicts = node.commands.map((command) => cutNode(command, place));
  const at = verdicts.indexOf('gone');
  if (at < 0) return verdicts.includes('changed') ? 'changed' : 'same';
  const around = node.commands.slice(0, at).map((one) => TYPES.test(programOf(one)));
  const behind = node.commands.slice(at + 1).map((one) => FILTERS.test(programOf(one)));
  return [...around, ...behind].every(Boolean) ? 'gone' : keep(place, node, 'another command reads what it prints');
};
