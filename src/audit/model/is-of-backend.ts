import type { ShellCall } from '../../shell/shell-run.ts';
import type { Audit, AuditedJob } from '../pipeline.ts';
import { findEvidence } from './evidence.ts';

const FRONTEND =
  /front-?_?end|client|(?:^|[^a-z])(?:web-?app|ui|spa|static|docs?|pages|storybook|site|infra|terraform|admin-ui|vercel|netlify)(?:$|[^a-z])/i;
const OTHERS = /fastapi|flask|spring|laravel|react|next-?js|front-?end|worker|static|docs/i;
const BACKEND = /back-?_?end|(?:^|[^a-z])(?:api|server|django|app|web|service|worker)(?:$|[^a-z])/i;

const COPY = /^(?:rsync|scp|sftp|lftp|gsutil)(?: |$)/;
const ASSETS = /(?:^|\/)(?:static(?:files)?|assets|media|public|dist|docs?|html|_site)(?:\/[*.]*)?$/;

const isCopy = ({ words }: ShellCall): boolean => COPY.test(words[0]?.value ?? '');

/** `rsync ./static/ host:…`: what comes from here is for a web server alone. */
const copiesAssets = ({ words }: ShellCall): boolean =>
  words.some(({ value }) => !value.includes(':') && !value.startsWith('-') && ASSETS.test(value));

const SERVICE = /amazon-ecs-deploy|^aws ecs |^docker (?:stack|service) |^(?:kubectl|helm|heroku|eb) /;

/** Deployments of frontends, documentation and infrastructure need no migration. */
export const isOfBackend = (audited: AuditedJob, { holes }: Pick<Audit, 'holes'>): boolean => {
  const { id, job, steps, workflow } = audited;
  const name = `${id} ${job.name?.value ?? ''}`;
  if (FRONTEND.test(name) && !BACKEND.test(name)) return false;
  if (OTHERS.test(workflow.source.file) && !/django|back-?end/i.test(workflow.source.file)) return false;
  const actions = steps.flatMap(({ action }) => action ?? []);
  if (
    actions.some((action) =>
      /pages|gh-pages|vercel|netlify|firebase|cloudflare|s3-sync|cloudfront|npm-publish|pypi/.test(action),
    )
  )
    return false;
  const calls = steps.flatMap((step) => step.calls);
  const isStatic = calls.some(
    ({ words }) =>
      /^(?:s3|cloudfront)$/.test(words[1]?.value ?? '') ||
      /^(?:vercel|netlify|firebase|wrangler|gh-pages|twine|func)$/.test(words[0]?.value ?? '') ||
      // A function is a program of its own.
      /^(?:functionapp|functions)$/.test(words[1]?.value ?? ''),
  );
  const deploying = findEvidence(audited, holes).filter(({ does }) => does === 'deploy');
  // A connection to a server may be there for anything.
  if (
    !deploying.some(({ isStrong }) => isStrong) &&
    !/deploy|releas|ship|\bcd\b/i.test(`${name} ${workflow.source.file}`)
  )
    return false;
  const onlyCopies = deploying.length > 0 && deploying.every(({ by }) => COPY.test(by));
  // A job that copies files to a bucket and replaces a service deploys more than static pages.
  const replacesService = deploying.some(({ isStrong, by }) => isStrong && SERVICE.test(by));
  return (!isStatic || replacesService) && !(onlyCopies && calls.filter(isCopy).every(copiesAssets));
};
