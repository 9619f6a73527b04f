#!/usr/bin/env bash
# Builds what is measured and measures it. Without arguments: everything, the limit and Capacitor by turns, three times.
# Any one scenario: ./bench/run.sh closed --target limit --chargers 100
set -euo pipefail
cd "$(dirname "$0")/.."

for project in bench/Limit src/Silo src/Api bench/Load; do
  dotnet build "$project" -c Release -v quiet --nologo -clp:ErrorsOnly
done

if [ $# -eq 0 ]; then
  set -- all
fi
exec dotnet bench/Load/bin/Release/net10.0/Capacitor.Load.dll "$@"
