#!/usr/bin/env bash
# ./dev run and ./dev stop: a registry and an engine with everything they own under one directory, in a network namespace
# of their own, so that neither the machine's firewall nor another engine is touched.
#   run.sh start|stop DIRECTORY HOME
set -euo pipefail
verb=$1 dir=$2 home=$3
bin=$home/bin
name=drydock-$(printf '%s' "$dir" | cksum | cut -d' ' -f1)
export DOCKER_HOST=unix://$dir/docker.sock
docker() { "$bin/docker" "$@"; }

alive() { [ -f "$dir/$1.pid" ] && kill -0 "$(cat "$dir/$1.pid")" 2>/dev/null; }
wait_until() { # seconds, what, command
  local end=$((SECONDS + $1)) what=$2; shift 2
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || { echo "not within time: $what; see $dir/*.log" >&2; exit 1; }
    sleep 0.1
  done
}
gone() { ! alive "$1"; }
in_ns() { nsenter --net=/run/netns/"$name" "$@"; }

stop() {
  if alive engine; then
    ids=$(docker ps -aq 2>/dev/null || true)
    # shellcheck disable=SC2086
    [ -z "$ids" ] || docker rm -f $ids >/dev/null || true
    kill "$(cat "$dir/engine.pid")"; wait_until 60 "the engine ends" gone engine
  fi
  if alive registry; then kill "$(cat "$dir/registry.pid")"; wait_until 30 "the registry ends" gone registry; fi
  # the shim outlives its daemon by design; without containers nobody needs it
  for pid in $(pgrep -f -- "$dir/" || true); do [ "$pid" = $$ ] || kill "$pid" 2>/dev/null || true; done
  awk -v d="$dir/" 'index($2, d) == 1 { print $2 }' /proc/self/mounts | sort -r | while read -r m; do umount -l "$m"; done
  if [ -e "/run/netns/$name" ]; then ip netns del "$name"; fi
  rm -f "$dir"/*.pid
}

if [ "$verb" = stop ]; then stop; echo "stopped; the data stay in $dir"; exit 0; fi

mkdir -p "$dir"
[ -e "/run/netns/$name" ] || { ip netns add "$name"; in_ns ip link set lo up; }
if ! alive registry; then
  cat >"$dir/registry.yml" <<YML
version: 0.1
storage: { filesystem: { rootdirectory: $dir/registry }, delete: { enabled: true } }
http: { addr: "127.0.0.1:5000" }
YML
  setsid nsenter --net=/run/netns/"$name" "$bin/registry" serve "$dir/registry.yml" >>"$dir/registry.log" 2>&1 &
  echo $! >"$dir/registry.pid"
fi
if ! alive engine; then
  setsid nsenter --net=/run/netns/"$name" "$bin/dockerd" --data-root "$dir/data" --exec-root "$dir/exec" --pidfile "$dir/docker.pid" \
    -H "unix://$dir/docker.sock" --registry-mirror http://127.0.0.1:5000 >>"$dir/engine.log" 2>&1 &
  echo $! >"$dir/engine.pid"
fi
wait_until 60 "the engine answers" docker version
wait_until 60 "the registry answers" in_ns "$bin/docker" -H "$DOCKER_HOST" version

echo "== a small image: made from busybox, pushed to the registry, forgotten by the engine"
root=$(mktemp -d "$dir/rootfs.XXXXXX")
mkdir -p "$root"/{bin,etc,root,tmp,var,www}
chmod 1777 "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in $("$root/bin/busybox" --list); do [ -e "$root/bin/$applet" ] || ln -s busybox "$root/bin/$applet"; done
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$root/etc/passwd"
printf 'root:x:0:\n' >"$root/etc/group"
echo "it works" >"$root/www/index.html"
tar --numeric-owner --owner=0 --group=0 -C "$root" -cf "$dir/rootfs.tar" .
rm -rf "$root"
docker import -c 'CMD ["/bin/sh"]' "$dir/rootfs.tar" 127.0.0.1:5000/library/busybox:latest >/dev/null
docker push -q 127.0.0.1:5000/library/busybox:latest
docker rmi -f 127.0.0.1:5000/library/busybox:latest >/dev/null
echo "== docker run --rm busybox echo 'hello from a container'"
docker run --rm busybox echo 'hello from a container'
cat <<TEXT

The engine goes on. Try:
  export DOCKER_HOST=$DOCKER_HOST PATH=$bin:\$PATH
  docker run --rm -it busybox
  docker run -d --name web -p 127.0.0.1:8080:80 busybox httpd -f -h /www
  nsenter --net=/run/netns/$name curl http://127.0.0.1:8080/
  docker ps
./dev stop ends it all.
TEXT
