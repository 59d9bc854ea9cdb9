#!/bin/sh
# Unpacks a package of any Debian suite into a folder, without installing it:
#   sh cmake/unpack_debian.sh trixie libonnxruntime-dev build/headers
# It comes from the mirror that this machine already uses, by the keyring of Debian; nothing is added to its sources.
# Fails, and leaves nothing, if the package is not to be had.
set -eu
suite=$1 package=$2 target=$3
for command in apt-get dpkg; do
  command -v $command >/dev/null 2>&1 || { echo "$command is needed to fetch $package of Debian $suite" >&2; exit 1; }
done

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir -p "$scratch/lists/partial" "$scratch/archives/partial"
mirror=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources 2>/dev/null | awk '
  $1 == "URIs:" { print $2; exit }
  $1 == "deb" { for (i = 2; i <= NF; i++) if ($i ~ /^https?:/) { print $i; exit } }')
echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$scratch/extra.list"
apt() {  # quiet unless it fails; without a look at what is installed, which would be taken for the newest
  apt-get -q -o Dir::Etc::sourcelist="$scratch/extra.list" -o Dir::Etc::sourceparts=- -o Acquire::Retries=3 \
    -o Dir::State::lists="$scratch/lists" -o Dir::State::status=/dev/null -o Dir::Cache="$scratch" \
    -o APT::Sandbox::User=root "$@" >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; return 1; }
}
apt update
(cd "$scratch" && apt download "$package")
mkdir -p "$target"
dpkg -x "$scratch/$package"_*.deb "$target"
