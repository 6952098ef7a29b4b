/** The first command of a developer's task file that runs this machine's own pg_dump, without its arguments' values; null: none. */
export const findDumpCommand = (name: string, text: string): 'pg_dump' | null =>
  (name === 'package.json' ? scriptsOf(text) : text.split('\n')).some(runsDump) ? 'pg_dump' : null;

/** At the head of a command: behind `docker exec` or `ssh` it would be another machine's. */
const runsDump = (line: string): boolean =>
  line.split(/&&|\|\||[;|]/).some((command) => /^\s*[@-]*\s*(?:[A-Z_]+=\S*\s+)*pg_dump(?=\s|$)/.test(command)) &&
  !/\b(docker|podman|kubectl|ssh|exec)\b/.test(line);

const scriptsOf = (text: string): readonly string[] => {
  try {
    const { scripts } = JSON.parse(text) as { scripts?: unknown };
    return typeof scripts === 'object' && scripts !== null ? Object.values(scripts).map(String) : [];
  } catch {
    // A file that cannot be read has a finding elsewhere, if it matters.
    return [];
  }
};
