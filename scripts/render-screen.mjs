// The picture of a terminal as SVG, from the recorded lines alone: the same lines give the same bytes.

/** The names of the colours that devsetup and npm use, of the 16 of a terminal. */
const COLORS = { 1: 'red', 2: 'green', 3: 'yellow', 4: 'blue', 6: 'cyan' };

const THEMES = {
  light: {
    background: '#f6f8fa',
    border: '#d0d7de',
    text: '#1f2328',
    dim: '#59636e',
    red: '#cf222e',
    green: '#1a7f37',
    yellow: '#9a6700',
    blue: '#0969da',
    cyan: '#1b7c83',
  },
  dark: {
    background: '#0d1117',
    border: '#30363d',
    text: '#e6edf3',
    dim: '#9198a1',
    red: '#ff7b72',
    green: '#3fb950',
    yellow: '#d29922',
    blue: '#58a6ff',
    cyan: '#39c5cf',
  },
};

export const THEME_NAMES = Object.keys(THEMES);

const FONT = 13;
const LINE = 18;
/** Every common monospaced font is this wide; each run of a line is placed by itself, so that a font that is not shifts little. */
const CHARACTER = FONT * 0.6;
const PADDING = 16;

const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const short = (number) => String(Math.round(number * 100) / 100);

/** `styled` as `screenOf` gives it; `title` is what a screen reader says. */
export const renderScreen = (styled, { columns, title, theme }) => {
  const colors = THEMES[theme];
  const width = columns * CHARACTER + 2 * PADDING;
  const height = styled.length * LINE + 2 * PADDING;
  const lines = styled.flatMap((runs, index) =>
    runs.length === 0 ? [] : [`<text y="${PADDING + LINE * index + FONT}">${renderRuns(runs)}</text>`],
  );
  const classes = ['dim', ...Object.values(COLORS)].map((name) => `.${name}{fill:${colors[name]}}`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${short(width)}" height="${height}" viewBox="0 0 ${short(width)} ${height}" role="img">`,
    `<title>${escape(title)}</title>`,
    `<style>text{font:${FONT}px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:${colors.text};white-space:pre}.bold{font-weight:bold}${classes.join('')}</style>`,
    `<rect x=".5" y=".5" width="${short(width - 1)}" height="${height - 1}" rx="8" fill="${colors.background}" stroke="${colors.border}"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n');
};

const renderRuns = (runs) => {
  let column = 0;
  return runs
    .map((run) => {
      const indent = run.text.length - run.text.trimStart().length;
      const x = short(PADDING + (column + indent) * CHARACTER);
      column += run.text.length;
      const classes = classesOf(run);
      const attributes = classes.length === 0 ? '' : ` class="${classes.join(' ')}"`;
      return `<tspan x="${x}"${attributes}>${escape(run.text.trim())}</tspan>`;
    })
    .join('');
};

const classesOf = ({ text, bold, dim, color }) => {
  const name = color === undefined ? undefined : COLORS[color];
  if (color !== undefined && name === undefined)
    throw new Error(`"${text}" has colour ${color}, which scripts/render-screen.mjs does not know`);
  return [...(bold ? ['bold'] : []), ...(dim ? ['dim'] : []), ...(name === undefined ? [] : [name])];
};
