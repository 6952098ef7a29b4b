import type { Emit, RunView } from '../core/events.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { createStreamRedactor, type Redactor, type StreamRedactor } from '../core/redact.ts';
import type { RunLog } from '../ui/run-log.ts';

/**
 * Sends events to the log, which masks by itself, and masked to the view. Output arrives in pieces that may cut a secret in two,
 * so it is passed on by whole lines; what is left of a step's output comes before its result.
 */
export const createEmitter = (log: RunLog, view: RunView | undefined, redactor: Redactor): Emit => {
  const streams = new Map<string, StreamRedactor>();
  const streamOf = (id: string): StreamRedactor => {
    const stream = streams.get(id) ?? createStreamRedactor(redactor);
    streams.set(id, stream);
    return stream;
  };
  return (event) => {
    log.event(event);
    if (view === undefined) return;
    if (event.type === 'step-output') {
      const chunk = streamOf(event.id).write(event.chunk);
      if (chunk !== '') view.event({ ...event, chunk });
      return;
    }
    if (event.type === 'step-finished') {
      const { id } = event.result;
      const chunk = streams.get(id)?.end() ?? '';
      if (chunk !== '') view.event({ type: 'step-output', id, chunk });
    }
    view.event(redactDeep(event, redactor.redact));
  };
};
