#!/usr/bin/env bash
# Shows that "option abortonclose" in a backend of HAProxy 2.6.12 does nothing
# for a stream that is under way, and does its work in "defaults".
#
# The option is one of backends: HAProxy ignores it in a frontend, and warns of
# that. One would therefore put it into the backend of the event streams, so
# that their server is told as soon as a client leaves. But over HTTP/1.1 that
# takes a frontend and a backend that both carry the option, and a frontend can
# only get it from its "defaults", which warns of nothing. Otherwise the server
# is told nothing until it writes the next time.
#
# Seen with haproxy 2.6.12 of Debian 12, with a stream that is silent after its
# first event, and a client that closes its connection (from there until the
# connection of HAProxy to the server is closed):
#
#     no option at all                       still open after 4 s
#     abortonclose in the backend            still open after 4 s
#     in the defaults of the frontend alone  still open after 4 s
#     in the defaults of both                2 ms
#
# Needs apt-get, dpkg and the package lists of Debian 12, and node. Exits with
# 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
haproxy=
finish() {
	[ -z "$haproxy" ] || { kill "$haproxy" && wait "$haproxy"; } 2>/dev/null || true
	rm -rf "$folder"
}
trap finish EXIT
cd "$folder"

# With the libraries that are not on every machine. A fix by Debian changes the
# last number only.
timeout 120 apt-get download -qq -o APT::Sandbox::User=root 'haproxy=2.6.12-1+deb12u*' \
	liblua5.3-0=5.3.6-2 'libopentracing-c-wrapper0=1.1.3-3*' libopentracing1=1.6.0-4
for package in *.deb; do
	dpkg -x "$package" files
done

cat >ports.mjs <<'END'
import net from 'node:net'
const servers = [0, 0, 0, 0, 0].map(port => net.createServer().listen(port, '127.0.0.1'))
setTimeout(() => {
	console.log(servers.map(server => server.address().port).join(' '))
	servers.forEach(server => server.close())
}, 100)
END
read -r none in_backend in_frontend in_defaults server < <(node ports.mjs)

cat >haproxy.cfg <<END
defaults plain
	mode http
	timeout connect 5s
	timeout client 60s
	timeout server 60s

frontend none from plain
	bind 127.0.0.1:$none
	default_backend none

backend none from plain
	server app 127.0.0.1:$server

frontend in_backend from plain
	bind 127.0.0.1:$in_backend
	default_backend in_backend

backend in_backend from plain
	option abortonclose
	server app 127.0.0.1:$server

defaults aborting from plain
	option abortonclose

frontend in_frontend from aborting
	bind 127.0.0.1:$in_frontend
	default_backend in_frontend

backend in_frontend from plain
	server app 127.0.0.1:$server

frontend in_defaults from aborting
	bind 127.0.0.1:$in_defaults
	default_backend in_defaults

backend in_defaults from aborting
	server app 127.0.0.1:$server
END
libraries=$(dirname "$(find "$folder/files" -name 'liblua5.3.so.0')")
LD_LIBRARY_PATH=$libraries timeout 60 files/usr/sbin/haproxy -db -f haproxy.cfg >haproxy.log 2>&1 &
haproxy=$!

cat >show.mjs <<'END'
import http from 'node:http'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const [none, inBackend, inFrontend, inDefaults, serverPort] = process.argv.slice(2).map(Number)

const closed = new Map()
const server = http.createServer((request, response) => {
	closed.set(request.url, new Promise(resolve => response.on('close', () => resolve(performance.now()))))
	response.writeHead(200, { 'content-type': 'text/event-stream' })
	response.write('data: first\n\n')
})
await new Promise(resolve => server.listen(serverPort, '127.0.0.1', resolve))

async function listening(port) {
	return new Promise(resolve => {
		const socket = net.connect(port, '127.0.0.1')
		socket.on('connect', () => { socket.destroy(); resolve(true) })
		socket.on('error', () => resolve(false))
	})
}
for (let i = 0; i < 100 && !await listening(none); i++) {
	await sleep(100)
}

/** Gives the time from a client's leaving until the server is told, if that is less than 4 s. */
async function leave(port, path) {
	const socket = net.connect(port, '127.0.0.1')
	socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n`)
	let text = ''
	await new Promise((resolve, reject) => {
		socket.on('data', data => (text += data).includes('data: first\n\n') && resolve())
		socket.on('error', reject)
		socket.on('end', () => reject(new Error(`no stream but ${text}`)))
		setTimeout(() => reject(new Error('no event in 10 s')), 10_000).unref()
	})
	await sleep(500)
	const left = performance.now()
	socket.destroy()
	const told = await Promise.race([closed.get(path), sleep(4000)])
	return told === undefined ? undefined : Math.round(told - left)
}

const seen = await Promise.all([leave(none, '/none'), leave(inBackend, '/backend'),
	leave(inFrontend, '/frontend'), leave(inDefaults, '/defaults')])
const text = time => time === undefined ? 'still open after 4 s' : `closed after ${time} ms`
console.log('No option at all:                      ', text(seen[0]))
console.log('abortonclose in the backend:           ', text(seen[1]))
console.log('In the defaults of the frontend alone: ', text(seen[2]))
console.log('In the defaults of both:               ', text(seen[3]))
const asStated = seen.slice(0, 3).every(time => time === undefined) && seen[3] < 2000
console.log(asStated ? 'As stated.' : 'CHANGED: see the lines above.')
process.exit(asStated ? 0 : 1)
END
timeout 45 node show.mjs "$none" "$in_backend" "$in_frontend" "$in_defaults" "$server" || {
	status=$?
	cat haproxy.log >&2
	exit "$status"
}
