#!/usr/bin/env bash
# Serves the sample over plain HTTP and pulls it with the real ostree, as a device would.
set -euo pipefail
export LC_ALL=C.UTF-8

here=$(cd "$(dirname "$0")" && pwd)
ref=intel-corei7-64-lmp
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; rm -rf "$work"' EXIT

python3 -u -m http.server --bind 127.0.0.1 --directory "$here/updates" 0 >"$work/port" 2>>"$work/requests" &
server=$!
until url=$(grep -om1 'http://[0-9.:]*' "$work/port"); do
  kill -0 "$server"
  sleep 0.1
done

# client NAME UPDATE: a fresh client repository with the update as its remote.
client() {
  ostree init --repo="$work/$1" --mode=bare-user-only
  ostree remote add --repo="$work/$1" --no-gpg-verify origin "$url/$2/ostree_repo"
}
move() { ostree config --repo="$work/$1" set 'remote "origin".url' "$url/$2/ostree_repo"; }
pull() { : >"$work/requests"; ostree pull --repo="$work/$1" "${@:2}" origin "$ref"; }
fetched() { grep -q "GET [^ ]*$1" "$work/requests"; }
check() { ostree fsck --repo="$work/$1" --quiet; echo "ok: $2"; }

client device ci/main/42
pull device
fetched '\.filez'
check device "42, object by object"

# libostree walks the new commit while the delta is still being applied, so a few loose objects may come along.
move device ci/main/43
pull device --require-static-deltas
fetched '/deltas/.*/superblock'
fetched '/deltas/.*/0 '
check device "43, by the delta from 42"
[[ $(ostree cat --repo="$work/device" "origin:$ref" /usr/lib/os-release) == *VERSION_ID=43* ]]

client plain ci/main/42
pull plain
move plain ci/main/43
pull plain --disable-static-deltas
fetched '\.filez'
if fetched '/deltas/'; then echo "a delta was fetched although it was disabled" >&2; exit 1; fi
check plain "43, object by object"

client empty ci/main/43
pull empty
check empty "43, from nothing"

ostree init --repo="$work/mirror" --mode=archive
ostree remote add --repo="$work/mirror" --no-gpg-verify origin "$url/prod/prod/40/ostree_repo"
pull mirror --mirror
check mirror "40, as a mirror"
