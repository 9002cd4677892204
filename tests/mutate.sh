#!/usr/bin/env bash
# Changes the rules in small ways, one at a time, and counts how many changes a test notices:
#   ./tests/mutate.sh Clusters Volumes      families (folders of src/HyperVDash.Rules); none: all of them, which takes hours
#   ./tests/mutate.sh Clusters/QuorumAtRisk one rule
# Examples and what builds them are not changed, nor are texts.
set -euo pipefail
cd "$(dirname "$0")/.."
tools=artifacts/tools
[ -x $tools/dotnet-stryker ] || dotnet tool install dotnet-stryker --version 5.1.0 --tool-path $tools
patterns=()
for family in "${@:-.}"; do
  for file in $(grep -l "ImmutableArray<Example<" -r "src/HyperVDash.Rules/${family%%/*}" --include="${family#*/}*.cs" 2>/dev/null || grep -l "ImmutableArray<Example<" -r "src/HyperVDash.Rules/$family" --include='*.cs'); do
    end=$(grep -b -o -m1 "public override ImmutableArray<Example<" "$file" | cut -d: -f1)
    [ -n "$end" ] && patterns+=(-m "**/${file#src/HyperVDash.Rules/}{0..$end}")
  done
done
export HVD_MUTATION=1
cd tests/HyperVDash.Rules.Tests
../../$tools/dotnet-stryker --project HyperVDash.Rules.csproj --test-runner mtp --config-file stryker.json "${patterns[@]}"
