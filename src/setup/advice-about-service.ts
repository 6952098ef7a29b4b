import path from 'node:path';

import { asRecord, asTexts, isPort, isText } from '../core/shape.ts';
import { messagesOf } from '../django/companion-errors.ts';
import type { CompanionError } from '../django/protocol.ts';
import { isLocalHost } from '../postgres/target.ts';
import { readComposeServices, type ComposeService } from '../project/compose-services.ts';
import type { Project } from '../project/types.ts';
import type { StartAdvice } from './advice-about-file.ts';

/** `unreached` of the companion: the address that did not answer, and what names it. */
interface Unreached {
  readonly host: string;
  readonly port: number;
  readonly variables: readonly string[];
  readonly setting: string | null;
  readonly place: { readonly file: string; readonly line: number } | null;
  /** The `if` under which the project connects. */
  readonly condition: Condition | null;
}

interface Condition {
  readonly file: string;
  readonly line: number;
  readonly variables: readonly string[];
  /** It holds as long as all of the variables have a value. */
  readonly isTruth: boolean;
}

const unreachedOf = ({ data }: CompanionError): Unreached | undefined => {
  const { host, port, variables, setting, place, condition } = asRecord(data['unreached']);
  if (!isText(host) || !isPort(port)) return undefined;
  return {
    host,
    port,
    variables: asTexts(variables),
    setting: isText(setting) ? setting : null,
    place: asPlace(place),
    condition: asCondition(condition),
  };
};

const asPlace = (value: unknown): Unreached['place'] => {
  const { file, line } = asRecord(value);
  return isText(file) && typeof line === 'number' ? { file, line } : null;
};

const asCondition = (value: unknown): Condition | null => {
  const place = asPlace(value);
  const { variables, isTruth } = asRecord(value);
  return place === null ? null : { ...place, variables: asTexts(variables), isTruth: isTruth === true };
};

const NOT_RESOLVED =
  /name or service not known|nodename nor servname|name resolution|failed to resolve|getaddrinfo failed|no address associated|could not translate host name/i;

/** The project connects to something, and it does not answer. `when`: the words for the moment, with a space before them. */
export const adviceAboutService = async (
  error: CompanionError,
  project: Project,
  when = '',
): Promise<StartAdvice | undefined> => {
  const unreached = unreachedOf(error);
  if (unreached === undefined) return undefined;
  const { root, backend } = project;
  const services = await readComposeServices({ root, backendDirectory: backend.directory });
  const service =
    services.find(({ name }) => name === unreached.host) ??
    (isLocalHost(unreached.host)
      ? services.find(({ publishedPorts }) => publishedPorts.some(({ host }) => host === unreached.port))
      : undefined);
  const { place } = error;
  const where = place === null ? '' : ` (${shown(root, place)})`;
  return {
    message: `The project connects to ${unreached.host}:${unreached.port}${when}${where}, and ${reasonOf(messagesOf(error))}.`,
    hint: hintFor(unreached, service, root),
  };
};

const shown = (root: string, { file, line }: { readonly file: string; readonly line: number }): string =>
  `${path.relative(root, file)}:${line}`;

const reasonOf = (text: string): string => {
  if (NOT_RESOLVED.test(text)) return 'the name cannot be resolved';
  return /refused/i.test(text) ? 'nothing listens there' : 'it does not answer';
};

const hintFor = (unreached: Unreached, service: ComposeService | undefined, root: string): string => {
  const { host, port } = unreached;
  const holder = holderOf(unreached, root);
  if (service === undefined && isPublic(host)) {
    const named = holder === undefined ? '' : `, named by ${holder}`;
    return `Check the network, the proxy and the VPN of this machine: \`${host}\` is a public host${named}.${conditionHint(unreached, root)}`;
  }
  if (service === undefined) {
    const change = holder === undefined ? 'correct the address in the settings' : `correct ${holder}, which names it`;
    return `Start the service that belongs there, or ${change}.`;
  }
  const start = `start it with \`${service.up}\``;
  if (isLocalHost(host)) return `The compose service \`${service.name}\` publishes this port: ${start}.`;
  const published = service.publishedPorts.find(({ container }) => container === port)?.host;
  const publish = published === undefined ? `publish its port (ports: ["${port}:${port}"]), ` : '';
  const change = `${holder === undefined ? 'use the address' : `let ${holder} name`} 127.0.0.1:${published ?? port}`;
  return `\`${host}\` is a compose service, whose name only containers know: run devsetup in the dev container, or ${publish}${start}, and ${change}.`;
};

/** Names of one machine or one network, and addresses of private networks. */
const PRIVATE =
  /(?:^|\.)(?:localhost|local|localdomain|internal|intranet|lan|home|corp|private|test|invalid)$|^(?:127|10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01]))\.[\d.]+$/i;

const isPublic = (host: string): boolean => host.includes('.') && !isLocalHost(host) && !PRIVATE.test(host);

const conditionHint = ({ condition }: Unreached, root: string): string => {
  if (condition === null || condition.variables.length === 0) return '';
  const { variables, isTruth } = condition;
  const [first = ''] = variables;
  const at = shown(root, condition);
  if (!isTruth)
    return ` The project connects only if the condition at ${at} holds, which depends on ${variables.join(', ')}.`;
  return variables.length === 1
    ? ` The project connects only if ${first} is set (${at}): unset it to start without this connection.`
    : ` The project connects only if ${listed(variables)} are set (${at}): unset one of them to start without this connection.`;
};

const listed = (words: readonly string[]): string => `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}`;

/** What names the address: the variable, and the setting with its place. */
const holderOf = ({ variables, setting, place }: Unreached, root: string): string | undefined => {
  const [variable] = variables;
  const at = place === null ? '' : ` (${shown(root, place)})`;
  if (variable !== undefined) return `${variable}${at}`;
  return setting === null ? undefined : `the setting ${setting}${at}`;
};
