import type { AuditedJob } from '../pipeline.ts';

const FRONTEND =
  /front-?_?end|(?:^|[^a-z])(?:client|ui|spa|nuxt|next-?js|react|vue|angular|svelte|storybook|docs?|documentation|landing|mobile|ios|android|static|pages|website)(?:$|[^a-z])/i;
const BACKEND = /back-?_?end|full-?_?stack|(?:^|[^a-z])(?:api|server|django|database|db)(?:$|[^a-z])/i;

const isNamedFrontend = (name: string): boolean => FRONTEND.test(name) && !BACKEND.test(name);

/** A job for a frontend, documentation or static pages alone, by its name or the folder it works in. */
export const isOfFrontend = ({ id, job, calledBy }: AuditedJob): boolean =>
  isNamedFrontend(`${id} ${job.name?.value ?? ''} ${calledBy.map((caller) => caller.job.id).join(' ')}`) ||
  isNamedFrontend(job.defaults.workingDirectory?.value ?? '');
