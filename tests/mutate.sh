#!/usr/bin/env bash
# Changes the rules in small ways, one at a time, and counts how many changes a test notices:
#   ./tests/mutate.sh Clusters Volumes      families (folders of src/HyperVDash.Rules); none: all of them, which takes half an hour and more
#   ./tests/mutate.sh Clusters/QuorumAtRisk one rule
# Examples and what builds them are not changed, nor are texts.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=artifacts/tools
[ -x $tools/dotnet-stryker ] || dotnet tool install dotnet-stryker --version 5.1.0 --tool-path $tools
examples='public override ImmutableArray<Example<'
patterns=()
for part in "${@:-.}"; do
  place=src/HyperVDash.Rules/$part
  [ -d "$place" ] || place=$place.cs
  while read -r file; do
    patterns+=(-m "**/${file#src/HyperVDash.Rules/}{0..$(grep -b -o -m1 "$examples" "$file" | cut -d: -f1)}")
  done < <(grep -rl "$examples" "$place" --include='*.cs' | sed 's|/\./|/|')
done
[ ${#patterns[@]} -gt 0 ] || { echo "No rule is called ${*}." >&2; exit 1; }
export HVD_MUTATION=1
cd tests/HyperVDash.Rules.Tests
../../$tools/dotnet-stryker --project HyperVDash.Rules.csproj --test-runner mtp --config-file stryker.json "${patterns[@]}"
