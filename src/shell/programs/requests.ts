import { slicePlaced, type PlacedText } from '../../core/placed-text.ts';
import type { Given, Inner } from './inner.ts';
import { jsonCommands } from './json-commands.ts';

const BODY = /^(?:-d|--data|--data-raw|--data-binary|--data-ascii|--json|--post-data|--body-data)$/;
const WITH_VALUE = /^(?:--data|--data-raw|--data-binary|--data-ascii|--json|--post-data|--body-data)=/;

/** Commands in the JSON of a request: `curl https://agent.example/run -d '{"script": "…"}'`. */
export const innerOfRequests = ({ name, words, input, read }: Given): readonly Inner[] => {
  if (name !== 'curl' && name !== 'wget') return [];
  return words.flatMap((word, index) => {
    const isBody = BODY.test(words[index - 1]?.value ?? '');
    const given = isBody ? '' : WITH_VALUE.exec(word.value)?.[0];
    if (given === undefined) return [];
    const text = slicePlaced(word.placed, given.length);
    const body = text.text.startsWith('@') ? fileOf(text.text.slice(1), input, read) : text;
    if (body === null || !/^\s*[{[]/.test(body.text)) return [];
    return jsonCommands(body, { origins: word.origins, isRequest: true });
  });
};

const fileOf = (file: string, input: PlacedText | null, read: Given['read']): PlacedText | null =>
  file === '-' ? input : (read(file)?.text ?? null);
