#!/usr/bin/env node
// Plays the docker program: containers, images and networks in a JSON file, every call in a log. How an image fares is told by
// $DOCKER_DOUBLE/fates.json: image → healthy, unhealthy, plain (no HEALTHCHECK), crash, or refused (only with a published port).
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.env.DOCKER_DOUBLE;
const file = (name) => path.join(folder, name);
const load = (name, fallback) => (existsSync(file(name)) ? JSON.parse(readFileSync(file(name), 'utf8')) : fallback);
const state = load('state.json', { containers: {}, images: [], logins: [] });
const fates = load('fates.json', {});
let words = process.argv.slice(2);
appendFileSync(file('calls.log'), `${words.join(' ')}\n`);

const save = () => writeFileSync(file('state.json'), JSON.stringify(state));
const end = (code, text = '') => {
  if (text !== '') (code === 0 ? process.stdout : process.stderr).write(`${text}\n`);
  save();
  process.exit(code);
};
const take = (count) => words.splice(0, count);
const valueOf = (flag) => {
  const at = words.findIndex((word) => word === flag);
  return at === -1 ? undefined : words.splice(at, 2)[1];
};
const container = (name) => state.containers[name] ?? end(1, `Error response from daemon: No such container: ${name}`);
const fateOf = ({ image, options }) => {
  const fate = fates[image] ?? 'healthy';
  if (fate !== 'refused') return fate;
  return options.some((option) => option.startsWith('--publish=')) ? 'unhealthy' : 'healthy';
};
const begin = (one) => {
  one.status = fateOf(one) === 'crash' ? 'exited' : 'running';
  one.looks = 0;
};

if (words[0] === '--config') take(2);
if (words[0] === 'container' && words[1] === 'inspect') take(1);
const [command, ...rest] = words;
const [name] = rest.slice(-1);
words = rest;
switch (command) {
  case 'login':
    state.logins.push({ words: rest, token: readFileSync(0, 'utf8') });
    end(0, 'Login Succeeded');
    break;
  case 'pull':
    if (fates[name] === 'missing') end(1, `Error: manifest unknown: ${name}`);
    state.images.push(name);
    end(0, name);
    break;
  case 'image':
    if (rest[0] === 'inspect') end(state.images.includes(name) ? 0 : 1, '[]');
    state.images = state.images.filter((image) => image !== name);
    end(0);
    break;
  case 'version':
    end(0, '26.1.5');
    break;
  case 'logs':
    container(name);
    end(0, load('logs.json', {})[container(name).image] ?? '');
    break;
  case 'inspect': {
    const format = valueOf('--format');
    // As the real one: an empty line on stdout, the message on stderr.
    if (state.containers[name] === undefined) process.stdout.write('\n');
    const one = container(name);
    if (format.includes('Config.Image')) end(0, one.image);
    if (format.includes('.Aliases')) end(0, `${(one.aliases ?? []).join('\n')}\n`);
    if (format.includes('Health.Log') || format.includes('range .Log'))
      end(0, fateOf(one) === 'unhealthy' ? '1 refused\n' : '');
    if (format.includes('ExitCode')) end(0, `${one.status}, exit code ${one.status === 'exited' ? 3 : 0}`);
    one.looks += 1;
    const fate = fateOf(one);
    const health =
      fate === 'plain' ? 'none' : fate === 'unhealthy' ? 'unhealthy' : one.looks > 1 ? 'healthy' : 'starting';
    end(0, `${one.status} ${one.status === 'running' ? health : 'none'}`);
    break;
  }
  case 'run': {
    const given = valueOf('--name');
    if (state.containers[given] !== undefined) end(125, `Conflict. The container name "/${given}" is already in use`);
    valueOf('--label');
    valueOf('--label');
    const envFile = valueOf('--env-file');
    const options = words.slice(0, -1).filter((word) => word !== '--detach');
    const published = options.filter((option) => option.startsWith('--publish='));
    const isTaken = Object.values(state.containers).some(
      ({ status, options: others }) => status === 'running' && published.some((port) => others.includes(port)),
    );
    if (isTaken) end(125, 'Bind for 0.0.0.0 failed: port is already allocated');
    const aliases = options.flatMap((option) => (option.startsWith('--network-alias=') ? [option.slice(16)] : []));
    state.containers[given] = { image: name, options, aliases, envFile, restart: 'no' };
    begin(state.containers[given]);
    end(0, 'id');
    break;
  }
  case 'stop':
    container(name).status = 'exited';
    end(0, name);
    break;
  case 'start':
    begin(container(name));
    end(0, name);
    break;
  case 'rm':
    container(name);
    delete state.containers[name];
    end(0, name);
    break;
  case 'update':
    container(name).restart = valueOf('--restart');
    end(0, name);
    break;
  case 'network': {
    const one = container(name);
    if (fates[one.image] === 'no network' && rest[0] === 'connect')
      end(1, 'Error response from daemon: network shop not found');
    if (rest[0] === 'disconnect') one.aliases = null;
    else {
      if (one.aliases !== null) end(1, 'endpoint with that name already exists in network');
      one.aliases = rest.filter((word) => word.startsWith('--alias=')).map((word) => word.slice(8));
    }
    end(0);
    break;
  }
  case 'buildx': {
    const metadata = valueOf('--metadata-file');
    writeFileSync(metadata, JSON.stringify({ 'containerimage.digest': `sha256:${'d'.repeat(64)}` }));
    end(0);
    break;
  }
  default:
    end(64, `docker: unknown to the double: ${command}`);
}
