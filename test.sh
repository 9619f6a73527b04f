#!/usr/bin/env bash
# Builds everything and runs every test, as CI does. Needs the .NET 10 SDK; brings what it needs beside that itself, on Debian:
# Node.js (for the independent clients), PostgreSQL, HAProxy, and docker-compose (which only reads its file).
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 MSBUILDDISABLENODEREUSE=1

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

if ! command -v dotnet > /dev/null; then
  echo "The .NET 10 SDK is needed: https://dotnet.microsoft.com/download" >&2
  exit 1
fi

if ! command -v node > /dev/null || ! command -v npm > /dev/null; then
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends nodejs npm
fi

# The tests run servers of their own and only need the programs; PostgreSQL's package must not start one.
packages=()
command -v initdb > /dev/null || ls /usr/lib/postgresql/*/bin/initdb > /dev/null 2>&1 || packages+=(postgresql)
PATH="$PATH:/usr/sbin" command -v haproxy > /dev/null || packages+=(haproxy)
PATH="$PATH:/usr/sbin" command -v ip > /dev/null || packages+=(iproute2)
command -v docker-compose > /dev/null || packages+=(docker-compose)
if [ "${#packages[@]}" -gt 0 ]; then
  as_root mkdir -p /etc/postgresql-common/createcluster.d
  echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.d/capacitor.conf > /dev/null
  as_root apt-get update
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "${packages[@]}"
fi

(cd tests/clients && npm ci --no-audit --no-fund --no-progress) &
clients=$!
dotnet restore --locked-mode Capacitor.sln
dotnet build -c Release --no-restore Capacitor.sln
wait "$clients"

results="$PWD/TestResults"
rm -rf "$results"
mkdir -p "$results"
passed=0
failed=0

# Prints how often a counter of a result file was raised; nothing was counted when there is no file.
count() {
  sed -n "s/.*<Counters[^>]* $2=\"\([0-9]*\)\".*/\1/p" "$1" 2> /dev/null | head -n 1 | grep . || echo 0
}

# Runs a project's tests, and leaves how that ended beside their results.
run_tests() {
  local name status=0
  name="$(basename "$(dirname "$1")")"
  dotnet test "$1" -c Release --no-build --results-directory "$results" --logger "trx;LogFileName=$name.trx" \
    --blame-hang --blame-hang-timeout 5m --blame-hang-dump-type none || status=$?
  echo "$status" > "$results/$name.status"
}

count_tests() {
  local name project_failed
  name="$(basename "$(dirname "$1")")"
  project_failed=$(count "$results/$name.trx" failed)
  if [ "$(cat "$results/$name.status" 2> /dev/null)" != 0 ] && [ "$project_failed" -eq 0 ]; then
    project_failed=1 # The run itself ended badly: a crash, a hang.
  fi
  passed=$((passed + $(count "$results/$name.trx" passed)))
  failed=$((failed + project_failed))
}

# Whole processes last, and the cluster that is broken on purpose last of all: what breaks elsewhere is easier to read there.
last="tests/EndToEnd.Tests/EndToEnd.Tests.csproj tests/Cluster.Tests/Cluster.Tests.csproj"
first="tests/Api.Tests/Api.Tests.csproj"
rest=""
for project in tests/*.Tests/*.Tests.csproj; do
  case " $first $last " in *" $project "*) ;; *) rest="$rest $project" ;; esac
done

# Those of the edge wait more than they work. Beside them: all other small ones, the benchmarks, each once, and the build of the version that the last tests
# upgrade from.
earlier="$(mktemp -d)"
trap 'kill $(jobs -p) 2> /dev/null || true; rm -rf "$earlier"' EXIT
{
  for project in $rest; do
    run_tests "$project"
  done
  smoke=0
  dotnet run -c Release --no-build --project bench/Micro -- --smoke || smoke=$?
  echo "$smoke" > "$results/smoke.status"
  tests/Cluster.Tests/build-earlier.sh "$earlier" && touch "$results/earlier.status"
} > "$results/beside.log" 2>&1 &
beside=$!
run_tests "$first"
wait "$beside" || true
cat "$results/beside.log"
if [ -e "$results/earlier.status" ]; then
  export CAPACITOR_EARLIER_BUILD="$earlier" # Else the tests try it themselves, and say why it cannot be done.
fi

for project in $last; do
  run_tests "$project"
done
for project in $first $rest $last; do
  count_tests "$project"
done

smoke=$(cat "$results/smoke.status" 2> /dev/null || echo "nothing")
if [ "$smoke" != 0 ]; then
  echo "bench/Micro --smoke ended with $smoke." >&2
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ] && [ "$smoke" = 0 ]
