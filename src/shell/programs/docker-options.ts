import { optionSet } from './options.ts';

/** Options of `docker run` and `docker create` that take a value, and of the same of podman and nerdctl; from their own help. */
export const DOCKER_RUN = optionSet(
  '-a --attach --add-host --annotation --blkio-weight --blkio-weight-device --cap-add --cap-drop --cgroup-parent ' +
    '--cgroupns --cidfile --cpu-period --cpu-quota --cpu-rt-period --cpu-rt-runtime -c --cpu-shares --cpus ' +
    '--cpuset-cpus --cpuset-mems --detach-keys --device --device-cgroup-rule --device-read-bps --device-read-iops ' +
    '--device-write-bps --device-write-iops --dns --dns-opt --dns-option --dns-search --domainname --entrypoint -e ' +
    '--env --env-file --expose --gpus --group-add --health-cmd --health-interval --health-retries ' +
    '--health-start-period --health-timeout -h --hostname --ip --ip6 --ipc --isolation --kernel-memory -l --label ' +
    '--label-file --link --link-local-ip --log-driver --log-opt --mac-address -m --memory --memory-reservation ' +
    '--memory-swap --memory-swappiness --mount --name --network --net --network-alias --net-alias --oom-score-adj ' +
    '--pid --pids-limit --platform -p --publish --pull --restart --runtime --security-opt --shm-size --stop-signal ' +
    '--stop-timeout --storage-opt --sysctl --tmpfs --ulimit -u --user --userns --uts -v --volume --volume-driver ' +
    '--volumes-from -w --workdir --pod --secret --arch --authfile --cpuset --systemd --tz --umask --cpu-count ' +
    '--cpu-percent --health-start-interval --io-maxbandwidth --io-maxiops --os --variant --conmon-pidfile ' +
    '--image-volume',
);
