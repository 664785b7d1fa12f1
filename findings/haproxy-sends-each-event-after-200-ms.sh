#!/usr/bin/env bash
# Shows that HAProxy 2.6.12 sends each event of a stream to a client of HTTP/1.1
# 200 ms after it has received it, unless "option http-no-delay" is set.
#
# HAProxy tells the kernel that more data of a chunked response will follow, and
# the kernel waits for it for 200 ms. A stream works and looks as if nothing was
# held back. The documentation of the option speaks of rare applications that
# send interactive messages within a response; an event stream is one. Clients
# of HTTP/2 get each event at once.
#
# Seen with haproxy 2.6.12 of Debian 12, 20 events, each sent when the one before
# has arrived (median of the time from the server to the client):
#
#     HTTP/1.1                        208 ms
#     HTTP/1.1, option http-no-delay    0 ms
#     HTTP/2                            0 ms
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
const servers = [0, 0, 0, 0].map(port => net.createServer().listen(port, '127.0.0.1'))
setTimeout(() => {
	console.log(servers.map(server => server.address().port).join(' '))
	servers.forEach(server => server.close())
}, 100)
END
read -r plain no_delay http2 server < <(node ports.mjs)

cat >haproxy.cfg <<END
defaults
	mode http
	timeout connect 5s
	timeout client 60s
	timeout server 60s

listen plain
	bind 127.0.0.1:$plain
	server app 127.0.0.1:$server

listen no_delay
	bind 127.0.0.1:$no_delay
	option http-no-delay
	server app 127.0.0.1:$server

listen http2
	bind 127.0.0.1:$http2 proto h2
	server app 127.0.0.1:$server
END
libraries=$(dirname "$(find "$folder/files" -name 'liblua5.3.so.0')")
LD_LIBRARY_PATH=$libraries timeout 60 files/usr/sbin/haproxy -db -f haproxy.cfg >haproxy.log 2>&1 &
haproxy=$!

cat >show.mjs <<'END'
import http from 'node:http'
import http2 from 'node:http2'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

const [plain, noDelay, version2, serverPort] = process.argv.slice(2).map(Number)

const responses = new Map()
const server = http.createServer((request, response) => {
	response.writeHead(200, { 'content-type': 'text/event-stream' })
	response.write('data: first\n\n')
	responses.set(request.url, response)
})
await new Promise(resolve => server.listen(serverPort, '127.0.0.1', resolve))

async function listening(port) {
	return new Promise(resolve => {
		const socket = net.connect(port, '127.0.0.1')
		socket.on('connect', () => { socket.destroy(); resolve(true) })
		socket.on('error', () => resolve(false))
	})
}
for (let i = 0; i < 100 && !await listening(plain); i++) {
	await sleep(100)
}

function request1(port, path) {
	return new Promise((resolve, reject) => http.get({ host: '127.0.0.1', port, path }, resolve).on('error', reject))
}

async function request2(port, path) {
	return http2.connect(`http://127.0.0.1:${port}`).request({ ':path': path })
}

/** Gives the median of the times in milliseconds that events take. */
async function delay(stream, path) {
	let text = ''
	let arrived = () => { }
	stream.on('data', data => { text += data; arrived() })
	async function seen(event) {
		while (!text.includes(event)) {
			await new Promise(resolve => arrived = resolve)
		}
	}
	await seen('data: first\n\n')
	const times = []
	for (let i = 0; i < 20; i++) {
		const sent = performance.now()
		responses.get(path).write(`data: event ${i}\n\n`)
		await seen(`data: event ${i}\n\n`)
		times.push(performance.now() - sent)
	}
	return Math.round(times.sort((a, b) => a - b)[10])
}

setTimeout(() => { throw new Error('not all events in 30 s') }, 30_000).unref()
const seen = await Promise.all([delay(await request1(plain, '/plain'), '/plain'),
	delay(await request1(noDelay, '/no-delay'), '/no-delay'), delay(await request2(version2, '/http2'), '/http2')])
console.log('HTTP/1.1:                       ', seen[0], 'ms')
console.log('HTTP/1.1, option http-no-delay: ', seen[1], 'ms')
console.log('HTTP/2:                         ', seen[2], 'ms')
const asStated = seen[0] > 150 && seen[1] < 100 && seen[2] < 100
console.log(asStated ? 'As stated.' : 'CHANGED: see the lines above.')
process.exit(asStated ? 0 : 1)
END
timeout 45 node show.mjs "$plain" "$no_delay" "$http2" "$server" || {
	status=$?
	cat haproxy.log >&2
	exit "$status"
}
