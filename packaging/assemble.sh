#!/usr/bin/env bash
# Makes the programs out of the jars: two runtime images, a launcher each, and a start-up cache each.
#   HOME/bin       launchers (and docker-init, the C helper under another name)
#   HOME/lib       jars; the manifest of a program's jar names the others it needs
#   HOME/libexec   keeper, the C helper
#   HOME/runtime   the Java runtime of the daemons        HOME/runtime-small  of the shim and docker-proxy
#   HOME/runtime-client  of docker and runc
#   HOME/aot       start-up caches (JEP 483, 514, 515): classes, and profiles of what the training run did; for the
#                  daemons also PROGRAM.classes, the classes that it initialised, in order
# Needs JAVA_HOME. Does again only what changed since the last time.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
home=$1
bin=$home/bin lib=$home/lib
mkdir -p "$bin" "$home/libexec" "$home/aot"

install -m 755 "$here/target/native/keeper" "$home/libexec/keeper.new"
mv -f "$home/libexec/keeper.new" "$home/libexec/keeper"
ln -f "$home/libexec/keeper" "$bin/docker-init"

jdk=$("$JAVA_HOME/bin/java" -version 2>&1 | tail -n 1)
random=$lib/random-0.1.0.jar
image() { # name, modules
  local made_of
  made_of="$jdk $2 $(cksum <"$random")"
  if [ ! -x "$home/$1/bin/java" ] || [ "$(cat "$home/$1/.made-of" 2>/dev/null)" != "$made_of" ]; then
    rm -rf "${home:?}/$1"
    "$JAVA_HOME/bin/jlink" --module-path "$random" --add-modules "$2" --output "$home/$1" --strip-debug --no-header-files --no-man-pages
    echo "$made_of" >"$home/$1/.made-of"
  fi
}
image runtime java.base,java.sql,java.naming,java.net.http,java.management,java.xml,java.logging,jdk.management,jdk.unsupported,jdk.net
image runtime-small java.base,java.naming,java.xml,java.logging,java.management,jdk.unsupported,jdk.net
image runtime-client java.base,jdk.unsupported,io.drydock.random
# our provider comes before the JDK's; the file without its comments, because each start reads it
if ! grep -q KernelRandom "$home/runtime-client/conf/security/java.security"; then
  awk 'BEGIN { print "security.provider.1=KernelRandom" }
       /^#/ || /^[ \t]*$/ { next }
       /^security\.provider\.[0-9]+=/ { split($0, p, /[.=]/); sub(/[0-9]+/, p[3] + 1) }
       { print }' "$home/runtime-client/conf/security/java.security" >"$home/java.security.new"
  mv -f "$home/java.security.new" "$home/runtime-client/conf/security/java.security"
fi

# Flags: SerialGC keeps the process small; C1 alone keeps the command line and the shim cheap to warm up. The daemons that
# hash layers keep C2, whose SHA-256 uses the processor's instructions and is 15 times as fast; dockerd and containerd
# leave to it only what runs ten times as often as usual ("rare"), since on their way from run to exit its work costs more
# than it saves. "eager" compiles what the cache has a profile of as soon as its classes are initialised, which the daemons
# see to before they serve (base/startup), in threads that give way to the others (nice 4). Where the cache is not moved
# to a random address ("fixed"), its pages stay the file's: 20 MB less of a daemon's own memory. A young generation of a
# 64th of the machine's memory would be filled before it is used again ("small"): 60 MB, and a page fault for each page. The
# logging flags keep the JVM from ever writing about its cache on standard output.
quiet='-Xlog:disable -Xlog:all=error:stderr'
common="-XX:+UseSerialGC -XX:-UsePerfData -XX:TieredStopAtLevel=1 $quiet -Djdk.reflect.useNativeAccessorOnly=true -Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider"
native='--enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow'
# Command lines end before a profile pays, and the cache of classes is not moved to a random address: each is a tenth of a start.
short='-XX:CompileThresholdScaling=20 -XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0 -XX:-AOTReplayTraining'
daemon="-XX:+UseSerialGC -XX:-UsePerfData -XX:+UseCompactObjectHeaders -Xss512k $quiet $native -Djdk.reflect.useNativeAccessorOnly=true -Dio.netty.maxDirectMemory=67108864"
eager='-XX:+UnlockExperimentalVMOptions -XX:+AOTCompileEagerly -XX:ThreadPriorityPolicy=1 -XX:CompilerThreadPriority=4 -XX:-PrintWarnings'
fixed='-XX:+UnlockDiagnosticVMOptions -XX:ArchiveRelocationMode=0'
rare='-XX:Tier4InvocationThreshold=50000 -XX:Tier4MinInvocationThreshold=6000 -XX:Tier4CompileThreshold=150000 -XX:Tier4BackEdgeThreshold=400000'
small='-Xms40m -Xmn16m'
# the registry's garbage is buffers that live for a moment, which a small young generation keeps in the processor's cache
frugal='-Xms16m -Xmn12m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=20'

# avaje-jsonb refuses texts longer than its buffer, which this sets in characters; page faults make large ones slow to get
json='-Djsonb.parserCharBufferSize'

# program  jar  main class  runtime  flags
programs() {
  cat <<LIST
docker docker-cli io.drydock.docker.cli.Main runtime-client $common $short --enable-native-access=ALL-UNNAMED
runc runc io.drydock.runc.cli.Main runtime-client $common $json=1048576 $short --enable-native-access=ALL-UNNAMED
containerd-shim-runc-v2 shim io.drydock.containerd.shim.Main runtime-small $common $json=1048576 -Xmx96m $small -Xss512k -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=30 $eager $fixed $native
docker-proxy docker-proxy io.drydock.docker.proxy.Main runtime-small $common -Xmx64m -Xmn4m -Xss512k $native
dockerd dockerd io.drydock.docker.dockerd.Main runtime $daemon $eager $fixed $rare $json=1048576 -Xmx512m $small
containerd containerd io.drydock.containerd.server.Main runtime $daemon $eager $fixed $rare $json=1048576 -Xmx512m $small
registry registry io.drydock.registry.server.Main runtime $daemon $json=1048576 -Xmx512m $frugal
LIST
}

launcher() { # program jar main runtime flags...
  local program=$1 jar=$2 main=$3 runtime=$4 before=; shift 4
  # what a program does without a JVM
  if [ -f "$here/packaging/$program.sh" ]; then before=$(cat "$here/packaging/$program.sh"); fi
  cat >"$bin/$program.new" <<TEXT
#!/bin/sh
# Starts $program. DRYDOCK_JAVA_OPTS is added to the JVM's flags; With DRYDOCK_TRAIN it records a start-up cache there.
self=\$0
[ ! -h "\$self" ] || self=\$(readlink -f "\$self")
case \$self in /*) ;; */*) self=\$PWD/\$self ;; *) self=\$(command -v "\$self") ;; esac
home=\${self%/*}; home=\${home%/bin}
$before
aot=\$home/aot/$program.aot
main=$main log=
if [ -n "\$DRYDOCK_TRAIN" ]; then
  aot=-XX:AOTCacheOutput=\$DRYDOCK_TRAIN/$program.aot main=\${DRYDOCK_TRAIN_MAIN:-\$main}
  log=-Xlog:class+init:file=\$DRYDOCK_TRAIN/$program-%p.init
elif [ -f "\$aot" ]; then aot=-XX:AOTCache=\$aot; else aot=; fi
exec "\$home/$runtime/bin/java" \$aot $* \$log \$DRYDOCK_JAVA_OPTS -Ddrydock.home="\$home" -cp "\$home/lib/$jar-0.1.0.jar" \$main "\$@"
TEXT
  chmod 755 "$bin/$program.new"
  mv -f "$bin/$program.new" "$bin/$program"
}
programs | while read -r program jar main runtime flags; do
  # shellcheck disable=SC2086
  launcher "$program" "$jar" "$main" "$runtime" $flags
done
ln -sf runc "$bin/docker-runc"

# without training none is better than an old one: the JVM itself notices only changes of the program's own jar
if [ -n "${DRYDOCK_NO_TRAINING:-}" ]; then rm -f "$home"/aot/* "$home/aot/.made-of"; else bash "$here/packaging/train.sh" "$home"; fi
