#!/usr/bin/env bash
# Shows that clients disagree on whether a block with an id and without data
# changes the last event id.
#
# By the HTML standard (WHATWG) the empty line that ends a block sets the last
# event id first, and only then is it checked whether there is data to dispatch.
# So after
#
#     id: 1
#     data: first
#
#     id: 2
#
# and a lost connection, a client should resume with "Last-Event-ID: 2". A
# server depends on that if it moves clients past events that are not for them.
#
# Seen with Node 20.20.2 (the id that the client resumes with):
#
#     npm eventsource 4.1.1               1
#     npm eventsource 3.0.7               1
#     npm launchdarkly-eventsource 2.2.0  1
#     npm eventsource 2.0.2               2
#     npm undici 7.30.2 (EventSource)     2
#
# So eventsource did as the standard says until its version 2. Where the second
# block has data, all five resume with 2.
#
# Needs node and npm. Exits with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

echo '{ "private": true }' >package.json
timeout 120 npm install --silent --no-audit --no-fund --no-update-notifier \
	eventsource4@npm:eventsource@4.1.1 \
	eventsource3@npm:eventsource@3.0.7 \
	eventsource2@npm:eventsource@2.0.2 \
	launchdarkly-eventsource@2.2.0 \
	undici@7.30.2

cat >show.mjs <<'END'
import http from 'node:http'
import { EventSource as EventSource4 } from 'eventsource4'
import { EventSource as EventSource3 } from 'eventsource3'
import EventSource2 from 'eventsource2'
import launchDarkly from 'launchdarkly-eventsource'
import { EventSource as Undici } from 'undici'

const clients = [
	['eventsource 4.1.1', EventSource4, '1'],
	['eventsource 3.0.7', EventSource3, '1'],
	['launchdarkly-eventsource 2.2.0', launchDarkly.EventSource, '1'],
	['eventsource 2.0.2', EventSource2, '2'],
	['undici 7.30.2', Undici, '2']
]

/** Gives the id that a client comes back with after the given second block. */
async function resumedWith(Client, secondBlock) {
	const server = http.createServer()
	await new Promise(resolve => server.listen(0, '127.0.0.1', resolve))
	const returned = new Promise((resolve, reject) => {
		let requests = 0
		server.on('request', (request, response) => {
			requests++
			if (requests > 1) {
				response.writeHead(204).end()
				resolve(request.headers['last-event-id'] ?? 'none')
				return
			}
			response.writeHead(200, { 'content-type': 'text/event-stream' })
			response.write('retry: 50\nid: 1\ndata: first\n\n' + secondBlock)
			setTimeout(() => response.destroy(), 300)
		})
		setTimeout(() => reject(new Error('did not come back in 10 s')), 10_000).unref()
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
for (const [name, Client, stated] of clients) {
	const withoutData = await resumedWith(Client, 'id: 2\n\n')
	const withData = await resumedWith(Client, 'id: 2\ndata: second\n\n')
	console.log(`${name} comes back with id ${withoutData}; where the block has data, with ${withData}`)
	asStated &&= withoutData === stated && withData === '2'
}
console.log(asStated ? 'As stated.' : 'CHANGED: see the lines above.')
process.exit(asStated ? 0 : 1)
END
NODE_NO_WARNINGS=1 timeout 120 node show.mjs
