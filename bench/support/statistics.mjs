/** @param {readonly number[]} values */
export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};

/**
 * Ratios of the other's time to devsetup's, pair by pair: what they share (the machine's mood) cancels out.
 *
 * @param {readonly number[]} devsetup
 * @param {readonly number[]} other
 */
export const ratios = (devsetup, other) => {
  const values = other.map((value, index) => value / devsetup[index]);
  return { min: Math.min(...values), median: median(values), max: Math.max(...values) };
};

/** @param {readonly (readonly string[])[]} rows the first is the head */
export const markdownTable = ([head, ...rows]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
