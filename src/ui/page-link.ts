import { createSupportsHyperlinks } from 'supports-hyperlinks';

export interface PageLinkOptions {
  /** What the text is written to. */
  readonly stream: { readonly isTTY?: boolean };
  /** Without colour there are no other escape sequences either. */
  readonly color: boolean;
}

/** Makes text a link (OSC 8) on a terminal that knows them; elsewhere it stays as it is. */
export const createLink = ({ stream, color }: PageLinkOptions): ((text: string, address: string) => string) =>
  color && createSupportsHyperlinks(stream)
    ? (text, address) => `\u001B]8;;${address}\u001B\\${text}\u001B]8;;\u001B\\`
    : (text) => text;
