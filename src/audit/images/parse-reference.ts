import type { ImageReference } from './image-use.ts';

const SCHEME = /^(?:docker|oci|docker-daemon|https?):(?:\/\/)?(?=.*[/\w])/;

/** `docker.io` is what no registry means. */
const HUB = /^(?:index\.|registry-1\.)?docker\.io$/;

const isRegistry = (part: string): boolean => part === 'localhost' || part.includes('.') || part.includes(':');

/** Takes `registry/namespace/name:tag@digest` apart, each part with holes. Anything is taken: what is no reference has odd parts. */
export const parseReference = (written: string): ImageReference => {
  const text = written.trim().replace(SCHEME, '');
  const at = text.indexOf('@');
  const name = at < 0 ? text : text.slice(0, at);
  const digest = at < 0 ? null : text.slice(at + 1);
  const colon = name.indexOf(':', name.lastIndexOf('/') + 1);
  const path = colon < 0 ? name : name.slice(0, colon);
  const tag = colon < 0 ? null : name.slice(colon + 1);
  const slash = path.indexOf('/');
  const first = slash < 0 ? '' : path.slice(0, slash);
  if (!isRegistry(first)) return { registry: null, repository: path, tag, digest };
  return { registry: HUB.test(first) ? null : first, repository: path.slice(slash + 1), tag, digest };
};

/** The image without tag and digest, e.g. `ghcr.io/owner/app`; null: only a tag is known. */
export const imageNameOf = ({ registry, repository }: ImageReference): string | null => {
  if (repository === null) return null;
  const plain = registry === null ? repository.replace(/^library\//, '') : repository;
  return (registry === null ? plain : `${registry}/${plain}`).toLowerCase();
};
