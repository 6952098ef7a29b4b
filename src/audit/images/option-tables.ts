/** Options that take a value, from the programs' own help; those that are not named here take none. */
const names = (text: string): ReadonlySet<string> => new Set(text.trim().split(/\s+/));

/** Of `docker` itself, before the subcommand; podman, nerdctl and buildah share them. */
export const DOCKER_GLOBAL = names(`
  -c --context -H --host -l --log-level --config --tlscacert --tlscert --tlskey
  -a --address -n --namespace --root --runroot --storage-driver --storage-opt --cgroup-manager --connection --identity --url
`);

export const DOCKER_BUILD = names(`
  -t --tag -f --file --target --build-arg --build-context --platform -o --output --cache-from --cache-to --label --secret --ssh
  --network --progress --builder --iidfile --metadata-file --add-host --allow --annotation --attest --cgroup-parent --call --sbom
  --provenance --no-cache-filter --shm-size --ulimit -m --memory --cpu-period --cpu-quota -c --cpu-shares --cpuset-cpus --cpuset-mems
  --isolation --security-opt --memory-swap --pull-policy --authfile --creds --layers-cache --arch --os -v --volume --squash-layers
`);

export const DOCKER_PUSH = names(
  '--platform --authfile --creds --cert-dir --digestfile -f --format --compression-format',
);

export const COMPOSE_GLOBAL = names(`
  -f --file -p --project-name --env-file --profile --project-directory --ansi --progress --parallel -c --context -H --host
  --tlscacert --tlscert --tlskey --log-level
`);

export const COMPOSE_COMMAND = names(`
  --scale -t --timeout --pull --exit-code-from --attach --no-attach --wait-timeout --policy --build-arg -m --memory --ssh
  -e --env -v --volume -p --publish -u --user -w --workdir --name --entrypoint -l --label --env-from-file
`);

export const STACK = names('-c --compose-file --orchestrator --resolve-image --namespace --kubeconfig');

export const SERVICE = names(`
  --image --name --replicas -e --env --env-add --env-rm --env-file -p --publish --publish-add --publish-rm --network --network-add
  --network-rm --mount --mount-add --mount-rm --secret --secret-add --secret-rm --config --config-add --config-rm --constraint
  --constraint-add --constraint-rm -l --label --label-add --label-rm --container-label -u --user -w --workdir --limit-cpu
  --limit-memory --reserve-cpu --reserve-memory --restart-condition --restart-delay --restart-max-attempts --restart-window
  --update-delay --update-parallelism --update-order --update-failure-action --update-monitor --update-max-failure-ratio
  --rollback-delay --rollback-order --rollback-parallelism --rollback-failure-action --log-driver --log-opt --mode --health-cmd
  --health-interval --health-retries --health-timeout --health-start-period --hostname --dns --entrypoint --args --stop-grace-period
`);

export const KUBECTL = names(`
  -n --namespace --context --kubeconfig --cluster --user -s --server --token -f --filename -o --output -l --selector -c --containers
  --image --restart --env --labels --port --replicas --overrides --timeout -p --patch --type --field-manager --from --schedule
  --as --as-group --record-by --patch-file -k --kustomize --grace-period --image-pull-policy --limits --requests --serviceaccount
`);

export const HELM = names(`
  -f --values --set --set-string --set-file --set-json --set-literal -n --namespace --kube-context --kubeconfig --version --timeout
  --history-max --repo --username --password --ca-file --cert-file --key-file --post-renderer --description -o --output --kube-token
`);
