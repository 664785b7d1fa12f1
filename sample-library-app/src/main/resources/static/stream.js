/*
 * The one stream of the page. Whoever shows something says which events it wants.
 *
 * First come the snapshots: "loans", "messages", "busy-day", and "notifications" for a
 * member; then what happens. When the connection was lost, EventSource comes back with the
 * id of the last event, and gets what it missed; or the snapshots again, where that is no
 * longer known. So a snapshot may come at any time, and replaces what is shown.
 */

import { element } from './server.js';

const listeners = [];

let source;
let address;

/** Has something done with the data of each event of a name. */
export function on(name, action, read = JSON.parse) {
	listeners.push([name, (event) => action(read(event.data))]);
}

export function open(url) {
	source?.close();
	address = url;
	element('feed-url').textContent = url;
	source = new EventSource(url);
	source.addEventListener('open', showConnection);
	source.addEventListener('error', showConnection);
	for (const [name, listener] of listeners) {
		source.addEventListener(name, listener);
	}
	showConnection();
}

/** Begins anew, with the snapshots: as somebody else, or after EventSource has given up. */
export function reopen() {
	open(address);
}

function showConnection() {
	const state = ['connecting', 'open', 'closed'][source.readyState];
	const texts = { connecting: 'Connecting…', open: 'Live', closed: 'Closed' };
	element('connection').dataset.state = state;
	element('connection-text').textContent = texts[state];
	// EventSource connects again by itself, unless it was answered with an error
	element('reconnect').hidden = (state !== 'closed');
}

element('reconnect').addEventListener('click', reopen);
