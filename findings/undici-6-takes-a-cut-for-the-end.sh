#!/usr/bin/env bash
# Shows that fetch of undici 6, and so of Node 20, takes a body in chunks that is
# cut for a complete one if the head says "Connection: close".
#
# By RFC 9112, section 8, a message in chunks is incomplete if the chunk of size
# zero has not been received. undici 6 reports an error for that, unless the head
# says that the connection will be closed: then what there is counts for the
# whole body. A server that has no other use for a connection, such as one that
# streams events, says so; when it is killed, a reader that stops at the end of
# a body stops for good, and loses what was to come, silently. undici 7 reports
# an error in both cases.
#
# Seen, with one chunk sent and the connection then closed by FIN:
#
#                       no "Connection: close"      "Connection: close"
#     undici 6.24.1     TypeError: terminated       done
#     undici 7.30.2     TypeError: terminated       TypeError: terminated
#
# NOTE: each runs in a process of its own. Who imports undici 7 in Node 20 changes
# the fetch of Node, too.
#
# Needs node and npm. Exits with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{ "private": true }' >package.json
timeout 120 npm install --silent --no-audit --no-fund --no-update-notifier \
	undici-6@npm:undici@6.24.1 undici-7@npm:undici@7.30.2

cat >show.mjs <<'END'
import net from 'node:net'

const { fetch } = await import(process.argv[2])

/** Tells how a reader sees the end of a body that is cut. */
async function end(header) {
	const server = net.createServer((socket) => {
		socket.on('error', () => { })
		socket.once('data', () => {
			socket.write('HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n'
				+ `Transfer-Encoding: chunked\r\n${header}\r\n9\r\ndata: a\n\n\r\n`)
			setTimeout(() => socket.end(), 200)
		})
	})
	await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
	try {
		const response = await fetch(`http://127.0.0.1:${server.address().port}/`,
			{ signal: AbortSignal.timeout(10_000) })
		const reader = response.body.getReader()
		for (;;) {
			if ((await reader.read()).done) {
				return 'done'
			}
		}
	}
	catch (error) {
		return `${error.name}: ${error.message}`
	}
	finally {
		server.close()
	}
}

console.log(`${await end('')} | ${await end('Connection: close\r\n')}`)
process.exit(0)
END
six=$(timeout 60 node show.mjs undici-6)
seven=$(timeout 60 node show.mjs undici-7)
echo "undici 6.24.1: $six"
echo "undici 7.30.2: $seven"
if [ "$six" = "TypeError: terminated | done" ] && [ "$seven" = "TypeError: terminated | TypeError: terminated" ]; then
	echo "As stated."
else
	echo "CHANGED: see the lines above."
	exit 1
fi
