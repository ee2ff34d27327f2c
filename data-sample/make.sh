#!/usr/bin/env bash
# Makes data-sample/updates and data-sample/trust again, with the real ostree and fresh keys.
# Keys live in a temporary directory and are gone when this ends.
set -euo pipefail
umask 022
export LC_ALL=C TZ=UTC PYTHONDONTWRITEBYTECODE=1

here=$(cd "$(dirname "$0")" && pwd)
ref=intel-corei7-64-lmp

missing=()
for package in ostree openssl python3; do
  command -v "$package" >/dev/null || missing+=("$package")
done
if ((${#missing[@]})); then
  echo "make.sh: missing: ${missing[*]}; install with: apt-get install ${missing[*]}" >&2
  exit 1
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
scratch=$work/scratch
ostree init --repo="$scratch" --mode=archive

# commit VERSION TIMESTAMP PARENT: prints the commit id; fixed owner, modes and time make it reproducible.
commit() {
  python3 "$here/make_tree.py" "$work/tree-$1" "$1"
  ostree commit --repo="$scratch" --orphan --bind-ref="$ref" --parent="$3" --timestamp="$2" \
    --subject="Sample $1" --add-metadata-string=version="$1" \
    --owner-uid=0 --owner-gid=0 --canonical-permissions --no-xattrs --tree=dir="$work/tree-$1"
}

# publish DIRECTORY COMMIT [DELTAS]: a repository of that one commit, holding only what is served.
publish() {
  local repo=$work/out/updates/$1/ostree_repo
  mkdir -p "$(dirname "$repo")"
  ostree init --repo="$repo" --mode=archive
  ostree config --repo="$repo" set core.indexed-deltas true
  ostree pull-local --repo="$repo" "$scratch" "$2" >/dev/null
  ostree refs --repo="$repo" --create="$ref" "$2"
  if [[ $# -eq 3 ]]; then cp -r "$3" "$repo/deltas"; fi
  ostree summary --repo="$repo" --update
  rm -rf "$repo"/{tmp,state,extensions,.lock,refs/mirrors,refs/remotes}
  find "$repo" -type d -empty -delete
}

commit40=$(commit 40 2025-01-02T10:00:00Z none)
commit42=$(commit 42 2025-01-15T10:00:00Z none)
commit43=$(commit 43 2025-02-15T10:00:00Z "$commit42")
ostree static-delta generate --repo="$scratch" --from="$commit42" --to="$commit43" --set-endianness=l \
  >"$work/delta.log" 2>&1 || { cat "$work/delta.log" >&2; exit 1; }

publish ci/main/42 "$commit42"
publish ci/main/43 "$commit43" "$scratch/deltas"
publish prod/prod/40 "$commit40"

# 40 and 42 carry the same app; 43 changes one value of its compose file.
python3 "$here/make_app.py" "$work/out/updates/ci/main/42/apps" "Hello from shellhttpd"
python3 "$here/make_app.py" "$work/out/updates/ci/main/43/apps" "Hello again from shellhttpd"
python3 "$here/make_app.py" "$work/out/updates/prod/prod/40/apps" "Hello from shellhttpd"

python3 "$here/make_tuf.py" "$work/out" "$work/keys" ci main 42=2025-01-15T10:00:00Z 43=2025-02-15T10:00:00Z
python3 "$here/make_tuf.py" "$work/out" "$work/keys" prod prod 40=2025-01-02T10:00:00Z

python3 "$here/verify.py" "$work/out"
rm -rf "$here/updates" "$here/trust"
cp -r "$work/out/updates" "$work/out/trust" "$here/"
printf '%s %s\n' 40 "$commit40" 42 "$commit42" 43 "$commit43"
