import type { Span } from '../../core/placed-text.ts';
import type { WorkflowFault } from '../workflow.ts';

/** A fault of a file that is YAML all the same: what can be read of it counts. */
export const refuse = (message: string, remedy: string, span: Span): WorkflowFault => ({
  message,
  remedy,
  span,
  isFatal: false,
});
