import { createSource, placeRange, slicePlaced, spanOf } from '../../core/placed-text.ts';
import { withoutPrivateUse } from '../../core/private-use.ts';
import type { Audit } from '../pipeline.ts';
import type { ContainerStart } from './container-start.ts';

const MOST_UNITS = 20;

/** What the units of systemd in the checkout start, each line a command of its own. */
export const unitStarts = ({ project, readFile }: Pick<Audit, 'project' | 'readFile'>): readonly ContainerStart[] =>
  (project.paths ?? [])
    .filter((file) => /\.service(?:\.\w+)?$/.test(file))
    .slice(0, MOST_UNITS)
    .flatMap((file) => readUnit(file, withoutPrivateUse(readFile(file) ?? '')));

const readUnit = (file: string, text: string): readonly ContainerStart[] => {
  const placed = placeRange(createSource(file, text), 0, text.length);
  const folder = /^WorkingDirectory=-?(\/\S+)/m.exec(text)?.[1];
  // Marks before a command say how its failure counts.
  return [...text.matchAll(/^Exec(?:Condition|StartPre|Start|StartPost|Reload)=[-@:+!|]*((?:[^\n\\]|\\[^])+)/gm)].map(
    ({ 0: whole, 1: written = '', index }) => {
      const from = index + whole.length - written.length;
      const command = slicePlaced(placed, from, from + written.length);
      return {
        what: file,
        entrypoint: { form: 'text', text: command },
        command: null,
        mounted: [...(folder === undefined ? [] : [folder]), ...foldersAround(written)].map((to) => ({ from: '', to })),
        variables: new Map(),
        image: null,
        build: null,
        kind: 'kept',
        span: spanOf(command),
      };
    },
  );
};

/** Where the checkout may lie on the server: `/srv`, `/srv/shop` of `/srv/shop/bin/start`. */
const foldersAround = (command: string): readonly string[] => {
  const [program = ''] = command.split(/\s/, 1);
  const parts = program.split('/').slice(1, -1);
  return parts.map((_part, index) => `/${parts.slice(0, index + 1).join('/')}`);
};
