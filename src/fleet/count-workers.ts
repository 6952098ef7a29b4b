export interface WorkerLimits {
  /** What configuration says; `auto`: as many as there are cores. */
  readonly configured: number | 'auto';
  readonly cores: number;
  /** Connections the server still takes; null if that could not be asked. */
  readonly freeConnections: number | null;
  readonly tenants: number;
}

/** A worker holds one connection; some are left for everybody else. */
const RESERVE = 3;

/** How many workers migrate at once: cores, capped by free connections and by the work there is; at least one. */
export const countWorkers = (limits: WorkerLimits): number => {
  const wanted = limits.configured === 'auto' ? limits.cores : limits.configured;
  const allowed = limits.freeConnections === null ? wanted : limits.freeConnections - RESERVE;
  return Math.max(1, Math.min(wanted, allowed, Math.max(1, limits.tenants)));
};
