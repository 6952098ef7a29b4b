// The recorded session of the README: what is kept of it, what is compared, and what the picture shows.

/** A command of this many columns and rows is recorded, and compared. */
export const SIZE = { columns: 88, rows: 60 };

/** A real name would differ from machine to machine. */
const HOME = '/home/you';
const PORT = '54321';

/** Lines as `screenOf` gives them, without what only this machine has: its folder and the port that was free there. */
export const neutralize = (styled, folder) =>
  styled.map((runs) =>
    runs.map((run) => ({
      ...run,
      text: run.text.replaceAll(folder, HOME).replace(/(\bport |127\.0\.0\.1:)\d+/g, `$1${PORT}`),
    })),
  );

const textOf = (runs) => runs.map((run) => run.text).join('');

/** What two sessions on different machines have in common: their lines without the times. */
export const structureOf = (styled) =>
  styled.map((runs) =>
    textOf(runs)
      .replace(/(?<=[ (])(\d+m( ?\d+s)?|\d+(\.\d+)? ?m?s)\b/g, 'TIME')
      .replace(/(?<=^[✔↓⚠] .*) TIME$/, ''),
  );

/** The README's picture ends before the demo's advice on what to type next. */
export const shownPart = (styled) => {
  const end = styled.findIndex((runs) => textOf(runs).startsWith('The project is in '));
  const shown = styled.slice(0, end);
  while (shown.at(-1)?.length === 0) shown.pop();
  return shown;
};

export const TITLE =
  'npx django-devsetup demo: the first run sets up a Django project with tenants on a PostgreSQL of its own, the second finds nothing to do';

/** One line of JSON for each line of the screen. */
export const serialize = (styled) => `[\n${styled.map((runs) => JSON.stringify(runs)).join(',\n')}\n]\n`;
