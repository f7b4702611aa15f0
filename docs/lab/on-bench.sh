#!/bin/sh
# on-bench.sh PLACE COMMAND [ARG ...]: takes a labgrid place, runs `lockrig COMMAND ... ARG` on its
# link while it is ours, and gives it back however that ends.
set -eu
place=$1
command=$2
shift 2
labgrid-client -p "$place" lock >&2 || exit 4
trap 'labgrid-client -p "$place" release >&2' EXIT
# The exporter's ser2net has a port of its own choice, from the lock on.
link=$(labgrid-client -p "$place" env | awk '
    $1 == "name:" { name = $2 }
    $1 == "host:" { host = $2 }
    $1 == "port:" && name == "link" { print "rfc2217://" host ":" $2 "?ign_set_control" }')
[ -n "$link" ] || { echo "on-bench: place $place has no resource called link" >&2; exit 4; }
lockrig "$command" "serial:$link" "$@"
