#!/bin/sh
# A private PostgreSQL cluster that lives as long as whoever holds the other end of our standard input.
# usage: WATCHDOG=this text; sh -c "$WATCHDOG" NAME BIN_DIR PORT on|off [PRIMARY]
# on or off is fsync; with the port of a PRIMARY it is a standby of that one.
# It goes by its text and not by its file, for PostgreSQL's user may not be let into this folder.
# Reads one command a line (stop, start, restart, promote) and answers each with "ok"; at the end of input it removes everything.
set -eu
bin=$1 port=$2 fsync=$3 primary=${4:-}

# PostgreSQL refuses to run as root: become its own user, made by Debian's package.
if [ "$(id -u)" = 0 ]; then
    user=postgres
    if ! id "$user" >/dev/null 2>&1; then
        user=lastword-test
        id "$user" >/dev/null 2>&1 || useradd --system --no-create-home --shell /usr/sbin/nologin "$user"
    fi
    exec setpriv --reuid="$user" --regid="$(id -g "$user")" --init-groups sh -c "$WATCHDOG" "$0" "$@"
fi

# A Ctrl-C is for the tests; the end of input is what ends us, and nobody left to hear us is no reason to leave a server behind.
trap '' INT TERM HUP PIPE
cd /
# /tmp and not TMPDIR: a socket's path is short, and this user may not be let into the other.
dir=$(mktemp -d /tmp/lastword-pg.XXXXXX)
log=$dir/server.log

control() { "$bin/pg_ctl" "$@" -D "$dir/data" -s -w -t 60 </dev/null >>"$log" 2>&1; }
clean() {
    control stop -m immediate || true
    cd / && rm -rf "$dir"
}
fail() {
    echo "$1:" >&2
    tail -n 20 "$log" >&2
    exit 1
}
trap clean EXIT

if [ -n "$primary" ]; then
    "$bin/pg_basebackup" -h 127.0.0.1 -p "$primary" -U lastword -D "$dir/data" -R -X stream -c fast --no-sync </dev/null >"$log" 2>&1 ||
        fail "pg_basebackup failed"
else
    "$bin/initdb" --no-sync --auth=trust --username=lastword --encoding=UTF8 --locale=C.UTF-8 -D "$dir/data" </dev/null >"$log" 2>&1 ||
        fail "initdb failed"
fi
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
port = $port
unix_socket_directories = '$dir'
max_connections = 200
fsync = $fsync
full_page_writes = $fsync
synchronous_commit = $fsync
shared_buffers = 64MB
max_wal_size = 512MB
CONF
control start -l "$log" || fail "PostgreSQL did not start"
echo "dir $dir"

while read -r command; do
    case $command in
        stop) control stop -m immediate || fail "stop failed" ;;
        start) control start -l "$log" || fail "start failed" ;;
        restart) control restart -m immediate -l "$log" || fail "restart failed" ;;
        promote) control promote || fail "promote failed" ;;
        *) fail "unknown command $command" ;;
    esac
    echo ok
done
