import { buildInputOf } from './from-docker.ts';
import { imagesInJson } from './from-kubernetes.ts';
import { mentionAll, type Mention } from './mention.ts';
import { slicePart, type Part } from './part.ts';
import { readOptions, valuesOf, type Options } from './read-options.ts';

/** Which options of which commands name an image; the first words are matched in order, others may stand between. */
interface CloudCommand {
  readonly words: readonly string[];
  readonly options: readonly string[];
  readonly use: Mention['use'];
}

const command = (words: string, options: string, use: Mention['use'] = 'deploy'): CloudCommand => ({
  words: words.split(' '),
  options: options.split(' '),
  use,
});

const AZURE_WEB = '--docker-custom-image-name --container-image-name --deployment-container-image-name -i --image';

const COMMANDS: readonly CloudCommand[] = [
  command('gcloud run deploy', '--image'),
  command('gcloud run services update', '--image'),
  command('gcloud run services replace', '--image'),
  command('gcloud run jobs', '--image'),
  command('gcloud app deploy', '--image-url'),
  command('gcloud compute instances', '--container-image'),
  command('gcloud compute instance-templates', '--container-image'),
  command('gcloud builds submit', '-t --tag', 'push'),
  command('az webapp create', AZURE_WEB),
  command('az webapp config container set', AZURE_WEB),
  command('az functionapp create', AZURE_WEB),
  command('az functionapp config container set', AZURE_WEB),
  command('az containerapp', '-i --image'),
  command('az container create', '--image'),
  command('az acr build', '-t --image', 'push'),
  command('aws lambda update-function-code', '--image-uri'),
  command('flyctl deploy', '-i --image'),
  command('fly deploy', '-i --image'),
  command('cf push', '-o --docker-image'),
  command('ibmcloud ce application', '-i --image'),
  command('ibmcloud code-engine application', '-i --image'),
  command('koyeb service', '--docker'),
  command('koyeb services', '--docker'),
  command('scw container', '--registry-image'),
  command('caprover deploy', '-i --imageName'),
];

const OTHER_OPTIONS =
  '--region --project --platform -n --name -g --resource-group -r --registry -f --file -a --app -c --config --build-arg --target ' +
  '--function-name --cluster --service --container --container-name --format --timeout --plan -p';

const ALL_OPTIONS: ReadonlySet<string> = new Set([
  ...COMMANDS.flatMap(({ options }) => options),
  ...OTHER_OPTIONS.split(' '),
]);

/** JSON, and `ImageUri=…` or `image=…` in AWS's short form. */
const imagesOfAws = (part: Part): readonly Part[] => [
  ...imagesInJson(part),
  ...[...part.value.matchAll(/(?:^|,|\{)\s*(?:ImageUri|ImageIdentifier|image)=([^,\s}\]"']+)/g)].map((match) => {
    const start = match.index + match[0].length - (match[1] ?? '').length;
    return slicePart(part, start, match.index + match[0].length);
  }),
];

const AWS_CHANGES = /^(?:ecs|lambda|apprunner|lightsail|batch|sagemaker)$/;
const AWS_VERBS = /^(?:register-|update-|create-)/;

const readAws = (parts: readonly Part[]): readonly Mention[] => {
  const words = readOptions(parts, new Set(['--region', '--profile', '--output'])).positionals.map(
    ({ value }) => value,
  );
  if (!AWS_CHANGES.test(words[0] ?? '') || !AWS_VERBS.test(words[1] ?? '')) return [];
  return mentionAll('deploy', parts.flatMap(imagesOfAws));
};

/** `az acr build --image app:x -r NAME` names the image without its registry. */
const inRegistry = (part: Part, registry: string): Part => {
  const host = registry.includes('.') ? registry : `${registry}.azurecr.io`;
  return part.value.startsWith(`${host}/`) ? part : { ...part, value: `${host}/${part.value}` };
};

const readPushes = (options: Options, found: readonly Part[], verbs: number): readonly Mention[] => {
  // What follows the command's own words is the folder.
  const build = buildInputOf({ ...options, positionals: options.positionals.slice(verbs) });
  return [...mentionAll('build', found, { build }), ...mentionAll('push', found, { build })];
};

const startsWith = (words: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((word, index) => words[index] === word);

const PROGRAMS: ReadonlySet<string> = new Set(['aws', 'dokku', ...COMMANDS.flatMap(({ words }) => words.slice(0, 1))]);

/** What the programs of clouds say of images. */
export const readCloud = (program: string, parts: readonly Part[]): readonly Mention[] => {
  if (!PROGRAMS.has(program)) return [];
  const options = readOptions(parts, ALL_OPTIONS);
  const words = [
    program,
    ...options.positionals.map(({ value }) => value).filter((word) => word !== 'beta' && word !== 'alpha'),
  ];
  const known = COMMANDS.find((one) => startsWith(words, one.words));
  const found = known === undefined ? [] : valuesOf(options, ...known.options);
  const ofAws = program === 'aws' ? readAws(parts) : [];
  if (program === 'dokku' && words[1] === 'git:from-image')
    return mentionAll('deploy', options.positionals.slice(2, 3));
  if (known === undefined) return ofAws;
  if (known.use !== 'push') return [...ofAws, ...mentionAll('deploy', found)];
  const registry = program === 'az' ? valuesOf(options, '-r', '--registry').at(-1)?.value : undefined;
  const images = registry === undefined ? found : found.map((part) => inRegistry(part, registry));
  return readPushes(options, images, options.positionals.findIndex(({ value }) => value === known.words.at(-1)) + 1);
};
