import { expect, test } from 'vitest';

import { followLog } from '../../../src/container/follow-log.ts';

const ROOT = '/srv/my up project';
const stagesOf = (...commands: readonly string[]): readonly string[] => {
  const stages: string[] = [];
  const { add } = followLog(ROOT, { onStage: ({ id }) => stages.push(id), onLine: () => undefined });
  for (const command of commands) add(`${JSON.stringify({ type: 'start', level: 2, text: `Run: ${command}` })}\n`);
  return stages;
};
const COMPOSE = `--project-name app -f ${ROOT}/docker-compose.yml -f /tmp/docker-compose.devcontainer.build-1.yml`;

test.each([
  [`docker compose ${COMPOSE} build`, 'build'],
  [`docker-compose ${COMPOSE} build --no-cache`, 'build'],
  ['docker build -f /tmp/updateUID.Dockerfile -t x', 'build'],
  ['docker buildx build --load -t x .', 'build'],
  ['docker pull debian', 'build'],
  [`docker compose ${COMPOSE} up -d`, 'start'],
  [`docker-compose ${COMPOSE} up -d --no-recreate`, 'start'],
  ['docker run --sig-proxy=false -a STDOUT debian', 'start'],
  ['docker start 3b6d', 'start'],
])('%s is the stage %s', (command, stage) => expect(stagesOf(command)).toEqual([stage]));

test('a question to the engine is no stage, and a stage that continues begins once', () => {
  const questions = ['docker buildx version', `docker compose -f ${ROOT}/a.yml --profile * config`, 'docker ps -q -a'];
  expect(stagesOf(...questions, 'docker events --filter event=start', 'docker inspect --type image x')).toEqual([]);
  expect(stagesOf('docker build .', 'docker inspect x', 'docker build .', 'docker start x')).toEqual([
    'build',
    'start',
  ]);
});

test('shows what commands print and what is reported on stderr, not the answers that may hold passwords', () => {
  const lines: string[] = [];
  const { add, end } = followLog(ROOT, { onStage: () => undefined, onLine: ({ text }) => lines.push(text) });
  const answer = 'services:\n  db:\n    environment:\n      POSTGRES_PASSWORD: hunter2';
  for (const event of [
    { type: 'text', level: 3, text: answer },
    { type: 'text', level: 1, text: 'userEnvProbe parsed: PASSWORD=hunter2' },
    { type: 'text', level: 3, text: '\u001B[1m\u001B[31myaml: line 40\u001B[39m\r\n\u001B[31mno key\u001B[39m\r\n' },
    { type: 'raw', level: 2, text: '10%\r20%\rdone\n\u001B[32mnext\u001B[0m' },
  ]) {
    add(`${JSON.stringify(event)}\n`);
  }
  end();
  expect(lines).toEqual(['yaml: line 40', 'no key', 'done', 'next']);
});
