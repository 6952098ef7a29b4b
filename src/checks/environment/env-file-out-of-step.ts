import path from 'node:path';

import { defineCheck, notApplicable, passed, type Fix, type Problem } from '../../core/check.ts';
import { findText, shown } from '../../project/files.ts';
import type { CheckContext } from '../context.ts';
import { completeEnvFile } from './env-file/complete-env-file.ts';
import { findSample, type Sample } from './env-file/find-sample.ts';
import { readEnvVariables } from '../../config/read-env-lines.ts';
import { findInterpolated, findLackingVariables, type LackingVariable } from './find-lacking-variables.ts';
import { findMissingVariables } from './find-missing-variables.ts';
import { lookIntoSettings, orNothing } from './look-into-settings.ts';
import { namesSetElsewhere } from './names-set-elsewhere.ts';

type Code = 'env-file-out-of-step';

/** `.env` against `.env.example`: what was added to the sample since it was copied, and is asked for. */
export const envFileOutOfStep = defineCheck<CheckContext, Code>({
  id: 'env-file-out-of-step',
  group: 'environment',
  title: 'Env file and its sample',
  findings: { 'env-file-out-of-step': 'warning' },
  timeoutSeconds: 60,
  run: async (context) => {
    const { root, backend, environment } = context;
    const sample = await findSample([...(backend === null ? [] : [backend.directory]), root]);
    if (sample === null) return notApplicable('there is no sample of an env file');
    const file = chooseEnvFile(
      environment.layers.map((layer) => layer.file),
      sample,
    );
    if (file === undefined) return notApplicable('there is no env file');
    const { scan, django, unset } = await lookIntoSettings(context);
    const elsewhere = await namesSetElsewhere(context, scan?.files ?? []);
    const isSet = (name: string): boolean => environment.get(name) !== undefined || elsewhere.has(name);
    const lacking = findLackingVariables({
      sample: readEnvVariables(sample.text),
      isSet,
      scan,
      unset,
      interpolated: await findComposeVariables(context, file),
      reported: new Set(
        django === 'bare' && scan !== null ? findMissingVariables(scan, isSet).map(({ name }) => name) : [],
      ),
    });
    const names = `${shown(root, file)} and ${shown(root, sample.file)}`;
    if (lacking.length === 0) return passed(names);
    return { kind: 'problems', problems: [problemOf({ context, sample, file, lacking })] };
  },
});

/** The file to complete: the one beside the sample, else the strongest `.env`. */
const chooseEnvFile = (files: readonly string[], sample: Sample): string | undefined =>
  files.find((file) => file === path.join(path.dirname(sample.file), '.env')) ??
  files.find((file) => path.basename(file) === '.env') ??
  files[0];

/** Compose takes variables from the `.env` beside its file. */
const findComposeVariables = async (context: CheckContext, envFile: string): Promise<ReadonlyMap<string, string>> => {
  const files = ((await orNothing(context.compose()))?.files ?? []).filter(
    (file) =>
      path.dirname(file) === path.dirname(envFile) && !/prod|stag|live|deploy|test|ci\b/i.test(path.basename(file)),
  );
  const texts = await Promise.all(files.map(async (file) => [file, (await findText(file)) ?? ''] as const));
  return new Map(texts.flatMap(([file, text]) => findInterpolated(text).map((name) => [name, file] as const)));
};

interface Found {
  readonly context: CheckContext;
  readonly sample: Sample;
  readonly file: string;
  readonly lacking: readonly LackingVariable[];
}

const problemOf = ({ context: { root }, sample, file, lacking }: Found): Problem<Code> => {
  const fix = planFix(sample, file, lacking);
  const names = lacking.map(({ name }) => name).join(', ');
  return {
    code: 'env-file-out-of-step',
    severity: lacking.some(({ isNeeded }) => isNeeded) ? 'warning' : 'info',
    message: `${shown(root, file)} lacks ${names}, which ${shown(root, sample.file)} lists.`,
    evidence: lacking.map(
      ({ name, asker }) =>
        `${name}: ${shown(root, asker.file)}${asker.line === null ? '' : `:${asker.line}`} asks for it and has no default`,
    ),
    remedy: {
      text: `Add ${names} to ${shown(root, file)}; ${shown(root, sample.file)} shows how.`,
      command: null,
    },
    place: { file: shown(root, file), line: null, column: null },
    ...(fix === null ? {} : { fix }),
  };
};

const planFix = (sample: Sample, file: string, lacking: readonly LackingVariable[]): Fix | null => {
  const names = lacking.filter(({ isUsable }) => isUsable).map(({ name }) => name);
  if (names.length === 0) return null;
  return {
    by: 'edit',
    file,
    summary: `add ${names.join(', ')} with the values of ${path.basename(sample.file)}`,
    edit: (text) => completeEnvFile(text ?? '', sample.text, names),
  };
};
