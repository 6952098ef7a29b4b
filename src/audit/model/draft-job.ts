import type { AuditedJob } from '../pipeline.ts';

/** A job whose role and stage are not found yet: they follow from the whole graph. */
export type DraftJob = Omit<AuditedJob, 'role' | 'roleReason' | 'does' | 'allNeeds' | 'stage'>;
