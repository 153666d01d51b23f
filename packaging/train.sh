#!/usr/bin/env bash
# Makes the start-up caches: starts the programs in a network namespace of their own, has them do what they do all day, and
# ends them, upon which each writes its cache. Needs root; without root, or where something fails, a program just has no
# cache and starts more slowly. Does nothing when the jars are those of the last time.
#   train.sh HOME
set -uo pipefail
home=$1 bin=$1/bin
# a cache is good for jars of the same time only
stamp=$(stat -L -c '%n %Y %s' "$home"/lib/*.jar "$home/libexec/keeper" | cksum)
[ "$(cat "$home/aot/.made-of" 2>/dev/null)" != "$stamp" ] || exit 0
rm -f "$home"/aot/*
[ "$(id -u)" = 0 ] || { echo "start-up caches are left out: making them needs root" >&2; exit 0; }

work=$(mktemp -d /tmp/dt-XXXXXX)
name=drydock-train-$$
registry='' dockerd=''
cleanup() {
  for pid in $dockerd $registry; do kill -9 "$pid" 2>/dev/null; done
  for pid in $(pgrep -f -- "$work/"); do [ "$pid" = $$ ] || kill -9 "$pid" 2>/dev/null; done
  awk -v d="$work/" 'index($2, d) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r m; do umount -l "$m"; done
  ip netns del "$name" 2>/dev/null
  rm -rf "$work"
}
trap cleanup EXIT
in_ns() { nsenter --net=/run/netns/"$name" "$@"; }
until_true() { local end=$((SECONDS + $1)); shift; until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || return 1; sleep 0.2; done; }
gone() { ! kill -0 "$1" 2>/dev/null; }
api() { local method=$1 path=$2; shift 2; curl -s --max-time 60 --unix-socket "$work/d.sock" -X "$method" -H 'Content-Type: application/json' "$@" "http://d/v1.45$path"; }

mkdir -p "$work/aot" "$work/root/bin" "$work/bundle/rootfs/bin"
cp "$(command -v busybox)" "$work/root/bin/busybox"
for applet in sh true echo cat sleep; do ln -s busybox "$work/root/bin/$applet"; done
tar --numeric-owner --owner=0 --group=0 -C "$work/root" -cf "$work/root.tar" .
cp -a "$work/root/." "$work/bundle/rootfs/"
ip netns add "$name" && in_ns ip link set lo up

export DRYDOCK_TRAIN=$work/aot
# nsenter itself and not in_ns: of a function in the background, $! is a shell and not the program
printf 'version: 0.1\nstorage: { filesystem: { rootdirectory: %s/registry } }\nhttp: { addr: "127.0.0.1:5000" }\n' "$work" >"$work/registry.yml"
nsenter --net=/run/netns/"$name" "$bin/registry" serve "$work/registry.yml" >"$work/registry.log" 2>&1 &
registry=$!
nsenter --net=/run/netns/"$name" "$bin/dockerd" --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/d.pid" -H "unix://$work/d.sock" \
  --registry-mirror http://127.0.0.1:5000 >"$work/dockerd.log" 2>&1 &
dockerd=$!
unset DRYDOCK_TRAIN

until_true 60 api GET /_ping || { echo "start-up caches are left out: the engine did not start" >&2; tail -n 20 "$work/dockerd.log" >&2; exit 0; }
image=127.0.0.1:5000/library/box
api POST "/images/create?fromSrc=-&repo=$image&tag=latest" -H 'Content-Type: application/x-tar' -T "$work/root.tar" >/dev/null
api POST "/images/$image:latest/push" >/dev/null 2>&1
api POST "/images/$image/push?tag=latest" -H 'X-Registry-Auth: e30=' >/dev/null
api DELETE "/images/$image:latest?force=1" >/dev/null
api POST "/images/create?fromImage=box&tag=latest" >/dev/null
run() { # host configuration, command
  local id
  id=$(api POST /containers/create -d "{\"Image\":\"box\",\"Cmd\":$2,\"HostConfig\":$1}" | sed -n 's/.*"Id":"\([0-9a-f]*\)".*/\1/p')
  [ -n "$id" ] || return 0
  api POST "/containers/$id/start" >/dev/null
  api POST "/containers/$id/wait" >/dev/null
  api GET "/containers/$id/json" >/dev/null
  api GET "/containers/$id/logs?stdout=1&stderr=1" >/dev/null
  api DELETE "/containers/$id?force=1" >/dev/null
}
run_rm() { # network: what docker run --rm asks for
  local id end
  id=$(api POST /containers/create -d '{"Hostname":"","Domainname":"","User":"","AttachStdin":false,"AttachStdout":true,"AttachStderr":true,
    "Tty":false,"OpenStdin":false,"StdinOnce":false,"Env":null,"Cmd":["true"],"Image":"box","Volumes":{},"WorkingDir":"","Entrypoint":null,
    "OnBuild":null,"Labels":{},"HostConfig":{"Binds":null,"ContainerIDFile":"","LogConfig":{"Type":"","Config":{}},"NetworkMode":"'"$1"'",
    "PortBindings":{},"RestartPolicy":{"Name":"no","MaximumRetryCount":0},"AutoRemove":true,"VolumeDriver":"","VolumesFrom":null,
    "ConsoleSize":[24,80],"CapAdd":null,"CapDrop":null,"CgroupnsMode":"","Dns":[],"DnsOptions":[],"DnsSearch":[],"ExtraHosts":null,
    "GroupAdd":null,"IpcMode":"","Cgroup":"","Links":null,"OomScoreAdj":0,"PidMode":"","Privileged":false,"PublishAllPorts":false,
    "ReadonlyRootfs":false,"SecurityOpt":null,"UTSMode":"","UsernsMode":"","ShmSize":0,"CpuShares":0,"Memory":0,"NanoCpus":0,
    "CgroupParent":"","BlkioWeight":0,"CpuPeriod":0,"CpuQuota":0,"CpusetCpus":"","CpusetMems":"","Devices":[],"DeviceCgroupRules":null,
    "DeviceRequests":null,"MemoryReservation":0,"MemorySwap":0,"MemorySwappiness":-1,"OomKillDisable":false,"PidsLimit":0,
    "Ulimits":[],"MaskedPaths":null,"ReadonlyPaths":null},"NetworkingConfig":{"EndpointsConfig":{}}}' | sed -n 's/.*"Id":"\([0-9a-f]*\)".*/\1/p')
  [ -n "$id" ] || return 0
  api POST "/containers/$id/attach?stderr=1&stdout=1&stream=1" -N -H 'Connection: Upgrade' -H 'Upgrade: tcp' >/dev/null 2>&1 &
  api POST "/containers/$id/wait?condition=removed" >/dev/null &
  end=$!
  api POST "/containers/$id/start" >/dev/null
  wait $end
}
for _ in $(seq 4); do run '{"NetworkMode":"host"}' '["echo","hi"]'; run '{}' '["true"]'; done
for _ in $(seq 20); do run_rm host; run_rm default; done
run '{"PortBindings":{"80/tcp":[{"HostIp":"127.0.0.1","HostPort":"8080"}]}}' '["true"]'
id=$(api POST /containers/create -d '{"Image":"box","Cmd":["sleep","1000"]}' | sed -n 's/.*"Id":"\([0-9a-f]*\)".*/\1/p')
api POST "/containers/$id/start" >/dev/null
for _ in $(seq 10); do
  exec=$(api POST "/containers/$id/exec" -d '{"AttachStdout":true,"Cmd":["echo","hi"]}' | sed -n 's/.*"Id":"\([0-9a-f]*\)".*/\1/p')
  api POST "/exec/$exec/start" -d '{}' >/dev/null
  api GET "/exec/$exec/json" >/dev/null
  api GET '/containers/json?all=1' >/dev/null
done
api GET /info >/dev/null
api GET /version >/dev/null

# one process does all of this: the cache is made from one
api POST "/containers/$id/rename?name=box1" >/dev/null
mkdir "$work/config" && echo '{}' >"$work/config/config.json"
DRYDOCK_TRAIN=$work/aot DRYDOCK_TRAIN_MAIN=io.drydock.docker.cli.Training DOCKER_CONFIG=$work/config DOCKER_HOST=unix://$work/d.sock \
  timeout 300 "$bin/docker" \
  run -d --name box0 -l a=b -p 127.0.0.1:8082:80 -p 127.0.0.1:9000-9001:9000-9001 box sleep 1000 , create --name box6 box true , \
  ps , ps -a , ps -aq --no-trunc , ps --filter status=running --format '{{.Names}}: {{json .Labels}}' , version , info , --version , \
  images , images -q , inspect box1 , inspect --format '{{.State.Status}} {{.Config.Image}}' box1 , image inspect box , \
  run --rm box echo hi , run --rm -i -e A=b -v /tmp:/mnt -p 127.0.0.1:8081:80 -m 64m --name box2 box true , run -d --name box3 box sleep 1000 , \
  logs box3 , exec box3 echo hi , exec -i box3 true , top box3 , port box3 , stop -t 0 box3 , start box3 , kill box3 , wait box3 , \
  rm -f box3 , create --name box4 box true , rename box4 box5 , container inspect box5 , rm box5 , \
  tag box box:again , rmi box:again , history box , \
  network ls , network create net1 , network inspect net1 , network rm net1 , volume ls , volume create v1 , volume inspect v1 , volume rm v1 , \
  stats --no-stream box0 , cp box0:/bin/true - , diff box0 , __complete start '' , rm -f box0 box6 , \
  system df , help , run --help , container --help </dev/null >/dev/null 2>"$work/training.log"
grep '^training:' "$work/training.log" >&2
# limits and a filter, as an engine's containers have
seccomp='"seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": [
  {"names": ["keyctl", "add_key"], "action": "SCMP_ACT_ERRNO", "errnoRet": 1},
  {"names": ["personality"], "action": "SCMP_ACT_ERRNO", "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]}]},'
limits='"memory": {"limit": 268435456}, "cpu": {"shares": 512}, "pids": {"limit": 100},'
(cd "$work/bundle" && "$bin/runc" spec && sed -i "s/\"terminal\": *true/\"terminal\": false/; s/\"sh\"/\"true\"/; s/\"linux\": *{/& ${seccomp//$'\n'/}/; s/\"resources\": *{/& $limits/" config.json && DRYDOCK_TRAIN=$work/aot "$bin/runc" --root "$work/runc" run train >/dev/null 2>&1)

api POST "/containers/$id/kill" >/dev/null
api DELETE "/containers/$id?force=1" >/dev/null
shims=$(pgrep -f -- "containerd.shim.Main.*$work/")
kill "$dockerd"; until_true 90 gone "$dockerd" && dockerd=''
kill "$registry"; until_true 60 gone "$registry" && registry=''
for pid in $shims; do kill "$pid" 2>/dev/null; until_true 60 gone "$pid"; done
mv "$work"/aot/*.aot "$home/aot/" 2>/dev/null
# What the daemons initialise before they serve (base/startup): not what is made at run time, and not what images need.
for program in dockerd containerd containerd-shim-runc-v2; do
  # the largest log is the program's own, the other one of the JVM that wrote the cache
  sed -n "s,.*Initializing '\([^']*\)'.*,\1,p" "$(ls -S "$work/aot/$program"-*.init | head -n 1)" \
    | grep -v -E '\$\$|/0x|\$Proxy|^java/lang/(invoke/|Process)|^jdk/internal/(misc/CDS|net/http)|^java/net/http|^io/drydock/image/|/transfer/|engine/image/Image(Puller|Pusher|Archives)' \
    | tr / . | awk '!seen[$0]++' >"$home/aot/$program.classes"
done
echo "$stamp" >"$home/aot/.made-of"
echo "start-up caches: $(cd "$home/aot" && ls ./*.aot 2>/dev/null | sed 's,^./,,; s,\.aot$,,' | tr '\n' ' ')" >&2
