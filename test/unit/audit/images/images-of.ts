import {
  createSource,
  placeInstead,
  placeRange,
  joinPlaced,
  type PlacedText,
  type Span,
} from '../../../../src/core/placed-text.ts';
import { findImages } from '../../../../src/audit/images/find-images.ts';
import type { ImageUse } from '../../../../src/audit/images/image-use.ts';
import type { AuditedJob, AuditedStep, Evaluated } from '../../../../src/audit/pipeline.ts';
import { createHoles, padHole, showHoles, type Hole } from '../../../../src/shell/holes.ts';
import { interpretShell } from '../../../../src/shell/interpret-shell.ts';

const KINDS: Readonly<Record<string, Hole>> = {
  'github.sha': { kind: 'commit', name: 'github.sha' },
  'github.ref_name': { kind: 'branch', name: 'github.ref_name' },
};

export interface Sample {
  readonly run?: string;
  readonly action?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

const EXPRESSION = /\$\{\{\s*(.*?)\s*\}\}/g;

/** The images of one step, with the text each is written as; expressions are holes. */
export const imagesOf = ({ run = '', action, with: inputs = {}, files = {} }: Sample) => {
  const holes = createHoles();
  const holeOf = (name: string): string =>
    holes.of(KINDS[name] ?? { kind: name.startsWith('secrets.') ? 'secret' : 'unknown', name });
  const readFile = (path: string): string | undefined => files[path];
  const sources = new Map<string, string>(Object.entries({ ...files, 'step.sh': run }));

  const evaluate = (name: string, text: string): Evaluated => {
    sources.set(name, text);
    const source = createSource(name, text);
    const parts: PlacedText[] = [];
    let at = 0;
    for (const match of text.matchAll(EXPRESSION)) {
      parts.push(placeRange(source, at, match.index));
      at = match.index + match[0].length;
      parts.push(placeInstead(holeOf(match[1] ?? ''), placeRange(source, match.index, at)));
    }
    const placed = joinPlaced([...parts, placeRange(source, at, text.length)]);
    return { value: placed.text, placed, span: spanless(name), origins: [] };
  };

  const padded = run.replaceAll(EXPRESSION, (written, name: string) => padHole(holeOf(name), written.length));
  const source = createSource('step.sh', run);
  const script = { ...placeRange(source, 0, run.length), text: padded };
  const shell = interpretShell({
    script,
    language: 'bash',
    errexit: true,
    pipefail: false,
    variables: new Map(),
    directory: '',
    layers: [],
    holes,
    readFile,
  });
  const step = {
    step: { index: 0 },
    label: '1',
    uses: action === undefined ? null : evaluate('uses', `${action}@v1`),
    action: action ?? null,
    with: new Map(Object.entries(inputs).map(([name, text]) => [name, evaluate(name, text)])),
    environment: new Map(),
    calls: shell.calls,
    condition: null,
  } as unknown as AuditedStep;
  const job = {
    key: 'deploy',
    id: 'deploy',
    role: 'deploy',
    steps: [step],
    calledBy: [],
    allNeeds: new Set(),
    condition: null,
  } as unknown as AuditedJob;
  const uses = findImages(job, {
    holes,
    readFile,
    project: { isDjango: null, hasTenants: null, paths: Object.keys(files) },
    pipelines: [],
  });

  const written = ({ file, line, column, endLine, endColumn }: Span): string => {
    const lines = (sources.get(file) ?? '').split('\n');
    return lines
      .slice(line - 1, endLine)
      .map((text, index, all) =>
        text.slice(index === 0 ? column - 1 : 0, index === all.length - 1 ? endColumn - 1 : undefined),
      )
      .join('\n');
  };
  const show = ({ use, value, span }: ImageUse): string => `${use} ${showHoles(value, holes)} at ${written(span)}`;
  return { uses, lines: uses.map(show), holes };
};

const spanless = (file: string): Span => ({ file, line: 1, column: 1, endLine: 1, endColumn: 1 });
