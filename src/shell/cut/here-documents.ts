import type { HereDoc, PipelineNode, Redirection, Statement } from 'unbash';

/** The here-documents of a statement's commands: their bodies stand behind the line that opens them. */
export const hereDocumentsIn = (node: Statement['command'] | PipelineNode): readonly HereDoc[] => {
  switch (node.type) {
    case 'Command':
      return node.redirects.filter(isHereDocument);
    case 'Redirected':
      return node.redirects.filter(isHereDocument);
    case 'AndOr':
    case 'Pipeline':
      return node.commands.flatMap(hereDocumentsIn);
    default:
      return [];
  }
};

const isHereDocument = (redirect: Redirection): redirect is HereDoc => redirect.type === 'HereDoc';
