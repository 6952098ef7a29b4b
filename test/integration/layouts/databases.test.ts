import { defineLayouts } from '../../support/layouts/define-layouts.ts';

const SOMEBODY_ELSES = 'postgres://someone:something@db.example.org:5432/live';

defineLayouts('databases and environments', [
  { name: 'DB_* by os.environ, from the process', layout: { names: 'DB', reader: 'os', given: 'process' } },
  { name: 'DB_* by os.environ, from an env file nobody loads', layout: { names: 'DB', reader: 'os', given: 'root' } },
  { name: 'POSTGRES_* by django-environ', layout: { names: 'POSTGRES', reader: 'environ', given: 'backend' } },
  { name: 'DATABASE_* by decouple', layout: { names: 'DATABASE', reader: 'decouple', given: 'backend' } },
  { name: 'names of three kinds by dotenv', layout: { names: 'mixture', reader: 'dotenv', given: 'backend' } },
  { name: 'a URL by django-environ', layout: { names: 'url', reader: 'environ', given: 'root' } },
  { name: 'a URL by decouple and dj-database-url', layout: { names: 'url', reader: 'decouple', given: 'process' } },
  { name: 'a URL by dotenv and dj-database-url', layout: { names: 'url', reader: 'dotenv', given: 'backend' } },
  { name: 'a URL or DB_*, the URL given', layout: { names: 'both', reader: 'os', given: 'process' } },
  { name: 'everything hard-coded', layout: { names: 'hard-coded', given: 'nowhere', secretKey: 'default' } },
  {
    name: 'an env file beside the settings, which the project loads',
    layout: { names: 'POSTGRES', reader: 'environ', given: 'settings', settings: 'module' },
  },
  {
    name: 'an env file beside the variants of the settings, found by decouple',
    layout: { names: 'DB', reader: 'decouple', given: 'settings', settings: 'variants' },
  },
  {
    name: 'an env file that only compose reads',
    layout: { names: 'DB', reader: 'os', given: 'named', sample: null, secretKey: 'required' },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['SECRET_KEY', 'DB_NAME', 'DB_PORT', /envFiles.*\[.*\.env\.compose/],
      mend: { config: { envFiles: ['.env.compose'] } },
    },
  },
  {
    name: 'nothing given to os.environ, .env.example in the root',
    layout: { names: 'DB', reader: 'os', given: 'nowhere', sample: '.env.example', sampleIn: 'root' },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['DB_NAME', 'DB_PASSWORD', 'DB_PORT', '`cp .env.example .env`'],
      mend: { variables: true },
    },
  },
  {
    name: 'nothing given to django-environ, env.example in the backend',
    layout: {
      names: 'url',
      reader: 'environ',
      given: 'nowhere',
      sample: 'env.example',
      sampleIn: 'backend',
      place: 'backend',
    },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['DATABASE_URL', '`cp backend/env.example backend/.env`'],
      mend: { variables: true },
    },
  },
  {
    name: 'nothing given to decouple, .env.dist',
    layout: {
      names: 'POSTGRES',
      reader: 'decouple',
      given: 'nowhere',
      sample: '.env.dist',
      sampleIn: 'root',
      secretKey: 'required',
    },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['SECRET_KEY', 'POSTGRES_DB', 'POSTGRES_HOST', '.env.dist'],
      mend: { variables: true },
    },
  },
  {
    name: 'nothing given to dotenv, sample.env',
    layout: { names: 'mixture', reader: 'dotenv', given: 'nowhere', sample: 'sample.env' },
    refused: {
      code: 'ENVIRONMENT_MISSING',
      names: ['POSTGRES_DB_NAME', 'DB_PASS', 'DATABASE_HOST', 'sample.env'],
      mend: { variables: true },
    },
  },
  {
    name: 'no URL, and dj-database-url says nothing',
    layout: { names: 'url', reader: 'os', given: 'nowhere', secretKey: 'default', sample: '.env.sample' },
    refused: { code: 'DATABASE_NOT_CONFIGURED', names: ['DATABASE_URL', '.env.sample'], mend: { variables: true } },
  },
  {
    name: 'no URL, and dj-database-url says nothing, plain Django',
    layout: { names: 'url', reader: 'dotenv', given: 'nowhere', secretKey: 'default', sample: null, tenants: 'none' },
    refused: { code: 'DATABASE_NOT_CONFIGURED', names: ['DATABASE_URL'], mend: { variables: true } },
  },
  {
    name: 'variables that are None where they are not set',
    layout: { names: 'silent', reader: 'os', given: 'nowhere', secretKey: 'default', sample: null },
    config: { database: { waitSeconds: 1 } },
    refused: { code: 'DATABASE_NAME_MISSING', names: ['DB_NAME', 'DB_USER', 'DB_HOST'], mend: { variables: true } },
  },
  {
    name: 'a host that only compose knows',
    layout: { names: 'compose', reader: 'os', given: 'process' },
    config: { database: { waitSeconds: 1 } },
    refused: {
      code: 'DATABASE_UNREACHABLE',
      names: ['`db` is a service name inside compose', '127.0.0.1'],
      mend: { env: { DB_HOST: '127.0.0.1' } },
    },
  },
  {
    name: 'an environment that points at somebody else’s database',
    layout: { names: 'url', reader: 'environ', given: 'root', place: 'backend' },
    refused: { code: 'DATABASE_REMOTE', names: ['db.example.org', 'allowRemote'], mend: { variables: true } },
    env: { DATABASE_URL: SOMEBODY_ELSES },
  },
  { name: 'SQLite unless told otherwise', layout: { names: 'sqlite', tenants: 'none', secretKey: 'default' } },
]);
