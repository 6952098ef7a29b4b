import type { Audit, AuditedJob, Evaluated } from '../../../audit/pipeline.ts';
import { expandChoices } from '../../../shell/holes.ts';
import type { Said } from './said.ts';

/** devsetup runs on nothing older. */
const OLDEST_NODE = 20;

const PYTHON = new Set(['actions/setup-python', 'astral-sh/setup-uv', 'pdm-project/setup-pdm']);
const NODE = new Set(['actions/setup-node']);
const POSTGRES = /(?:^|\/)(?:postgres|postgis|pgvector|timescaledb)(?:-ha)?:(?:pg)?(\d+)/;

/** The versions that jobs set up; of a matrix all of them. PostgreSQL is that of the service they test with. */
export const saidVersions = (jobs: readonly AuditedJob[], { holes }: Pick<Audit, 'holes'>): readonly Said[] =>
  jobs.flatMap((job) => [
    ...job.steps.flatMap(({ action, with: given }): readonly Said[] => {
      if (action === null) return [];
      const say = (option: Said['option'], value: Evaluated | undefined, pattern: RegExp): readonly Said[] =>
        value === undefined
          ? []
          : expandChoices(value.value, holes).flatMap((one) => {
              const version = pattern.exec(one.trim())?.[1];
              return version === undefined ? [] : [{ option, value: version, span: value.span }];
            });
      if (PYTHON.has(action)) return say('pythonVersion', given.get('python-version'), /^(3\.\d+)(?:\.(?:\d+|x))?$/);
      return NODE.has(action) ? say('nodeVersion', given.get('node-version'), /^v?(\d+)(?:\.[\dx]+)*$/) : [];
    }),
    ...job.services.flatMap(({ image }): readonly Said[] => {
      const version = POSTGRES.exec(image?.value ?? '')?.[1];
      return image === null || version === undefined
        ? []
        : [{ option: 'postgresVersion', value: version, span: image.span }];
    }),
  ]);

/** What devsetup can run on of what was found. */
export const nearestNode = (value: string, source: string): { readonly value: string; readonly source: string } =>
  Number(value) >= OLDEST_NODE
    ? { value, source }
    : { value: String(OLDEST_NODE), source: `as near to ${source} as devsetup runs on` };
