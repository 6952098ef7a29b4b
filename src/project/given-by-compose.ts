import path from 'node:path';

import type { Place } from '../core/check.ts';
import { findSecrets } from '../config/find-secrets.ts';
import { readEnvVariables } from '../config/read-env-lines.ts';
import type { ComposeServiceModel } from './compose/compose-project.ts';
import { interpolate, isOpen, type FindVariable } from './compose/interpolate.ts';
import { serviceEntries } from './entry-scripts.ts';
import { findText, shown } from './files.ts';
import { findDjangoServices, findReadEnvFiles, type DjangoService, type EnvPlaces } from './find-unread-env-files.ts';

/** A variable that the container of Django has. */
interface Given {
  readonly name: string;
  /** As processes on this machine need it. null: a secret, or not known before the container runs. */
  readonly value: string | null;
  readonly isSecret: boolean;
  /** Where it is set: `compose.yaml:12`. */
  readonly at: string;
  /** What its value needs for this machine: replace this with that. */
  readonly replacements: readonly (readonly [string, string])[];
}

/**
 * What compose, or the script that its container starts with, sets for Django: lines to paste into this env file, and where the secrets
 * are, which are never shown.
 */
export const givenByCompose = async (places: EnvPlaces, names: readonly string[], envFile: string): Promise<string> => {
  if (names.length === 0) return '';
  const found = await Promise.all((await findDjangoServices(places)).map((one) => givenByService(one, places, names)));
  return found.map(({ service, given }) => describe(service.name, given, envFile)).join('');
};

const describe = (service: string, given: readonly Given[], envFile: string): string => {
  const lines = given.flatMap(({ name, value }) => (value === null ? [] : [`\n  ${name}=${quoted(value)}`]));
  const secrets = given.filter(({ isSecret }) => isSecret);
  const values = listed(secrets.map(({ name, at }) => `the value of ${name} from ${at}`));
  const sentences = [
    ...(secrets.length === 0 ? [] : [`Copy ${values}${replacing(secrets)}.`]),
    ...given
      .filter(({ value, isSecret }) => value === null && !isSecret)
      .map(({ name, at }) => `${at} shows how the container of the service ${service} sets ${name}.`),
  ];
  const pasted =
    lines.length === 0 ? '' : ` Paste into ${envFile} what the compose service ${service} has:${lines.join('')}`;
  return sentences.length === 0 ? pasted : `${pasted}${lines.length === 0 ? ' ' : '\n'}${sentences.join(' ')}`;
};

const listed = (words: readonly string[]): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

const replacing = (secrets: readonly Given[]): string => {
  const pairs = new Map(secrets.flatMap(({ replacements }) => replacements));
  if (pairs.size === 0) return '';
  return `, and replace the host ${listed([...pairs].map(([from, to]) => `\`${from}\` with \`${to}\``))}`;
};

/** As env files have it. */
const quoted = (value: string): string => (/^[^\s#'"$`\\]*$/.test(value) ? value : `'${value}'`);

const ON = /^(?:1|true|yes|on)$/i;
const IS_DEBUG = /(?:^|_)DEBUG$/;

const givenByService = async (
  { service, services }: DjangoService,
  places: EnvPlaces,
  names: readonly string[],
): Promise<{ readonly service: ComposeServiceModel; readonly given: readonly Given[] }> => {
  const { root } = places;
  const ofFiles = await variablesOf(service.envFiles);
  const find: FindVariable = (name) => service.environment[name] ?? ofFiles.get(name);
  const compose = (await findText(path.join(root, service.place.file))) ?? '';
  const known = await variablesOf(await findReadEnvFiles(places));
  // Without it the settings are those of production.
  const debug = Object.entries(service.environment).flatMap(([name, value]) =>
    IS_DEBUG.test(name) && ON.test(value ?? '') && !names.includes(name) && !known.has(name) ? [name] : [],
  );
  const set = [...names, ...debug].flatMap((name) => {
    const value = service.environment[name];
    const at = placeOf(service.place, compose, new RegExp(`^\\s*(?:-\\s*)?["']?${name}["']?\\s*[:=]`));
    return typeof value === 'string' && !isOpen(value) ? [given(name, value, at, services)] : [];
  });
  const exported = await Promise.all(
    (await serviceEntries(service, root)).map(async (file) => {
      const text = (await findText(file)) ?? '';
      return [...text.matchAll(/^[ \t]*export[ \t]+(\w+)=(.*)$/gm)].flatMap(([, name = '', written = '']) => {
        if (!names.includes(name) || set.some((one) => one.name === name)) return [];
        const at = placeOf({ file: shown(root, file), line: 1 }, text, new RegExp(`^\\s*export\\s+${name}=`));
        return [given(name, interpolate(written.trim().replace(/^(["'])(.*)\1$/, '$2'), find), at, services)];
      });
    }),
  );
  // What is exported last counts.
  return { service, given: [...set, ...new Map(exported.flat().map((one) => [one.name, one])).values()] };
};

const variablesOf = async (files: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  const texts = await Promise.all(files.map(async (file) => (await findText(file)) ?? ''));
  return new Map(
    texts.flatMap((text) => [...readEnvVariables(text)].map(([name, { value }]) => [name, value] as const)),
  );
};

/** Another service before this line may set it as well. */
const placeOf = ({ file, line }: Pick<Place, 'file' | 'line'>, text: string, pattern: RegExp): string => {
  const lines = text.split('\n');
  const after = lines.findIndex((each, at) => at + 1 >= (line ?? 1) && pattern.test(each));
  const at = after === -1 ? lines.findIndex((each) => pattern.test(each)) : after;
  return at === -1 ? file : `${file}:${at + 1}`;
};

/** Secrets that are part of a value with another name: `host=db password=…`. */
const HOLDS_SECRET = /(?:pass(?:word|wd)?|secret|token|key)=/i;

const given = (name: string, value: string, at: string, services: readonly ComposeServiceModel[]): Given => {
  const isSecret = findSecrets({ [name]: value }).length > 0 || HOLDS_SECRET.test(value);
  const isKnown = !isSecret && !isOpen(value) && !/[`\n']|\$\(/.test(value);
  const { local, replacements } = toLocal(name, value, services);
  return { name, at, isSecret, value: isKnown ? local : null, replacements };
};

/** With `localhost`, and the published port, for the names that only containers know. */
const toLocal = (
  name: string,
  value: string,
  services: readonly ComposeServiceModel[],
): { readonly local: string; readonly replacements: Given['replacements'] } => {
  const replacements: (readonly [string, string])[] = [];
  let local = value;
  for (const { name: own, otherNames, ports } of services) {
    for (const host of [own, ...otherNames]) {
      const address = (port: string | undefined): string => {
        const published = ports.find(({ container }) => port === undefined || String(container) === port);
        const isOther = published !== undefined && published.host !== published.container;
        const text = isOther ? `localhost:${published.host}` : `localhost${port === undefined ? '' : `:${port}`}`;
        replacements.push(
          isOther && port !== undefined ? [`${host}:${port}`, text] : [host, isOther ? text : 'localhost'],
        );
        return text;
      };
      local = local.replaceAll(hostPattern(host, /HOST|SERVER/i.test(name)), (_all, first?: string, second?: string) =>
        address(first ?? second),
      );
    }
  }
  return { local, replacements };
};

/** In a URL, in a list of addresses, or as the value of a variable for a host; not a user, a database or another word of that name. */
const hostPattern = (host: string, isOfHost: boolean): RegExp => {
  const name = host.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const end = String.raw`(?![\w.-])(?![^/\s,]*@)`;
  const alone = isOfHost ? `|^${name}$` : '';
  return new RegExp(
    String.raw`(?<=\/\/|@)${name}${end}(?::(\d+))?|(?<=^|[,\s])${name}(?=:\d)(?::(\d+))${end}${alone}`,
    'g',
  );
};
