/** What a requirements file asks for and which files it includes by -r, as pip reads it. */
export interface RequirementLines {
  /** PEP 508; of what comes from an address or a checkout only the name, where it says one. */
  readonly requirements: readonly string[];
  /** As written: relative to the file's own folder. */
  readonly includes: readonly string[];
}

const INCLUDE = /^(?:-r|--requirement)(?:\s*=\s*|\s*)(\S+)/;
const EDITABLE = /^(?:-e|--editable)(?:\s*=\s*|\s+)/;
const ADDRESS = /^[a-z][a-z0-9+.-]*:\/\//i;
const EGG = /#(?:.*&)?egg=([\w.-]+)/;
/** `./wheels/x.whl`, `../shared`, `/srv/x.tar.gz`, `x.zip`. */
const PATH = /^[./~]|^[^\s@;]*\/|^\S+\.(?:whl|zip|tar\.gz|tgz)$/i;
/** Options behind a requirement: `--hash=sha256:…`. */
const OPTIONS = /\s--?[a-z][\w-]*[=\s].*$/i;

/** Constraints (-c), indexes and other options ask for nothing. */
export const parseRequirementLines = (text: string): RequirementLines => {
  const lines = text
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) => line.replace(/(?:^|\s)#.*$/, '').trim())
    .filter((line) => line !== '');
  return {
    requirements: lines.flatMap((line) => requirementOf(line) ?? []),
    includes: lines.flatMap((line) => INCLUDE.exec(line)?.[1] ?? []),
  };
};

const requirementOf = (line: string): string | undefined => {
  const what = line.replace(EDITABLE, '');
  if (what !== line || ADDRESS.test(what)) return EGG.exec(what)?.[1];
  if (what.startsWith('-') || PATH.test(what)) return undefined;
  return ` ${what}`.replace(OPTIONS, '').trim();
};
