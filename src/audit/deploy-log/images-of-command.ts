import { createSource, placeRange } from '../../core/placed-text.ts';
import { hasHole, type Holes } from '../../shell/holes.ts';
import { interpretShell } from '../../shell/interpret-shell.ts';
import { readCloud } from '../images/from-cloud.ts';
import { readDocker } from '../images/from-docker.ts';
import { readKubernetes } from '../images/from-kubernetes.ts';
import type { Mention } from '../images/mention.ts';
import { partOfWord } from '../images/part.ts';
import type { LoggedImage } from './read-deploy-log.ts';

const PROGRAMS = /docker|podman|nerdctl|kubectl|\boc\b|helm|kustomize|gcloud|\baz\b|aws|fly/;

const useOf = ({ use, isTagOnly }: Mention): LoggedImage['use'] | null => {
  if (isTagOnly === true) return null;
  if (use === 'pull') return 'pulled';
  return use === 'run' || use === 'deploy' ? 'run' : null;
};

/** The images that one command takes, as far as it names them. */
export const imagesOfCommand = (
  command: string,
  holes: Holes,
): readonly { readonly reference: string; readonly use: LoggedImage['use'] }[] => {
  if (!PROGRAMS.test(command)) return [];
  const source = createSource('', command);
  const { calls } = interpretShell({
    script: placeRange(source, 0, command.length),
    language: 'bash',
    errexit: false,
    pipefail: false,
    variables: new Map(),
    directory: null,
    layers: [],
    holes,
    readFile: () => undefined,
  });
  return calls.flatMap(({ words }) => {
    const [head, ...parts] = words.map(partOfWord);
    const program = head?.value.split('/').at(-1) ?? '';
    const mentions = [...readDocker(program, parts), ...readKubernetes(program, parts), ...readCloud(program, parts)];
    return mentions.flatMap((mention) => {
      const use = useOf(mention);
      // What a variable stands for shows where it is run.
      return use === null || hasHole(mention.part.value) ? [] : [{ reference: mention.part.value, use }];
    });
  });
};
