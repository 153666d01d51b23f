# containerd calls "delete" after each task, also after those that were deleted in order. Of these nothing is noted any more, or
# that they are deleted; then nothing is left to do, and the answer takes no JVM: a DeleteResponse with the status 137 and the time.
# Whatever is asked in another way than containerd does, or cannot be found out here, is left to the JVM.
delete_nothing() {
  namespace='' id='' address=''
  while [ $# -gt 1 ]; do
    case $1 in
      -namespace | --namespace) namespace=$2; shift ;;
      -id | --id) id=$2; shift ;;
      -address | --address) address=$2; shift ;;
      -bundle | --bundle | -publish-binary | --publish-binary) shift ;;
      -debug | --debug) ;;
      *) return 0 ;;
    esac
    shift
  done
  [ "$*" = delete ] && [ -n "$namespace" ] && [ -n "$id" ] && [ -n "$address" ] || return 0
  socket=$(printf %s "$address" | sha256sum) && rest=$(date +%s) || return 0
  for record in "/run/containerd/s/${socket%% *}.tasks/$namespace/$id"@*; do
    [ ! -e "$record" ] || grep -q '^deleted ' "$record/journal" 2>/dev/null || return 0
  done
  varint=''
  while [ "$rest" -gt 0 ]; do
    byte=$((rest % 128)) rest=$((rest / 128))
    [ "$rest" = 0 ] || byte=$((byte + 128))
    varint="$varint\\$((byte / 64))$((byte / 8 % 8))$((byte % 8))"
  done
  printf "\\020\\211\\001\\032\\006\\010$varint"
  exit 0
}
delete_nothing "$@"
