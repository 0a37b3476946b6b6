#!/usr/bin/env bash
# Three hosts, each a network namespace with PostgreSQL under Patroni and an etcd, and HAProxy on this machine. It lives as long as whoever
# holds the other end of our standard input, and reads one command a line; each is answered with one line that begins with "ok".
# usage: cluster.sh FILES true|false NET PATRONI
#   FILES: the folder of patroni.yml and haproxy.cfg; the second: synchronous; NET: the first three numbers of the network's addresses, which
#   exist only while it runs; PATRONI: a virtual environment of Python with Patroni
# Needs root, and of Debian: iproute2 etcd-server etcd-client postgresql haproxy curl.
set -euo pipefail
files=$1 sync=$2 net=$3 patroni=$4
mode=$sync
[ "$sync" = false ] || mode=quorum
bin=$(ls -d /usr/lib/postgresql/*/bin | tail -1)
dir=$(mktemp -d /tmp/lastword-patroni.XXXXXX)
chown postgres: "$dir"
# A copy: postgres may not read the folder of the tests.
cp -r "$patroni" "$dir/python"

# Each exec keeps the number of the process, so that the number kept is the program's own.
on_host() { exec nsenter -t "$(cat "$dir/host$1.pid")" -n -- setpriv --reuid postgres --regid postgres --init-groups -- "${@:2}"; }
in_net() { nsenter -t "$(cat "$dir/$1.pid")" -n -- "${@:2}"; }
kill_file() { [ -f "$1" ] && kill -"$2" "$(head -1 "$1")" 2>/dev/null || true; }
clean() {
    trap - EXIT
    for i in 1 2 3; do
        kill_file "$dir/patroni$i.pid" CONT; kill_file "$dir/etcd$i.pid" CONT; kill_file "$dir/$i/data/postmaster.pid" CONT
        kill_file "$dir/patroni$i.pid" KILL; kill_file "$dir/$i/data/postmaster.pid" QUIT; kill_file "$dir/etcd$i.pid" KILL
    done
    kill_file "$dir/haproxy.pid" KILL
    # The interfaces end with their namespaces.
    for i in hub host1 host2 host3; do kill_file "$dir/$i.pid" KILL; done
    sleep 1
    rm -rf "$dir"
}
trap clean EXIT
trap '' INT TERM HUP PIPE

# The hosts are connected by a bridge, and so is this machine, whose end is named after the process.
namespace() { unshare -n sleep infinity >/dev/null 2>&1 </dev/null & echo $! >"$dir/$1.pid"; }
for i in hub host1 host2 host3; do namespace $i; done
entered() { for i in hub host1 host2 host3; do [ "$(readlink "/proc/$(cat "$dir/$i.pid")/ns/net")" != "$(readlink /proc/$$/ns/net)" ] || return 1; done; }
until entered; do sleep 0.1; done
in_net hub ip link add bridge type bridge
in_net hub ip link set bridge up
ip link add "lw$$" type veth peer name here netns "$(cat "$dir/hub.pid")"
in_net hub ip link set here master bridge up
ip addr add "$net.10/24" dev "lw$$"
ip link set "lw$$" up
for i in 1 2 3; do
    in_net hub ip link add "host$i" type veth peer name eth0 netns "$(cat "$dir/host$i.pid")"
    in_net hub ip link set "host$i" master bridge up
    in_net host$i ip link set lo up
    in_net host$i ip addr add "$net.$i/24" dev eth0
    in_net host$i ip addr add "$net.2$i/24" dev eth0
    in_net host$i ip link set eth0 up
done

patroni() {
    on_host "$1" "$dir/python/bin/python3" -m patroni "$dir/$1/patroni.yml" >>"$dir/patroni$1.log" 2>&1 </dev/null &
    echo $! >"$dir/patroni$1.pid"
}
fill() { sed -e "s|@I@|${2:-}|g; s|@HOST@|$net.${2:-}|g; s|@DIR@|$dir/${2:-}|g; s|@BIN@|$bin|g; s|@MODE@|$mode|g; s|@STRICT@|$sync|g; s|@NET@|$net|g; s|@PROXY@|$net.10|g" "$files/$1"; }
leader() {
    for i in 1 2 3; do
        [ "$(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://$net.$i:8008/primary")" = 200 ] && { echo "$i"; return 0; }
    done
    return 1
}
# A leader, and two standbys that receive what it writes.
whole() { [ "$(curl -s -m 2 "http://$net.$1:8008/cluster" | grep -o '"state": "streaming"' | wc -l)" = 2 ]; }
within() { # SECONDS COMMAND…
    local end=$((SECONDS + $1)); shift
    until "$@" >/dev/null 2>&1; do [ $SECONDS -lt $end ] || { echo "failed: $*: $(tail -n 3 "$dir"/patroni*.log | tr '\n' ' ')"; exit 1; }; sleep 0.3; done
}

members="n1=http://$net.21:2380,n2=http://$net.22:2380,n3=http://$net.23:2380"
for i in 1 2 3; do
    install -d -o postgres -m 700 "$dir/$i"
    on_host $i etcd --name "n$i" --data-dir "$dir/$i/etcd" --listen-client-urls "http://$net.2$i:2379" --advertise-client-urls "http://$net.2$i:2379" \
        --listen-peer-urls "http://$net.2$i:2380" --initial-advertise-peer-urls "http://$net.2$i:2380" --initial-cluster "$members" \
        --initial-cluster-state new --logger zap --log-level error >"$dir/etcd$i.log" 2>&1 </dev/null &
    echo $! >"$dir/etcd$i.pid"
done
healthy() { ETCDCTL_API=3 etcdctl --endpoints "http://$net.21:2379" endpoint health; }
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
# Not exported: Patroni's own connections would take this password.
sql() { PGCONNECT_TIMEOUT=5 PGPASSWORD=superuser psql -q -h "$net.10" -p 5000 -U postgres "$@"; }
ready() { sql -c 'SELECT 1'; }
within 30 ready
sql -c "CREATE ROLE lastword LOGIN PASSWORD 'lastword'" -c "CREATE DATABASE lastword OWNER lastword ENCODING 'UTF8' TEMPLATE template0" </dev/null >/dev/null
echo ok

tree() { echo "$1"; for child in $(pgrep -P "$1" || true); do tree "$child"; done; }
signal_member() { # SIGNAL MEMBER: Patroni, PostgreSQL and all its processes
    for pid in $(tree "$(cat "$dir/patroni$2.pid")") $(tree "$(head -1 "$dir/$2/data/postmaster.pid")"); do kill -"$1" "$pid" 2>/dev/null || true; done
}
# Packets between a host and the etcd of the others, and between its etcd and the others, go to an Ethernet address that nobody has.
etcd_of() { # HOST cut|heal
    for i in 1 2 3; do
        [ "$i" = "$1" ] || { wire "$1" "$net.2$i" "$2"; wire "$i" "$net.2$1" "$2"; }
    done
}
wire() { # HOST ADDRESS cut|heal
    if [ "$3" = cut ]; then
        in_net "host$1" ip neigh replace "$2" lladdr 02:00:00:00:00:01 nud permanent dev eth0
    else
        in_net "host$1" ip neigh del "$2" dev eth0 2>/dev/null || true
    fi
}
struck=
while read -r command; do
    case $command in
        kill) struck=$(leader); signal_member KILL "$struck" ;;
        kill_ahead)
            # What is acknowledged in this second reaches no standby: nothing is sent to them any more.
            struck=$(leader)
            pkill -STOP -P "$(head -1 "$dir/$struck/data/postmaster.pid")" -f walsender
            sleep 1
            signal_member KILL "$struck"
            ;;
        freeze) struck=$(leader); signal_member STOP "$struck" ;;
        switchover)
            struck=$(leader)
            timeout 60 "$dir/python/bin/python3" -c 'from patroni.ctl import ctl; ctl()' -c "$dir/$struck/patroni.yml" \
                switchover --leader "pg$struck" --force </dev/null >/dev/null 2>&1
            ;;
        cut_etcd) struck=$(leader); etcd_of "$struck" cut ;;
        cut_host) struck=$(leader); in_net hub ip link set "host$struck" down ;;
        heal)
            signal_member CONT "$struck" || true
            etcd_of "$struck" heal
            in_net hub ip link set "host$struck" up
            kill -0 "$(cat "$dir/patroni$struck.pid")" 2>/dev/null || patroni "$struck"
            # Two rounds of Patroni, in which the returned one finds its place.
            sleep 8
            within 90 whole "$(leader)"
            ;;
        leader) echo "ok $(leader || echo none)"; continue ;;
        *) echo "unknown command $command"; exit 1 ;;
    esac
    echo ok
done
