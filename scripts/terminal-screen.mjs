// What a terminal shows, for tests and for the pictures of the README.
import xterm from '@xterm/headless';

const SCROLLBACK = 10_000;

/**
 * What a terminal of this size holds after these bytes, what was scrolled out at the top included: lines of runs that share a style.
 * A style that is not used is left out of its run. `joined`: what the terminal itself broke at its right edge is one line.
 */
export const screenOf = async (output, { columns, rows, joined = false }) => {
  const terminal = new xterm.Terminal({ cols: columns, rows, scrollback: SCROLLBACK, allowProposedApi: true });
  await new Promise((resolve) => terminal.write(output, resolve));
  const buffer = terminal.buffer.active;
  const styled = [];
  for (let index = 0; index < buffer.length; index += 1) {
    const line = buffer.getLine(index);
    const runs = runsOf(line);
    if (joined && line.isWrapped) styled.at(-1).push(...runs);
    else styled.push(runs);
  }
  while (styled.at(-1)?.length === 0) styled.pop();
  terminal.dispose();
  return {
    styled,
    lines: styled.map((runs) => runs.map((run) => run.text).join('')),
    cursorVisible: output.lastIndexOf('\u001B[?25h') >= output.lastIndexOf('\u001B[?25l'),
  };
};

const runsOf = (line) => {
  const runs = [];
  for (let column = 0; column < line.length; column += 1) {
    const cell = line.getCell(column);
    // The second half of a wide character.
    if (cell.getWidth() === 0) continue;
    const text = cell.getChars() || ' ';
    const style = {
      ...(cell.isBold() ? { bold: true } : {}),
      ...(cell.isDim() ? { dim: true } : {}),
      ...(cell.isFgPalette() ? { color: cell.getFgColor() } : {}),
    };
    const last = runs.at(-1);
    if (last !== undefined && isSameStyle(last, style)) last.text += text;
    else runs.push({ text, ...style });
  }
  return trimEnd(runs);
};

const isSameStyle = (one, other) => one.bold === other.bold && one.dim === other.dim && one.color === other.color;

const trimEnd = (runs) => {
  const kept = [...runs];
  for (let last = kept.pop(); last !== undefined; last = kept.pop()) {
    const text = last.text.trimEnd();
    if (text !== '') return [...kept, { ...last, text }];
  }
  return [];
};
