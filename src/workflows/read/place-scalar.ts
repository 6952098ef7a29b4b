import type { Scalar as YamlScalar } from 'yaml';

import type { PlacedText, SourceFile } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import { placeBlockScalar } from './place-block-scalar.ts';
import { placeFlowScalar } from './place-flow-scalar.ts';

/**
 * The text of a scalar with its places. That it is the text the YAML library read is made sure of, blanks aside: should the two differ, it is
 * that of the library, and the whole of it stands for the whole scalar.
 */
export const placeScalar = (source: SourceFile, node: YamlScalar): PlacedText => {
  const [start, end] = node.range ?? [0, 0];
  const value = withoutPrivateUse(node.source ?? '');
  if (value === '') return { text: '', segments: [] };
  // Most are a word or two of one line.
  if (node.type === 'PLAIN' && end - start === value.length && source.text.startsWith(value, start)) {
    return { text: value, segments: [{ at: 0, source, offset: start, length: null }] };
  }
  const placed = isBlock(node)
    ? placeBlockScalar(source, start, end, node.srcToken?.type === 'block-scalar' ? node.srcToken.indent : 0)
    : placeFlowScalar(source, start, end);
  if (placed.text === value || squashed(placed.text) === squashed(value)) return placed;
  return { text: value, segments: [{ at: 0, source, offset: start, length: end - start }] };
};

/** What was straightened for the library has blanks where its lines ended. */
const squashed = (text: string): string => text.replaceAll(/\s+/g, ' ');

const isBlock = ({ type }: YamlScalar): boolean => type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED';
