/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

// One client of another project as a program:
//
//     node client.mjs <client> <url> [<names of events to listen for, with commas>]
//
// It prints a line of JSON for each thing that the user of the client is told:
//
//     {"event": "name", "data": "...", "id": "...", "via": "any" or "listener"}
//     {"open": true}    {"error": "..."}    {"end": true}    {"stopped": true}
//
// where "via" says whether the client has one callback for all events, or calls those
// that have asked for a name. It runs until it is killed, or until the client has stopped
// by itself. Without arguments it prints the names of the clients.

import { fetch } from "undici";

// A fetch of a known version, whichever Node there is
globalThis.fetch = fetch;

const [client, url, names = ""] = process.argv.slice(2);

function print(line) {
	process.stdout.write(JSON.stringify(line) + "\n");
}

function printEvent(event, via) {
	print({
		event: event.event ?? event.type,
		data: event.data ?? null,
		id: event.lastEventId ?? event.id ?? null,
		via
	});
}

// The interface of browsers, which many have

function listen(source) {
	for (const name of ["message", ...names.split(",").filter(Boolean)]) {
		source.addEventListener(name, (event) => printEvent(event, "listener"));
	}
	source.addEventListener("open", () => print({ open: true }));
	source.addEventListener("error", (event) => print({ error: String(event.message ?? event.status ?? "") }));
	// undici waits with a timer that does not keep the program from ending
	const alive = setInterval(() => source.readyState === 2 && clearInterval(alive), 50);
	return source;
}

// @microsoft/fetch-event-source and its fork

async function fetchEventSource({ fetchEventSource }) {
	globalThis.window = globalThis;
	globalThis.document = { hidden: false, addEventListener() {}, removeEventListener() {} };
	await fetchEventSource(url, {
		onmessage: (message) => printEvent(message, "any"),
		onclose: () => print({ end: true }),
		onerror: (error) => print({ error: String(error) })
	});
}

// eventsource-parser, in the loop of its documentation, which comes back as a browser would

async function parserLoop({ createParser }) {
	let lastEventId;
	let retry = 1000;
	const parser = createParser({
		onEvent(event) {
			lastEventId = event.id ?? lastEventId;
			printEvent({ ...event, event: event.event ?? "message" }, "any");
		},
		onRetry: (interval) => retry = interval
	});
	for (;;) {
		try {
			const response = await fetch(url, { headers: lastEventId ? { "Last-Event-ID": lastEventId } : {} });
			if (response.status !== 200) {
				print({ error: String(response.status) });
				return;
			}
			print({ open: true });
			const decoder = new TextDecoder();
			for await (const chunk of response.body) {
				parser.feed(decoder.decode(chunk, { stream: true }));
			}
			print({ end: true });
		}
		catch (error) {
			print({ error: String(error) });
		}
		parser.reset();
		await new Promise((resolve) => setTimeout(resolve, retry));
	}
}

// What sse.js needs of a browser

class XMLHttpRequest extends EventTarget {

	static HEADERS_RECEIVED = 2;

	readyState = 0;

	status = 0;

	responseText = "";

	#headers = {};

	#answer;

	#abort = new AbortController();

	open(method, url) {
		this.method = method;
		this.url = url;
	}

	setRequestHeader(name, value) {
		this.#headers[name] = value;
	}

	getAllResponseHeaders() {
		return [...this.#answer.headers].map(([name, value]) => name + ": " + value).join("\r\n");
	}

	async send() {
		try {
			this.#answer = await fetch(this.url,
				{ method: this.method, headers: this.#headers, signal: this.#abort.signal });
			this.status = this.#answer.status;
			this.#become(2);
			const decoder = new TextDecoder();
			for await (const chunk of this.#answer.body ?? []) {
				this.responseText += decoder.decode(chunk, { stream: true });
				this.#become(3);
				this.dispatchEvent(new Event("progress"));
			}
			this.#become(4);
			this.dispatchEvent(new Event("load"));
		}
		catch (error) {
			this.#become(4);
			this.dispatchEvent(new Event("error"));
		}
	}

	abort() {
		this.#abort.abort();
	}

	#become(state) {
		this.readyState = state;
		this.dispatchEvent(new Event("readystatechange"));
	}

}

const clients = {

	"eventsource-2": async () => listen(new (await import("eventsource-2")).default(url)),

	"eventsource-3": async () => listen(new (await import("eventsource-3")).EventSource(url)),

	"eventsource-4": async () => listen(new (await import("eventsource")).EventSource(url)),

	"eventsource-client": async () => (await import("eventsource-client")).createEventSource({
		url,
		onMessage: (message) => printEvent({ ...message, event: message.event ?? "message" }, "any"),
		onConnect: () => print({ open: true }),
		onDisconnect: () => print({ end: true })
	}),

	"eventsource-parser": async () => parserLoop(await import("eventsource-parser")),

	"microsoft-fetch-event-source": async () => fetchEventSource(
		(await import("node:module")).createRequire(import.meta.url)("@microsoft/fetch-event-source")),

	"fortaine-fetch-event-source": async () => fetchEventSource(await import("@fortaine/fetch-event-source")),

	"launchdarkly-eventsource": async () => {
		const source = listen(new (await import("launchdarkly-eventsource")).EventSource(url));
		source.addEventListener("end", () => print({ end: true }));
	},

	"undici": async () => listen(new (await import("undici")).EventSource(url)),

	"event-source-polyfill": async () => listen(
		new (await import("event-source-polyfill")).default.EventSourcePolyfill(url, {})),

	"sse.js": async () => {
		globalThis.XMLHttpRequest = XMLHttpRequest;
		listen(new (await import("sse.js")).SSE(url, { autoReconnect: true }));
	}

};

if (url === undefined) {
	Object.keys(clients).forEach((name) => console.log(name));
}
else {
	process.on("beforeExit", () => {
		print({ stopped: true });
		process.exit();
	});
	await clients[client]();
}
