#!/usr/bin/env bash
# Shows that the EventSource of undici ignores a "retry" field in the last line
# of a response, unless an empty line follows it.
#
# By the HTML standard (WHATWG) each field is processed when its line has been
# read, and "retry" sets the reconnection time there and then. The empty line is
# for dispatching an event, and "retry" belongs to none. A server that ends a
# stream in good order can tell its clients with such a line when to come back:
#
#     data: last
#
#     retry: 50
#     (end of the response, with its last chunk)
#
# Seen with Node 20.20.2 (from the end of the response to the next request):
#
#                                       "retry: 50"   with an empty line
#     npm undici 7.30.2 (EventSource)     3034 ms           54 ms
#     npm eventsource 4.1.1                 56 ms           54 ms
#
# 3 s is what undici waits if the server has said nothing.
#
# Needs node and npm. Exits with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{ "private": true }' >package.json
timeout 120 npm install --silent --no-audit --no-fund --no-update-notifier \
	eventsource@4.1.1 undici@7.30.2

cat >show.mjs <<'END'
import http from 'node:http'
import { EventSource } from 'eventsource'
import { EventSource as Undici } from 'undici'

/** Gives the time from the end of a response until the client's next request. */
async function pause(Client, lastLines) {
	const server = http.createServer()
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
	const returned = new Promise((resolve, reject) => {
		let ended
		server.on('request', (request, response) => {
			if (ended) {
				response.writeHead(204).end()
				resolve(Math.round(performance.now() - ended))
				return
			}
			response.writeHead(200, { 'content-type': 'text/event-stream' })
			response.write('data: last\n\n')
			setTimeout(() => {
				ended = performance.now()
				response.end(lastLines)
			}, 100)
		})
		setTimeout(() => reject(new Error('did not come back in 15 s')), 15_000).unref()
	})
	const client = new Client(`http://127.0.0.1:${server.address().port}/`)
	client.onerror = () => { }
	try {
		return await returned
	}
	finally {
		client.close()
		server.close()
		server.closeAllConnections()
	}
}

let asStated = true
for (const [name, Client, honoured] of [['undici 7.30.2', Undici, false], ['eventsource 4.1.1', EventSource, true]]) {
	const line = await pause(Client, 'retry: 50\n')
	const block = await pause(Client, 'retry: 50\n\n')
	console.log(`${name}: ${line} ms after "retry: 50", ${block} ms where an empty line follows`)
	asStated &&= (line < 2000) === honoured && block < 2000
}
console.log(asStated ? 'As stated.' : 'CHANGED: see the lines above.')
process.exit(asStated ? 0 : 1)
END
NODE_NO_WARNINGS=1 timeout 90 node show.mjs
