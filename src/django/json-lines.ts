/**
 * Splits text that arrives in pieces of any length into lines and parses each as JSON. The pieces of a long line are joined once,
 * when it is complete. Throws what JSON.parse throws.
 */
export const createJsonLineParser = <T>(onMessage: (message: T) => void): ((piece: string) => void) => {
  let pieces: string[] = [];
  return (piece) => {
    const lines = piece.split('\n');
    const rest = lines.pop() ?? '';
    for (const line of lines) {
      const text = [...pieces, line].join('');
      pieces = [];
      if (text.trim() !== '') onMessage(JSON.parse(text) as T);
    }
    if (rest !== '') pieces.push(rest);
  };
};
