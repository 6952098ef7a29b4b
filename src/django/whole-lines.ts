export interface WholeLines {
  add(text: string): void;
  /** Hands on what has no line end. */
  end(): void;
}

/** A longer line is handed on in pieces. */
const LONGEST = 65_536;

/**
 * Hands on whole lines only. Python writes each part of a `print` by itself when it does not buffer, and the parts of several workers
 * must not mix in one line: it could not be read, and a secret in it not be masked.
 */
export const wholeLines = (send: (text: string) => void): WholeLines => {
  let open = '';
  const hand = (length: number): void => {
    if (length > 0) send(open.slice(0, length));
    open = open.slice(length);
  };
  return {
    add: (text) => {
      open += text;
      hand(open.length > LONGEST ? open.length : Math.max(open.lastIndexOf('\n'), open.lastIndexOf('\r')) + 1);
    },
    end: () => hand(open.length),
  };
};
