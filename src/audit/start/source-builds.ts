import type { ShellCall } from '../../shell/shell-run.ts';
import { partOfWord } from '../images/part.ts';
import { readOptions, valuesOf } from '../images/read-options.ts';
import type { Audit, AuditedJob, AuditedStep } from '../pipeline.ts';
import type { ContainerStart } from './container-start.ts';
import { joinPath } from './join-path.ts';

type Build = NonNullable<ContainerStart['build']>;

/** The Dockerfiles of the checkout that platforms build themselves from the sources that a job sends them. */
export const sourceBuilds = ({ steps }: AuditedJob, { readFile }: Pick<Audit, 'readFile'>): readonly Build[] => {
  const sources = steps.flatMap((step) => [...ofAction(step), ...step.calls.flatMap(ofCall)]);
  const found = new Map<string, Build>();
  for (const { folder, file, unless } of sources) {
    const context = joinPath('', folder);
    const path = context === null ? null : joinPath(context, file);
    if (context === null || path === null || readFile(path) === undefined) continue;
    // Another description of the start counts.
    const others = unless.flatMap(([name, says]) => {
      const text = readFile(context === '' ? name : `${context}/${name}`);
      return text !== undefined && says.test(text) ? [name] : [];
    });
    if (others.length === 0) found.set(path, { file: path, context, target: null });
  }
  return [...found.values()];
};

interface Source {
  readonly folder: string;
  readonly file: string;
  /** Files next to it that say how it starts or is built, if their text matches. */
  readonly unless: readonly (readonly [string, RegExp])[];
}

const PROCFILE: Source['unless'][number] = ['Procfile', /^web:/m];
const FLY: Source['unless'] = [
  ['fly.toml', /^\s*(?:\[processes\]|\[experimental\]|image\s*=|builder\s*=|dockerfile\s*=|build-target\s*=)/m],
];
const RAILWAY: Source['unless'] = [
  ['railway.json', /startCommand|dockerfilePath/],
  ['railway.toml', /startCommand|dockerfilePath/],
];

const ofAction = ({ action, with: given }: AuditedStep): readonly Source[] => {
  const source = action === 'google-github-actions/deploy-cloudrun' ? given.get('source')?.value.trim() : undefined;
  return source === undefined || source === '' ? [] : [{ folder: source, file: 'Dockerfile', unless: [] }];
};

const WITH_VALUE = new Set(
  '--source --region --project --image --name -n -g --resource-group --environment --set-env-vars --service -s -a --app -c --config --dockerfile -e --env --build-arg --strategy --service-account --memory --cpu --port'.split(
    ' ',
  ),
);

const ofCall = ({ words, directory, layers }: ShellCall): readonly Source[] => {
  if (directory === null || layers.some(({ kind }) => kind === 'remote')) return [];
  const options = readOptions(words.slice(1).map(partOfWord), WITH_VALUE);
  const verbs = options.positionals.map(({ value }) => value).filter((value) => !/^(?:alpha|beta)$/.test(value));
  const last = (...names: readonly string[]): string | undefined => valuesOf(options, ...names).at(-1)?.value;
  const at = (folder: string, unless: Source['unless'], file = 'Dockerfile'): readonly Source[] => {
    const path = joinPath(directory, folder);
    return path === null ? [] : [{ folder: path, file, unless }];
  };
  const said = `${(words[0]?.value ?? '').replace(/^.*\//s, '')} ${verbs.slice(0, 2).join(' ')}`;
  if (/^(?:gcloud run deploy|az containerapp up)$/.test(said)) {
    const source = last('--source');
    return source === undefined ? [] : at(source, []);
  }
  if (/^(?:fly|flyctl) deploy(?: |$)/.test(said) && last('--config', '-c', '--image') === undefined) {
    return at(verbs[1] ?? '.', FLY, last('--dockerfile'));
  }
  if (/^railway up(?: |$)/.test(said)) return at('.', RAILWAY);
  return /^git push dokku$/.test(said) ? at('.', [PROCFILE]) : [];
};
