import { createSource } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import { parseYaml } from '../../workflows/read/parse-yaml.ts';
import type { YamlValue } from '../../workflows/workflow.ts';

const LARGEST = 200_000;
const MOST_DOCUMENTS = 60;

/** The documents of a YAML or JSON file, with their places in it. What cannot be read, e.g. a template, has none. */
export const readDocuments = (file: string, text: string): readonly YamlValue[] => {
  if (text.length > LARGEST) return [];
  const clean = withoutPrivateUse(text);
  const marks = [...clean.matchAll(/^---(?=\s|$).*$/gm)].slice(0, MOST_DOCUMENTS);
  const bounds = marks.map(({ 0: mark, index }) => [index, index + mark.length] as const);
  const starts = [0, ...bounds.map(([, end]) => end)];
  const found = starts.flatMap((start, index) => {
    const end = bounds[index]?.[0] ?? clean.length;
    if (clean.slice(start, end).trim() === '') return [];
    // Blanks in the place of the other documents keep every position as it is.
    const alone = blank(clean.slice(0, start)) + clean.slice(start, end);
    const { root, faults } = parseYaml(createSource(file, alone));
    return root === null || faults.some(({ isFatal }) => isFatal) ? [null] : [root];
  });
  return found.some((one) => one === null) ? [] : found.flatMap((one) => one ?? []);
};

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');
