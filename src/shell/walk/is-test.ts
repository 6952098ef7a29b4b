import type { PipelineNode, Statement } from 'unbash';

const ASKING = /^(?:\[|test|which|type|hash|grep|command|true|false)$/;

/** Asks something and changes nothing: whether it fails says nothing of a command that was run before. */
export const isTest = (node: PipelineNode | Statement['command']): boolean => {
  switch (node.type) {
    case 'TestCommand':
    case 'ArithmeticCommand':
      return true;
    case 'Pipeline':
    case 'AndOr':
      return node.type === 'Pipeline' ? node.commands.some(isTest) : node.commands.every(isTest);
    case 'Redirected':
      return isTest(node.command);
    case 'Command':
      return ASKING.test(node.name?.value ?? '');
    default:
      return false;
  }
};
