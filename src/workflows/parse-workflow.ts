import { isRecord } from '../core/shape.ts';
import { yamlMistake } from './read/yaml-mistake.ts';
import type { WorkflowFile } from './read-workflows.ts';

type Path = readonly (string | number)[];

/** Reads one workflow as GitHub does: several documents, unknown tags and aliases without anchor aside. Never throws. */
export const parseWorkflow = async (file: string, text: string): Promise<WorkflowFile> => {
  const { LineCounter, isNode, parseDocument } = await import('yaml');
  const lines = new LineCounter();
  const parsed = parseDocument(text, { lineCounter: lines, logLevel: 'silent' });
  const placeOf: WorkflowFile['placeOf'] = (wanted) => {
    const found = nearest(wanted, (part) => parsed.getIn(part, true));
    if (!isNode(found) || !found.range) return { file, line: 1, column: 1 };
    const { line, col } = lines.linePos(found.range[0]);
    return { file, line, column: col };
  };
  if (parsed.errors.length > 0) {
    const mistake = yamlMistake(parsed.errors, text);
    if (mistake === null) return { file, text, document: null, mistake, placeOf };
    const { line, col } = lines.linePos(mistake.offset);
    return {
      file,
      text,
      document: null,
      mistake: { message: mistake.message, place: { file, line, column: col } },
      placeOf,
    };
  }
  return { file, text, document: asTable(() => parsed.toJS() as unknown), mistake: null, placeOf };
};

/** What there is at the path, or at the longest part of it where there is something. */
const nearest = (path: Path, at: (part: Path) => unknown): unknown => {
  for (let length = path.length; length >= 0; length--) {
    const found = at(path.slice(0, length));
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
};

const asTable = (read: () => unknown): WorkflowFile['document'] => {
  try {
    const value = read();
    return isRecord(value) ? value : null;
  } catch {
    // An alias without its anchor: nothing can be said of such a file.
    return null;
  }
};
