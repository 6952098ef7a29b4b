import type { ComposeServiceModel } from '../project/compose/compose-project.ts';
import { isPostgresImage } from '../project/compose-services.ts';

/** The services that are PostgreSQL servers, by their image, and that compose starts without a further profile. */
export const databaseServices = (services: readonly ComposeServiceModel[]): readonly ComposeServiceModel[] =>
  services.filter(
    ({ image, build, isActive }) => isActive && build === null && image !== null && isPostgresImage(image),
  );

/**
 * The service whose network a service is in: itself, or at the end of `network_mode: service:…`; null where that is not of compose.
 */
export const networkOwner = (
  service: ComposeServiceModel,
  services: readonly ComposeServiceModel[],
  seen: readonly string[] = [],
): string | null => {
  const { networkMode, name } = service;
  if (networkMode === null || /^(?:bridge|default)$/.test(networkMode)) return name;
  const [, other] = /^service:(.+)$/.exec(networkMode) ?? [];
  const next = services.find((known) => known.name === other);
  return next === undefined || seen.includes(name) ? null : networkOwner(next, services, [...seen, name]);
};
