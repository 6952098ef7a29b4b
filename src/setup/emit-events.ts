import type { Emit, RunView } from '../core/events.ts';
import { redactDeep } from '../core/redact-deep.ts';
import { createStreamRedactor, type Redactor, type StreamRedactor } from '../core/redact.ts';
import type { RunLog } from '../ui/run-log.ts';

/**
 * Sends events to the log and the view. Output arrives in pieces that may cut a secret in two, so it is masked here, while control
 * sequences still show where it was cut, and passed on by whole lines; what is left of a step's output comes before its result.
 * The log masks what is not output by itself.
 */
export const createEmitter = (log: RunLog, view: RunView | undefined, redactor: Redactor): Emit => {
  const streams = new Map<string, StreamRedactor>();
  const streamOf = (id: string): StreamRedactor => {
    const stream = streams.get(id) ?? createStreamRedactor(redactor);
    streams.set(id, stream);
    return stream;
  };
  const sendOutput = (id: string, chunk: string): void => {
    if (chunk === '') return;
    const event = { type: 'step-output', id, chunk } as const;
    log.event(event);
    view?.event(event);
  };
  return (event) => {
    if (event.type === 'step-output') return sendOutput(event.id, streamOf(event.id).write(event.chunk));
    if (event.type === 'step-finished') sendOutput(event.result.id, streams.get(event.result.id)?.end() ?? '');
    log.event(event);
    view?.event(redactDeep(event, redactor.redact));
  };
};
