/*
 * The one stream of the page. The other modules register for the events that they show.
 *
 * The stream begins with the snapshots: "loans", "messages", "busy-day", and
 * "notifications" for a member. Then come the live events. After a lost connection,
 * EventSource reconnects with the id of the last event, and receives the events that it
 * missed, or the snapshots again if these are no longer kept. So a snapshot may arrive at
 * any time, and replaces what is shown.
 *
 * The event "expired" is the last one of a stream whose reader has been signed out, in this
 * or another window or after a long time without activity. EventSource would reconnect
 * without a user; the page shows a message instead.
 */

import { showConnection, stateOf } from './connection.js';
import { element } from './server.js';

const listeners = [];
const expiryListeners = [];

let source;
let address;

/** Registers an action for the data of each event with a name. */
export function on(name, action, read = JSON.parse) {
	listeners.push([name, (event) => action(read(event.data))]);
}

/** Registers an action for the moment when the reader is signed out. */
export function onExpiry(action) {
	expiryListeners.push(action);
}

export function open(url) {
	source?.close();
	address = url;
	element('feed-url').textContent = url;
	source = new EventSource(url);
	source.addEventListener('open', show);
	source.addEventListener('error', show);
	source.addEventListener('expired', expire);
	for (const [name, listener] of listeners) {
		source.addEventListener(name, listener);
	}
	show();
}

/** Opens a new stream with snapshots, for another user or after EventSource has stopped. */
export function reopen() {
	open(address);
}

/** Ends the stream, and shows that the reader has been signed out. */
export function expire() {
	source.close();
	showConnection('expired');
	expiryListeners.forEach((action) => action());
}

function show() {
	showConnection(stateOf(source));
}

element('reconnect').addEventListener('click', reopen);
