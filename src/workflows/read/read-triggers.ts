import type { Entries, Trigger, WorkflowInput, YamlValue } from '../workflow.ts';
import { entriesOf, fieldOf, mapEntries, textAt, textsOf } from './fields.ts';

/** `on: push`, `on: [push, pull_request]` and the mapping. */
export const readTriggers = (on: YamlValue | null): readonly Trigger[] =>
  on?.kind === 'map'
    ? [...on.entries.values()].map(({ key, keySpan, value }) => ({
        event: key,
        span: keySpan,
        branches: textsOf(fieldOf(value, 'branches')),
        tags: textsOf(fieldOf(value, 'tags')),
        paths: textsOf(fieldOf(value, 'paths')),
        workflows: textsOf(fieldOf(value, 'workflows')),
        inputs: readInputs(fieldOf(value, 'inputs')),
        secrets: mapEntries(entriesOf(fieldOf(value, 'secrets')), (secret) => ({
          required: textAt(secret, 'required'),
        })),
        outputs: entriesOf(fieldOf(value, 'outputs')),
      }))
    : textsOf(on).map(({ value, span }) => ({
        event: value,
        span,
        branches: [],
        tags: [],
        paths: [],
        workflows: [],
        inputs: new Map(),
        secrets: new Map(),
        outputs: new Map(),
      }));

export const readInputs = (inputs: YamlValue | null): Entries<WorkflowInput> =>
  mapEntries(entriesOf(inputs), (input) => ({
    default: textAt(input, 'default'),
    options: textsOf(fieldOf(input, 'options')),
    type: textAt(input, 'type'),
    required: textAt(input, 'required'),
  }));
