import type { ImageUse } from './image-use.ts';

/** An action that says which image it works on. */
export interface ImageAction {
  readonly use: ImageUse['use'];
  /** The input that holds a reference, or several on lines or between commas. */
  readonly image: string;
  /** The input that holds tags for it; then `image` has none. */
  readonly tags?: string;
  /** What `tags` is if it is not given. */
  readonly defaultTag?: string;
  /** The input that holds the registry or owner before the name. */
  readonly prefix?: string;
}

/** By the action's name in lower case. */
export const IMAGE_ACTIONS: Readonly<Record<string, readonly ImageAction[]>> = {
  'aws-actions/amazon-ecs-render-task-definition': [{ use: 'deploy', image: 'image' }],
  'google-github-actions/deploy-cloudrun': [{ use: 'deploy', image: 'image' }],
  'azure/webapps-deploy': [{ use: 'deploy', image: 'images' }],
  'azure/webapps-container-deploy': [{ use: 'deploy', image: 'images' }],
  'azure/functions-container-action': [{ use: 'deploy', image: 'image' }],
  'azure/container-apps-deploy-action': [
    { use: 'deploy', image: 'imageToDeploy' },
    { use: 'push', image: 'imageToBuild' },
  ],
  'azure/aci-deploy': [{ use: 'deploy', image: 'image' }],
  'azure/k8s-deploy': [{ use: 'deploy', image: 'images' }],
  'azure/k8s-bake': [{ use: 'deploy', image: 'images' }],
  'elgohr/publish-docker-github-action': [{ use: 'push', image: 'name', tags: 'tags', defaultTag: 'latest' }],
  'whoan/docker-build-with-cache-action': [
    { use: 'push', image: 'image_name', tags: 'image_tag', defaultTag: 'latest', prefix: 'registry' },
  ],
  'redhat-actions/push-to-registry': [
    { use: 'push', image: 'image', tags: 'tags', defaultTag: 'latest', prefix: 'registry' },
  ],
  'mr-smithers-excellent/docker-build-push': [{ use: 'push', image: 'image', tags: 'tags', prefix: 'registry' }],
  'macbre/push-to-ghcr': [{ use: 'push', image: 'image_name', tags: 'image_tag', defaultTag: 'latest' }],
  'kciter/aws-ecr-action': [{ use: 'push', image: 'repo', tags: 'tags', defaultTag: 'latest' }],
  'docker/build-push-action': [{ use: 'build', image: 'tags' }],
  'depot/build-push-action': [{ use: 'build', image: 'tags' }],
  'useblacksmith/build-push-action': [{ use: 'build', image: 'tags' }],
  'namespacelabs/nscloud-build-push-action': [{ use: 'build', image: 'tags' }],
  'addnab/docker-run-action': [{ use: 'run', image: 'image' }],
};

/** Actions that build, and push if `push`, `push-to-registry` or an output says so. */
export const BUILD_ACTIONS: ReadonlySet<string> = new Set(
  Object.entries(IMAGE_ACTIONS).flatMap(([name, [first]]) => (first?.use === 'build' ? [name] : [])),
);
