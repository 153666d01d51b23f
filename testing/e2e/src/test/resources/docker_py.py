# What programs on docker-py do, against the engine whose address is the first argument; the second is an image with busybox.
import io
import sys
import tarfile
import time

import docker

client = docker.DockerClient(base_url=sys.argv[1], version="auto")
image = sys.argv[2]


def check(condition, what):
    if not condition:
        sys.exit("docker-py: " + what)


check(client.ping(), "ping")
check(client.info()["OSType"] == "linux", "info")
check(client.containers.run(image, "echo hello", remove=True) == b"hello\n", "run")
try:
    client.containers.run(image, 'sh -c "exit 3"', remove=True)
    sys.exit("docker-py: a failing command passes")
except docker.errors.ContainerError as e:
    check(e.exit_status == 3, "exit status")

c = client.containers.run(
    image,
    "sleep 1000",
    detach=True,
    name="py-one",
    labels={"a": "b"},
    environment={"X": "1"},
    mem_limit="64m",
    healthcheck={"test": ["CMD", "true"], "interval": 200000000},
    volumes={"py-volume": {"bind": "/d", "mode": "rw"}},
    restart_policy={"Name": "on-failure", "MaximumRetryCount": 2},
)
code, output = c.exec_run('sh -c "echo out; echo err >&2; exit 4"', demux=True)
check(code == 4 and output == (b"out\n", b"err\n"), "exec")
deadline = time.time() + 60
while c.attrs["State"].get("Health", {}).get("Status") != "healthy":
    check(time.time() < deadline, "health")
    time.sleep(0.1)
    c.reload()
check("PID" in c.top()["Titles"], "top")
check(c.stats(stream=False)["memory_stats"]["limit"] == 64 << 20, "stats")
stream = c.stats(stream=True, decode=True)
check(next(stream)["name"] == "/py-one", "stats stream")
stream.close()

packed = io.BytesIO()
with tarfile.open(fileobj=packed, mode="w") as tar:
    entry = tarfile.TarInfo("hello")
    entry.size = 3
    tar.addfile(entry, io.BytesIO(b"abc"))
check(c.put_archive("/tmp", packed.getvalue()), "put_archive")
data, stat = c.get_archive("/tmp/hello")
check(stat["name"] == "hello" and stat["size"] == 3 and b"abc" in b"".join(data), "get_archive")
check({"Path": "/tmp/hello", "Kind": 1} in c.diff(), "diff")
c.rename("py-two")
c.pause()
c.unpause()
c.update(mem_limit="128m", memswap_limit="256m")
check([k.name for k in client.containers.list(filters={"label": "a=b"})] == ["py-two"], "list")
c.stop(timeout=0)
check(c.wait()["StatusCode"] == 137, "wait")
actions = [e["Action"] for e in client.events(since=1, until=int(time.time()) + 1, decode=True) if e["Type"] == "container"]
check("start" in actions and "die" in actions and "rename" in actions, "events " + str(actions))
c.remove(v=True, force=True)
client.volumes.get("py-volume").remove()
check(client.images.get(image).attrs["Os"] == "linux", "image")
try:
    client.containers.get("nope")
    sys.exit("docker-py: a container that is not there is found")
except docker.errors.NotFound as e:
    check(e.explanation == "No such container: nope", e.explanation)
print("well")
