import { displayWidth } from '../../../../src/ui/fit-text.ts';

export interface Screen {
  /** Everything that is to be seen, what was scrolled out at the top included. */
  readonly lines: readonly string[];
  readonly cursorVisible: boolean;
}

const TOKEN = /\u001B\[(\??)([\d;]*)([A-Za-z])|\r|\n|[^\u001B\r\n]/gu; // eslint-disable-line no-control-regex

/**
 * What a terminal of this size shows after these bytes. Knows what listr2 uses: cursor up and to a column, erasing of lines and of
 * the rest of the screen, hiding of the cursor, colours; anything else is an error, so that nothing is left out unseen.
 */
export const screenOf = (
  output: string,
  { columns, rows }: { readonly columns: number; readonly rows: number },
): Screen => {
  const lines: string[][] = [[]];
  let row = 0;
  let column = 0;
  let cursorVisible = true;
  const top = (): number => Math.max(0, lines.length - rows);
  const lineAt = (index: number): string[] => (lines[index] ??= []);
  const down = (): void => {
    row += 1;
    lineAt(row);
  };
  const put = (character: string): void => {
    const width = displayWidth(character);
    if (column + width > columns) {
      column = 0;
      down();
    }
    const line = lineAt(row);
    while (line.length < column) line.push(' ');
    line[column] = character;
    for (let covered = 1; covered < width; covered += 1) line[column + covered] = '';
    column += width;
  };
  const control = (parameter: string, kind: string): void => {
    const number = Number(parameter || '1');
    if (kind === 'A') row = Math.max(top(), row - number);
    else if (kind === 'G') column = number - 1;
    else if (kind === 'K' && parameter === '2') lines[row] = [];
    else if (kind === 'K' && parameter === '') lineAt(row).splice(column);
    else if (kind === 'J' && parameter === '') lines.splice(row + 1);
    else if (kind !== 'm') throw new Error(`this terminal does not know ESC[${parameter}${kind}`);
  };
  for (const [token, isPrivate, parameter = '', kind = ''] of output.matchAll(TOKEN)) {
    if (token === '\r') column = 0;
    else if (token === '\n') down();
    else if (kind === '') put(token);
    else if (isPrivate === '?' && parameter === '25') cursorVisible = kind === 'h';
    else control(parameter, kind);
  }
  return { lines: lines.map((line) => line.join('').trimEnd()), cursorVisible };
};
