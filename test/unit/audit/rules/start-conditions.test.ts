import { describe, expect, it } from 'vitest';

import { linesFound } from '../../../support/audit-findings.ts';

const DEPLOY = `on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@v5
      - run: ssh ops@shop.example "cd /srv/shop && git pull && docker compose up -d --build"
`;

const COMPOSE = 'services:\n  api:\n    build: ./api\n';
const NODE = `FROM node:22 AS build
WORKDIR /app
COPY package.json ./
COPY prisma ./prisma
FROM node:22
WORKDIR /app
COPY --from=build /app/prisma ./prisma
COPY start.sh ./start.sh
CMD ["./start.sh"]
`;

const found = (files: Readonly<Record<string, string>>): readonly string[] =>
  linesFound({ 'deploy.yml': DEPLOY }, 'migrate/on-container-start', {
    checkout: { 'compose.yaml': COMPOSE, 'api/prisma/migrations/1/up.sql': '', ...files },
  });

const startsWith = (...lines: readonly string[]): readonly string[] =>
  found({
    'api/Dockerfile': NODE,
    'api/start.sh': ['#!/bin/sh', 'set -e', ...lines, 'exec node dist/server.js', ''].join('\n'),
  });

const DEPLOYS = '  npx prisma migrate deploy';
const PUSHES = '  npx prisma db push';

describe('a start script that asks before it migrates', () => {
  it.each([
    ['whatever the answer is', ['if [ -n "$FAST" ]; then', PUSHES, 'else', DEPLOYS, 'fi'], ['api/start.sh:4']],
    [
      'in each of three ways',
      ['if [ "$A" = 1 ]; then', PUSHES, 'elif [ "$A" = 2 ]; then', DEPLOYS, 'else', DEPLOYS, 'fi'],
      ['api/start.sh:4'],
    ],
    ['in each way of a case', ['case "$A" in', `dev)${PUSHES} ;;`, `*)${DEPLOYS} ;;`, 'esac'], ['api/start.sh:4']],
    [
      'in each way of one of the ways',
      ['if [ "$A" = 1 ]; then', ' if [ "$B" = 1 ]; then', PUSHES, ' else', DEPLOYS, ' fi', 'else', DEPLOYS, 'fi'],
      ['api/start.sh:5'],
    ],
    ['in one of two ways', ['if [ -n "$FAST" ]; then', '  echo fast', 'else', DEPLOYS, 'fi'], []],
    ['in one way, and there is no other', ['if [ -n "$FAST" ]; then', DEPLOYS, 'fi'], []],
    ['in two of three ways', ['if [ "$A" = 1 ]; then', PUSHES, 'elif [ "$A" = 2 ]; then', DEPLOYS, 'fi'], []],
    [
      'in both ways, which a test may skip',
      ['if [ "$A" = 1 ]; then', PUSHES, 'else', `  [ -n "$B" ] && ${DEPLOYS.trim()}`, 'fi'],
      [],
    ],
    [
      'in one way of one of the ways',
      ['if [ "$A" = 1 ]; then', ' if [ "$B" = 1 ]; then', PUSHES, ' fi', 'else', DEPLOYS, 'fi'],
      [],
    ],
    ['in a case without a way for the rest', ['case "$A" in', `dev)${PUSHES} ;;`, `prod)${DEPLOYS} ;;`, 'esac'], []],
  ])('migrates %s', (_, lines, expected) => {
    expect(startsWith(...lines)).toEqual(expected);
  });

  it.each([
    ['a folder of the checkout', 'if [ -d ./prisma/migrations ]; then', ['api/start.sh:4']],
    ['a folder by its path in the image', 'if [ -d /app/prisma/migrations ]; then', ['api/start.sh:4']],
    ['a folder that exists', 'if [ -e prisma/migrations ]; then', ['api/start.sh:4']],
    ['what is in a folder', 'if [ -n "$(ls -A prisma/migrations)" ]; then', ['api/start.sh:4']],
    ['what is in it, in short', 'if [ "$(ls -A ./prisma/migrations 2>/dev/null)" ]; then', ['api/start.sh:4']],
    ['both', 'if [ -d prisma/migrations ] && [ "$(ls -A prisma/migrations)" ]; then', ['api/start.sh:4']],
    ['a folder that nothing copies', 'if [ -d ./migrations ]; then', []],
    ['an empty folder', 'if [ -z "$(ls -A prisma/migrations)" ]; then', []],
    ['a mark that it leaves behind', 'if [ ! -d /data/ready ]; then', []],
    ['two folders', 'if [ -n "$(ls prisma/migrations more)" ]; then', []],
    ['what another command says', 'if [ -n "$(find prisma/migrations)" ]; then', []],
  ])('migrates where the image decides: %s', (_, condition, expected) => {
    expect(startsWith(condition, DEPLOYS, 'fi')).toEqual(expected);
  });
});

const GO = 'FROM golang:1.24\nWORKDIR /app\nCOPY . .\nRUN go build -o /app/server .\n';

describe('a program of the image that is started behind a migration', () => {
  it.each([
    ['by its path', 'CMD sh -c "migrate -path db up && /app/server"\n', {}, ['api/Dockerfile:5']],
    ['in the folder of the image', 'CMD sh -c "migrate -path db up && ./server"\n', {}, ['api/Dockerfile:5']],
    ['by its name', 'CMD sh -c "migrate -path db up && server"\n', {}, ['api/Dockerfile:5']],
    ['by exec', 'CMD sh -c "migrate -path db up && exec /usr/local/bin/shop"\n', {}, ['api/Dockerfile:5']],
    [
      'as the words that an entry point is given',
      'ENTRYPOINT ["./entry.sh"]\nCMD ["/app/server"]\n',
      { 'api/entry.sh': '#!/bin/sh\nmigrate -path db up\nexec "$@"\n' },
      ['api/entry.sh:2'],
    ],
    ['which is nothing but a message', 'CMD sh -c "migrate -path db up && echo done"\n', {}, []],
    ['which is another migration', 'CMD sh -c "migrate -path db up && goose up"\n', {}, []],
    ['which loads data', 'CMD sh -c "migrate -path db up && psql -f seed.sql"\n', {}, []],
    ['which is none', 'CMD ["migrate", "-path", "db", "up"]\n', {}, []],
  ])('serves: %s', (_, lines, more, expected) => {
    expect(found({ 'api/Dockerfile': GO + lines, ...more })).toEqual(expected);
  });
});
