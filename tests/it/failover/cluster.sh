#!/usr/bin/env bash
# Three etcd, three PostgreSQL under Patroni, and HAProxy, on loopback addresses of this machine. It lives as long as whoever holds the other
# end of our standard input, and reads one command a line; each is answered with one line that begins with "ok".
# usage: cluster.sh FILES true|false NET        (FILES: the folder of patroni.yml and haproxy.cfg; the second: synchronous; NET: 127.0.71)
# Needs root, and of Debian: patroni etcd-server etcd-client postgresql haproxy curl.
set -euo pipefail
files=$1 sync=$2 net=$3
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
dir=$(mktemp -d /tmp/lastword-patroni.XXXXXX)
chown postgres: "$dir"

# By setpriv and not by runuser, so that the number kept is the program's own.
as_postgres() { exec setpriv --reuid postgres --regid postgres --init-groups -- "$@"; }
kill_file() { [ -f "$1" ] && kill -"$2" "$(head -1 "$1")" 2>/dev/null || true; }
clean() {
    trap - EXIT
    for i in 1 2 3; do
        kill_file "$dir/patroni$i.pid" CONT; kill_file "$dir/etcd$i.pid" CONT; kill_file "$dir/$i/data/postmaster.pid" CONT
        kill_file "$dir/patroni$i.pid" KILL; kill_file "$dir/$i/data/postmaster.pid" QUIT; kill_file "$dir/etcd$i.pid" KILL
    done
    kill_file "$dir/haproxy.pid" KILL
    sleep 1
    rm -rf "$dir"
}
trap clean EXIT
trap '' INT TERM HUP PIPE

patroni() {
    as_postgres patroni "$dir/$1/patroni.yml" >>"$dir/patroni$1.log" 2>&1 </dev/null &
    echo $! >"$dir/patroni$1.pid"
}
fill() { sed -e "s|@I@|${2:-}|g; s|@HOST@|$net.${2:-}|g; s|@DIR@|$dir/${2:-}|g; s|@BIN@|$bin|g; s|@SYNC@|$sync|g; s|@NET@|$net|g; s|@PROXY@|$net.10|g" "$files/$1"; }
leader() {
    for i in 1 2 3; do
        [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://$net.$i:8008/primary")" = 200 ] && { echo "$i"; return 0; }
    done
    return 1
}
whole() { [ "$(curl -s -m 2 "http://$net.$1:8008/cluster" | grep -oE '"state": "(running|streaming)"' | wc -l)" = 3 ]; }
within() { # SECONDS COMMAND…
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || { echo "failed: $*: $(tail -n 3 "$dir"/patroni*.log | tr '\n' ' ')"; exit 1; }; sleep 0.3; done
}

members="n1=http://$net.1:2380,n2=http://$net.2:2380,n3=http://$net.3:2380"
for i in 1 2 3; do
    install -d -o postgres -m 700 "$dir/$i"
    as_postgres etcd --name "n$i" --data-dir "$dir/$i/etcd" --listen-client-urls "http://$net.$i:2379" --advertise-client-urls "http://$net.$i:2379" \
        --listen-peer-urls "http://$net.$i:2380" --initial-advertise-peer-urls "http://$net.$i:2380" --initial-cluster "$members" \
        --initial-cluster-state new --logger zap --log-level error >"$dir/etcd$i.log" 2>&1 </dev/null &
    echo $! >"$dir/etcd$i.pid"
done
healthy() { ETCDCTL_API=3 etcdctl --endpoints "http://$net.1:2379" endpoint health; }
within 30 healthy
for i in 1 2 3; do
    fill patroni.yml $i >"$dir/$i/patroni.yml"
    chown postgres: "$dir/$i/patroni.yml"
    patroni $i
done
fill haproxy.cfg >"$dir/haproxy.cfg"
haproxy -f "$dir/haproxy.cfg" >"$dir/haproxy.log" 2>&1 </dev/null &
echo $! >"$dir/haproxy.pid"
within 180 whole 1
export PGCONNECT_TIMEOUT=5 PGPASSWORD=superuser
ready() { psql -qAt -h "$net.10" -p 5000 -U postgres -c 'SELECT 1'; }
within 30 ready
psql -q -h "$net.10" -p 5000 -U postgres -c "CREATE ROLE lastword LOGIN PASSWORD 'lastword'" -c "CREATE DATABASE lastword OWNER lastword ENCODING 'UTF8' TEMPLATE template0" </dev/null >/dev/null
echo ok

tree() { echo "$1"; for child in $(pgrep -P "$1" || true); do tree "$child"; done; }
signal_member() { # SIGNAL MEMBER: Patroni, PostgreSQL and all its processes
    for pid in $(tree "$(cat "$dir/patroni$2.pid")") $(tree "$(head -1 "$dir/$2/data/postmaster.pid")"); do kill -"$1" "$pid" 2>/dev/null || true; done
}
struck=
while read -r command; do
    case $command in
        kill) struck=$(leader); signal_member KILL "$struck" ;;
        freeze) struck=$(leader); signal_member STOP "$struck" ;;
        switchover) struck=$(leader); timeout 60 patronictl -c "$dir/$struck/patroni.yml" switchover --master "pg$struck" --force </dev/null >/dev/null 2>&1 ;;
        heal)
            signal_member CONT "$struck" || true
            kill -0 "$(cat "$dir/patroni$struck.pid")" 2>/dev/null || patroni "$struck"
            ;;
        leader) echo "ok $(leader || echo none)"; continue ;;
        *) echo "unknown command $command"; exit 1 ;;
    esac
    echo ok
done
