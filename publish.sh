#!/usr/bin/env bash
# Publishes the agent as one file that needs no .NET on the host, for Windows and Linux, and checks what can be checked here.
# ./publish.sh [win-x64] [linux-x64]; the files are in artifacts/agent/<runtime>.
set -euo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_UI_LANGUAGE=en DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

fail() { echo "$1" >&2; exit 1; }

# Little-endian number of a file: offset, bytes.
number() { od -An -t "u$3" -j "$2" -N "$3" "$1" | tr -d ' '; }

check_windows() {
  local exe=$1/HyperVDash.Agent.exe pe
  [ "$(head -c 2 "$exe")" = MZ ] || fail "$exe is no program for Windows."
  pe=$(number "$exe" 60 4)
  [ "$(tail -c +$((pe + 1)) "$exe" | head -c 2)" = PE ] || fail "$exe has no PE header."
  [ "$(number "$exe" $((pe + 4)) 2)" = 34404 ] || fail "$exe is not for x64 (machine 0x8664)."
  [ "$(number "$exe" $((pe + 24)) 2)" = 523 ] || fail "$exe is no 64-bit image (PE32+)."
  [ "$(number "$exe" $((pe + 24 + 68)) 2)" = 3 ] || fail "$exe is no console program."
  echo "  PE32+, x64, console; not run: there is no Windows here"
}

check_linux() {
  local exe=$1/HyperVDash.Agent empty
  [ "$(number "$exe" 18 2)" = 62 ] || fail "$exe is not for x64."
  if [ "$(uname -s)-$(uname -m)" != Linux-x86_64 ]; then echo "  ELF, x64; not run: this is no Linux on x64"; return; fi
  empty=$(mktemp -d)
  # As on a host: an empty folder, no SDK, nothing of this one's environment.
  (cd "$empty" && cp "$exe" . && env -i HOME="$empty" PATH=/usr/bin:/bin ./HyperVDash.Agent --version && env -i HOME="$empty" PATH=/usr/bin:/bin ./HyperVDash.Agent inventory --lab demo --lab-frozen > inventory.txt) \
    || fail "$exe does not run by itself."
  grep -q '^HV08' "$empty/inventory.txt" || fail "$exe does not read the demo lab."
  rm -rf "$empty"
  echo "  ELF, x64; --version and inventory --lab demo ran alone in an empty folder"
}

for runtime in "${@:-win-x64 linux-x64}"; do
  for one in $runtime; do
    folder=$PWD/artifacts/agent/$one
    rm -rf "$folder"
    dotnet publish src/HyperVDash.Agent -p:PublishProfile=stick -r "$one" -o "$folder" -v q
    program=$(find "$folder" -maxdepth 1 -name 'HyperVDash.Agent' -o -maxdepth 1 -name 'HyperVDash.Agent.exe')
    beside=$(find "$folder" -type f ! -path "$program" ! -name 'appsettings.json' ! -name 'hypervdash-agent.service' -printf '%f ')
    [ -z "$beside" ] || fail "$folder holds files that the program should hold itself: $beside"
    size=$(stat -c %s "$program")
    [ "$size" -gt 30000000 ] && [ "$size" -lt 200000000 ] || fail "$program has $size bytes, which is not the size of a whole program."
    echo "$program  $((size / 1048576)) MiB"
    case $one in win-*) check_windows "$folder" ;; linux-*) check_linux "$folder" ;; esac
  done
done
