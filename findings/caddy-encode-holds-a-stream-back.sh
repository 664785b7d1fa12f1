#!/usr/bin/env bash
# Shows that the usual "encode gzip" of Caddy 2.6.2 holds an event stream back
# completely, if its first event is longer than 512 bytes.
#
# A "reverse_proxy" alone passes on each event of a text/event-stream at once.
# With "encode" the stream is compressed, and what has been compressed is not
# flushed. But "encode" decides at the first write, and leaves a response alone
# if that has fewer than 512 bytes (its "minimum_length"). So a stream passes
# while its first event is small, as in development, and is held back where that
# event is, say, a list of real size. "Cache-Control: no-transform", by which a
# proxy must not change the coding of a body, makes no difference.
#
# Seen with caddy 2.6.2-5 of Debian 12, and a server that sends its first event
# at once and a small one every 100 ms (what the client has got 3 s after its
# request):
#
#     first event  client accepts gzip   response   bytes of events
#       100 bytes  yes                   as it is     477
#      1000 bytes  no                    as it is    1377
#      1000 bytes  yes                   gzip           0
#
# Of the last one the client has the head and the 10 bytes of the gzip header.
#
# Needs apt-get, dpkg and the package lists of Debian 12, and node. Exits with
# 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
caddy=
finish() {
	[ -z "$caddy" ] || { kill "$caddy" && wait "$caddy"; } 2>/dev/null || true
	rm -rf "$folder"
}
trap finish EXIT
cd "$folder"

timeout 120 apt-get download -qq -o APT::Sandbox::User=root caddy=2.6.2-5
dpkg -x caddy_*.deb caddy

cat >ports.mjs <<'END'
import net from 'node:net'
const servers = [0, 0].map(port => net.createServer().listen(port, '127.0.0.1'))
setTimeout(() => {
	console.log(servers.map(server => server.address().port).join(' '))
	servers.forEach(server => server.close())
}, 100)
END
read -r proxy_port server_port < <(node ports.mjs)

cat >Caddyfile <<END
{
	admin off
	auto_https off
}
http://127.0.0.1:$proxy_port {
	bind 127.0.0.1
	encode gzip
	reverse_proxy 127.0.0.1:$server_port
}
END
HOME=$folder XDG_DATA_HOME=$folder/data XDG_CONFIG_HOME=$folder/config \
	timeout 60 caddy/usr/bin/caddy run --config Caddyfile --adapter caddyfile 2>caddy.log &
caddy=$!

cat >show.mjs <<'END'
import http from 'node:http'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import zlib from 'node:zlib'

const [proxyPort, serverPort] = process.argv.slice(2).map(Number)

/** The path of a request is the length of its first event. */
const server = http.createServer((request, response) => {
	response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-transform' })
	const length = Number(request.url.slice(1))
	response.write('data: ' + 'x'.repeat(length - 8) + '\n\n')
	const timer = setInterval(() => response.write('data: small\n\n'), 100)
	response.on('close', () => clearInterval(timer))
})
await new Promise(resolve => server.listen(serverPort, '127.0.0.1', resolve))

async function listening(port) {
	return new Promise(resolve => {
		const socket = net.connect(port, '127.0.0.1')
		socket.on('connect', () => { socket.destroy(); resolve(true) })
		socket.on('error', () => resolve(false))
	})
}
for (let i = 0; i < 100 && !await listening(proxyPort); i++) {
	await sleep(100)
}

function get(length, gzip) {
	return new Promise((resolve, reject) => {
		const headers = { accept: 'text/event-stream' }
		if (gzip) {
			headers['accept-encoding'] = 'gzip'
		}
		let head = false
		let coding = 'none'
		let bytes = 0
		const request = http.get({ host: '127.0.0.1', port: proxyPort, path: `/${length}`, headers }, response => {
			head = true
			coding = response.headers['content-encoding'] ?? 'none'
			response.on('error', () => { })
			const body = coding === 'gzip' ? response.pipe(zlib.createGunzip()) : response
			body.on('error', () => { })
			body.on('data', data => bytes += data.length)
		})
		request.on('error', error => head ? undefined : reject(error))
		setTimeout(() => {
			resolve({ head, coding, bytes })
			head = true
			request.destroy()
		}, 3000)
	})
}

const [small, plain, held] = await Promise.all([get(100, true), get(1000, false), get(1000, true)])
const print = (name, seen) =>
	console.log(`${name}: head ${seen.head}, content-encoding ${seen.coding}, ${seen.bytes} bytes of events in 3 s`)
print('First event of 100 bytes, gzip accepted     ', small)
print('First event of 1000 bytes, gzip not accepted', plain)
print('First event of 1000 bytes, gzip accepted    ', held)
const passed = (seen, first) => seen.head && seen.coding === 'none' && seen.bytes > first + 10 * 13
const asStated = passed(small, 100) && passed(plain, 1000) 
	&& held.coding === 'gzip' && held.bytes === 0
console.log(asStated ? 'As stated.' : 'CHANGED: see the lines above.')
process.exit(asStated ? 0 : 1)
END
timeout 45 node show.mjs "$proxy_port" "$server_port" || {
	status=$?
	cat caddy.log >&2
	exit "$status"
}
