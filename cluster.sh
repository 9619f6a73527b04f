#!/usr/bin/env bash
# A cluster of local processes for trying and for tests: PostgreSQL, silos, Apis and a balancer. Linux; brings PostgreSQL and HAProxy itself on Debian.
#
#   ./cluster.sh up [silos] [apis]   starts what is not running (first time: 3 silos, 2 Apis); stops what is more than asked for
#   ./cluster.sh status              what runs, and whether it is ready
#   ./cluster.sh stop NAME           stops one process as a rolling restart would (silo-2, api-1, balancer); "up" brings it back
#   ./cluster.sh kill NAME           kills one process on the spot
#   ./cluster.sh down                stops all that "up" started, and nothing else; data stays
#
# Environment: CLUSTER_PORT (first of the 100 ports on 127.0.0.1 that are used; default 5080), CLUSTER_DIR (state; default .cluster beside this script),
# CLUSTER_APP (a folder with Capacitor.Silo.dll and Capacitor.Api.dll to run; default: they are built).
set -euo pipefail

root="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
mkdir -p "${CLUSTER_DIR:-$root/.cluster}"
state="$(cd "${CLUSTER_DIR:-$root/.cluster}" && pwd)"
run="$state/run"
logs="$state/logs"
secrets="$state/secrets"
drain=40 # seconds; a stop takes at most 30, unless Capacitor__Ocpp__DrainTime or Capacitor__Ocpp__ShutdownTimeout say otherwise

say() { echo "cluster: $*"; }
fail() { echo "cluster: $*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" -eq 0 ]; then "$@"; elif command -v sudo > /dev/null; then sudo "$@"; else fail "root is needed for: $*"; fi
}

# ---- processes: a pid alone says nothing, since pids are used again; with its start time it names one process.

start_time() { # the 22nd field of stat; the second may hold blanks and ends with the last bracket
  local stat
  stat="$(cat "/proc/$1/stat" 2> /dev/null)" || return 1
  set -- ${stat##*) }
  [ "$1" != Z ] && echo "${20}"
}

pid_of() { # prints the pid of NAME if that very process still runs
  local pid started
  { read -r pid started < "$run/$1"; } 2> /dev/null || return 1
  [ -n "$started" ] || return 1
  [ "$(start_time "$pid")" = "$started" ] && echo "$pid"
}

launch() { # NAME COMMAND...: in a session of its own, so that Ctrl-C here does not reach it
  local name="$1" pid
  shift
  setsid "$@" >> "$logs/$name.log" 2>&1 < /dev/null 9>&- &
  pid=$!
  echo "$pid $(start_time "$pid" || true)" > "$run/$name"
}

signal() { # SIGNAL NAME: false when it does not run
  local pid
  pid="$(pid_of "$2")" && kill "-$1" "$pid" 2> /dev/null
}

wait_gone() { # SECONDS NAME
  local end=$((SECONDS + $1))
  while pid_of "$2" > /dev/null; do
    [ "$SECONDS" -lt "$end" ] || return 1
    sleep 0.1
  done
}

end_all() { # NAME...: asks all at once, then waits for each; who does not go is killed, and that is said
  local name
  for name in "$@"; do signal TERM "$name" || true; done
  for name in "$@"; do
    if ! wait_gone "$drain" "$name"; then
      say "$name did not stop in $drain seconds and is killed; see $logs/$name.log"
      signal KILL "$name" || true
      wait_gone 10 "$name" || fail "$name cannot be killed"
    fi
    rm -f "$run/$name"
  done
}

names() { (cd "$run" 2> /dev/null && ls -1 | grep "^$1" | sort -t - -k 2 -n) || true; }

# ---- ports: all from one base, so that their owners are the same after a restart.

load_port() {
  port="${CLUSTER_PORT:-$(cat "$state/port" 2> /dev/null || echo 5080)}"
  case "$port" in '' | *[!0-9]*) fail "CLUSTER_PORT is '$port'; use a number from 1024 to 65400" ;; esac
  [ "$port" -ge 1024 ] && [ "$port" -le 65400 ] || fail "CLUSTER_PORT is '$port'; use a number from 1024 to 65400"
}
postgres_port() { echo $((port + 1)); }
balancer_metrics_port() { echo $((port + 2)); }
api_port() { echo $((port + 10 + ${1#api-})); }
silo_port() { echo $((port + 30 + ${1#silo-})); }
cluster_port() { echo $((port + 50 + ${1#silo-})); }
gateway_port() { echo $((port + 70 + ${1#silo-})); }

is_taken() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
need_free() { ! is_taken "$1" || fail "port $1 ($2) is taken by another program; set CLUSTER_PORT to the first of 100 free ports"; }

ready() { # PORT: asks /health/ready
  local status
  { exec 3<> "/dev/tcp/127.0.0.1/$1"; } 2> /dev/null || return 1
  printf 'GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n' >&3
  read -r -t 5 _ status _ <&3 || status=0
  exec 3>&-
  [ "$status" = 200 ]
}

http_port() {
  case "$1" in api-*) api_port "$1" ;; silo-*) silo_port "$1" ;; balancer) echo "$port" ;; esac
}

wait_ready() { # NAME...
  local name end=$((SECONDS + 120))
  for name in "$@"; do
    until ready "$(http_port "$name")"; do
      pid_of "$name" > /dev/null || { tail -n 20 "$logs/$name.log" >&2; fail "$name ended before it was ready; the end of $logs/$name.log is above"; }
      [ "$SECONDS" -lt "$end" ] || { tail -n 20 "$logs/$name.log" >&2; fail "$name is not ready after 120 seconds; the end of $logs/$name.log is above"; }
      sleep 0.2
    done
  done
}

# ---- what is needed

install_missing() {
  local missing=()
  command -v dotnet > /dev/null || fail "the .NET 10 SDK is needed: https://dotnet.microsoft.com/download"
  find_postgres || missing+=(postgresql)
  find_haproxy || missing+=(haproxy)
  if [ "${#missing[@]}" -gt 0 ]; then
    command -v apt-get > /dev/null || fail "install ${missing[*]} first"
    say "installing ${missing[*]}"
    # Only the programs are wanted: neither package shall start a service.
    as_root mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" | as_root tee /etc/postgresql-common/createcluster.d/capacitor.conf > /dev/null
    as_root apt-get update -q
    as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends "${missing[@]}"
    find_postgres || fail "PostgreSQL is installed but its programs were not found"
    find_haproxy || fail "HAProxy is installed but was not found"
  fi
}

find_postgres() {
  local candidate
  for candidate in "$(dirname "$(command -v initdb || echo /nowhere/initdb)")" $(ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -rV); do
    if [ -x "$candidate/initdb" ] && [ -x "$candidate/pg_ctl" ]; then
      postgres_bin="$candidate"
      return 0
    fi
  done
  return 1
}

find_haproxy() { haproxy="$(command -v haproxy || PATH=/usr/sbin:/usr/local/sbin command -v haproxy)"; }

as_postgres() { # PostgreSQL refuses to run as root
  if [ "$(id -u)" -eq 0 ]; then
    (cd / && setpriv --reuid=postgres --regid=postgres --init-groups -- "$@" 9>&-)
  else
    "$@" 9>&-
  fi
}

make_secret() { # FILE PREFIX: made once
  [ -s "$secrets/$1" ] || (umask 077 && echo "$2$(od -An -N20 -tx1 /dev/urandom | tr -d ' \n')" > "$secrets/$1")
}

make_key() { # FILE: 32 bytes in base64, made once
  [ -s "$secrets/$1" ] || (umask 077 && head -c 32 /dev/urandom | base64 > "$secrets/$1.new" && mv "$secrets/$1.new" "$secrets/$1")
}

# ---- parts

postgres_runs() { [ -d "$state/postgres" ] && as_postgres "$postgres_bin/pg_ctl" status -D "$state/postgres" > /dev/null 2>&1; }

start_postgres() {
  if [ ! -f "$state/postgres/PG_VERSION" ]; then
    say "making a database in $state/postgres"
    rm -rf "$state/postgres"
    mkdir -m 700 "$state/postgres"
    local password="$state/postgres.password" # readable by the server's user for this one call
    (umask 077 && cp "$secrets/postgres" "$password")
    if [ "$(id -u)" -eq 0 ]; then
      chown postgres: "$state/postgres" "$password"
      as_postgres test -r "$password" || { rm -f "$password"; fail "the user postgres cannot reach $state; set CLUSTER_DIR to a folder it can reach, such as /var/tmp/capacitor"; }
    fi
    as_postgres "$postgres_bin/initdb" -D "$state/postgres" -U capacitor -A scram-sha-256 --pwfile="$password" -E UTF8 --locale=C > "$logs/initdb.log" 2>&1 ||
      { rm -rf "$state/postgres" "$password"; cat "$logs/initdb.log" >&2; fail "the database could not be made"; }
    rm -f "$password"
  elif [ ! -x "$postgres_bin/postgres" ] || [ "$("$postgres_bin/postgres" --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')" != "$(cat "$state/postgres/PG_VERSION")" ]; then
    fail "$state/postgres was made by PostgreSQL $(cat "$state/postgres/PG_VERSION"), which is not the one here; remove the folder to begin anew"
  fi

  if postgres_runs; then
    return
  fi
  need_free "$(postgres_port)" PostgreSQL
  as_postgres "$postgres_bin/pg_ctl" start -s -w -t 120 -D "$state/postgres" -l "$state/postgres/server.log" \
    -o "-p $(postgres_port) -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=500" > /dev/null ||
    fail "PostgreSQL does not start; see $state/postgres/server.log"
}

build() {
  if [ -n "${CLUSTER_APP:-}" ]; then
    app="$(cd "$CLUSTER_APP" && pwd)"
    [ -f "$app/Capacitor.Silo.dll" ] && [ -f "$app/Capacitor.Api.dll" ] || fail "CLUSTER_APP holds no Capacitor.Silo.dll and Capacitor.Api.dll"
    return
  fi

  # What runs is never overwritten: code is loaded from these files until the end.
  if [ -n "$(running silo-)$(running api-)" ] && [ -s "$state/app" ]; then
    app="$(cat "$state/app")"
    say "some of it runs; not built anew (for new code: down, then up)"
    return
  fi
  app="$state/build"
  say "building"
  rm -rf "$app"
  for project in Silo Api; do
    DOTNET_NOLOGO=1 dotnet publish "$root/src/$project" -c Release -o "$app" -v quiet 9>&- > "$logs/build.log" 2>&1 || { cat "$logs/build.log" >&2; fail "the build failed"; }
  done
}

running() { local name; for name in $(names "$1"); do if pid_of "$name" > /dev/null; then echo "$name"; fi; done; }

settings() { # what silos and Apis share; through the environment, which only their owner can read
  export DOTNET_ENVIRONMENT=Production
  export ConnectionStrings__Capacitor="Host=127.0.0.1;Port=$(postgres_port);Username=capacitor;Password=$(cat "$secrets/postgres");Database=postgres"
  export Capacitor__AdminKey="$(cat "$secrets/admin-key")" Capacitor__BootstrapApiKey="$(cat "$secrets/api-key")"
  export Capacitor__Webhooks__AllowPrivateNetworks=true # for receivers on this machine
}

start_silo() {
  need_free "$(silo_port "$1")" "$1"
  need_free "$(cluster_port "$1")" "$1, silo to silo"
  need_free "$(gateway_port "$1")" "$1, gateway"
  (
    settings
    export Capacitor__SecretKeys__0="$(cat "$secrets/secret-key")"
    export Capacitor__Cluster__AdvertisedAddress=127.0.0.1
    export Capacitor__Cluster__SiloPort="$(cluster_port "$1")" Capacitor__Cluster__GatewayPort="$(gateway_port "$1")"
    cd "$state/work"
    launch "$1" dotnet "$app/Capacitor.Silo.dll" --urls "http://127.0.0.1:$(silo_port "$1")"
  )
}

start_api() {
  need_free "$(api_port "$1")" "$1"
  (
    settings
    export Capacitor__TrustedProxies=127.0.0.1
    cd "$state/work"
    launch "$1" dotnet "$app/Capacitor.Api.dll" --urls "http://127.0.0.1:$(api_port "$1")"
  )
}

write_backends() { # APIS: as in deploy/haproxy/apis-example.cfg
  local backend number
  for backend in chargers apis; do
    echo "backend $backend"
    if [ "$backend" = chargers ]; then printf '    balance leastconn\n    retry-on conn-failure empty-response 503\n'; else echo "    balance roundrobin"; fi
    for number in $(seq "$1"); do echo "    server api-$number 127.0.0.1:$(api_port "api-$number")"; done
  done
}

start_balancer() { # APIS: a running one reads a new list and keeps its sockets
  local descriptors files=(-f "$root/deploy/haproxy/haproxy.cfg" -f "$state/apis.cfg")
  descriptors="$(ulimit -Hn)"
  [ "$descriptors" != unlimited ] || descriptors=200000
  write_backends "$1" > "$state/apis.cfg.new"
  export CAPACITOR_BIND="127.0.0.1:$port" CAPACITOR_BALANCER_METRICS="127.0.0.1:$(balancer_metrics_port)"
  export CAPACITOR_MAXCONN=$((descriptors / 3 < 20000 ? descriptors / 3 : 20000))
  if ! pid_of balancer > /dev/null; then
    mv "$state/apis.cfg.new" "$state/apis.cfg"
    need_free "$port" "the balancer"
    "$haproxy" -c -q "${files[@]}" >> "$logs/balancer.log" 2>&1 || { tail -n 5 "$logs/balancer.log" >&2; fail "HAProxy does not take its configuration"; }
    launch balancer "$haproxy" -W -db "${files[@]}"
  elif ! cmp -s "$state/apis.cfg.new" "$state/apis.cfg"; then
    mv "$state/apis.cfg.new" "$state/apis.cfg"
    signal USR2 balancer
  fi
  rm -f "$state/apis.cfg.new"
}

# ---- commands

up() {
  local silos apis name number surplus=()
  silos="${1:-$(cat "$state/silos" 2> /dev/null || echo 3)}"
  apis="${2:-$(cat "$state/apis" 2> /dev/null || echo 2)}"
  for number in "$silos" "$apis"; do
    case "$number" in [1-9] | 1[0-9]) ;; *) fail "'$number' is no number of processes; use 1 to 19" ;; esac
  done
  load_port
  if [ -s "$state/port" ] && [ "$(cat "$state/port")" != "$port" ] && { [ -n "$(running '')" ] || { find_postgres && postgres_runs; }; }; then
    fail "it runs on the ports from $(cat "$state/port"); 'down' first"
  fi

  install_missing
  mkdir -p "$run" "$logs" "$state/work"
  mkdir -p -m 700 "$secrets"
  make_secret postgres ""
  make_secret api-key cap_live_
  make_secret admin-key ""
  make_key secret-key
  echo "$port" > "$state/port"
  echo "$silos" > "$state/silos"
  echo "$apis" > "$state/apis"
  build
  echo "$app" > "$state/app"
  start_postgres

  for name in $(seq -f 'silo-%g' "$silos"); do pid_of "$name" > /dev/null || { say "starting $name"; start_silo "$name"; }; done
  wait_ready $(seq -f 'silo-%g' "$silos")
  for name in $(seq -f 'api-%g' "$apis"); do pid_of "$name" > /dev/null || { say "starting $name"; start_api "$name"; }; done
  wait_ready $(seq -f 'api-%g' "$apis")
  start_balancer "$apis"

  for name in $(names api-); do [ "${name#api-}" -le "$apis" ] || surplus+=("$name"); done
  for name in $(names silo-); do [ "${name#silo-}" -le "$silos" ] || surplus+=("$name"); done
  if [ "${#surplus[@]}" -gt 0 ]; then
    say "stopping ${surplus[*]}"
    for name in "${surplus[@]}"; do end_all "$name"; done
  fi

  wait_ready balancer
  show
}

show() {
  local key="$secrets/api-key" name
  echo
  echo "  HTTP       http://127.0.0.1:$port/api/v1"
  echo "  chargers   ws://127.0.0.1:$port/ocpp/{chargeBoxId}"
  for name in $(running silo-); do echo "  $name     http://127.0.0.1:$(silo_port "$name")  (health, metrics, dashboard)"; done
  for name in $(running api-); do echo "  $name      http://127.0.0.1:$(api_port "$name")"; done
  echo "  balancer   http://127.0.0.1:$(balancer_metrics_port)/metrics"
  echo "  logs       $logs"
  echo "  API key    $(cat "$key")"
  echo "             (in $key; the admin key is beside it)"
  echo
  echo "  curl -s http://127.0.0.1:$port/api/v1/chargers -H \"X-API-Key: \$(cat $key)\" -H 'content-type: application/json' -d '{\"chargeBoxId\":\"CHARGER-001\"}'"
  echo
}

down() {
  local apis silos
  load_port
  apis="$(names api-)"
  silos="$(names silo-)"
  # Those that hold sockets first, then what they use.
  end_all $apis
  end_all $(names balancer)
  end_all $silos
  if [ -d "$state/postgres" ] && find_postgres && postgres_runs; then
    as_postgres "$postgres_bin/pg_ctl" stop -s -w -t 60 -m fast -D "$state/postgres" || fail "PostgreSQL does not stop; see $state/postgres/server.log"
  fi
  say "down; data stays in $state"
}

status() {
  local name pid all=0
  load_port
  [ -d "$run" ] || { say "never started"; return 3; }
  if find_postgres && postgres_runs; then echo "postgres   runs"; else echo "postgres   stopped"; all=1; fi
  for name in $(seq -f 'silo-%g' "$(cat "$state/silos")") $(seq -f 'api-%g' "$(cat "$state/apis")") balancer; do
    if ! pid="$(pid_of "$name")"; then
      printf '%-10s stopped\n' "$name"
      all=1
    elif ready "$(http_port "$name")"; then
      printf '%-10s ready (pid %s)\n' "$name" "$pid"
    else
      printf '%-10s runs, not ready (pid %s)\n' "$name" "$pid"
      all=1
    fi
  done
  return "$all"
}

one() { # SIGNAL NAME
  case "${2:-}" in silo-[1-9]* | api-[1-9]* | balancer) ;; *) fail "name a process: silo-2, api-1, balancer" ;; esac
  pid_of "$2" > /dev/null || fail "$2 does not run"
  if [ "$1" = KILL ]; then
    signal KILL "$2"
    wait_gone 10 "$2" || fail "$2 cannot be killed"
    rm -f "$run/$2"
    say "$2 is killed"
  else
    end_all "$2"
    say "$2 has stopped"
  fi
}

[ -d /proc/self ] || fail "this needs Linux"
command="${1:-}"
[ "$#" -eq 0 ] || shift
# One at a time: two would start the same things.
exec 9> "$state/lock"
case "$command" in
  up | down | stop | kill) flock -n 9 || fail "another ./cluster.sh is at work on $state" ;;
esac
case "$command" in
  up) up "$@" ;;
  down) down ;;
  status) status ;;
  stop) one TERM "$@" ;;
  kill) one KILL "$@" ;;
  *) sed -n '2,/^set /s/^#\{1,\} \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 2 ;;
esac
