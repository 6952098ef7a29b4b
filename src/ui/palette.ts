export interface Palette {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly red: (text: string) => string;
  readonly green: (text: string) => string;
  readonly yellow: (text: string) => string;
}

const paint = (open: number, close: number) => (text: string) => `\u001B[${open}m${text}\u001B[${close}m`;
const asIs = (text: string): string => text;

/**
 * The colours devsetup uses. Whether they are used is decided once, by chooseColor: `util.styleText` looks at the
 * environment and the stream by itself, and differently from one Node version to the next.
 */
export const createPalette = (color: boolean): Palette =>
  color
    ? { bold: paint(1, 22), dim: paint(2, 22), red: paint(31, 39), green: paint(32, 39), yellow: paint(33, 39) }
    : { bold: asIs, dim: asIs, red: asIs, green: asIs, yellow: asIs };
