export const ROLES = ['build', 'test', 'migrate', 'deploy', 'post-deploy', 'rollback', 'other'] as const;

/** What a job of a pipeline is for. One job can build, test and deploy: the role is that of the latest of them in the chain. */
export type Role = (typeof ROLES)[number];
