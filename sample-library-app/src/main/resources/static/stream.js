/*
 * The one stream of the page. Whoever shows something says which events it wants.
 *
 * First come the snapshots: "loans", "messages", "busy-day", and "notifications" for a
 * member; then what happens. When the connection was lost, EventSource comes back with the
 * id of the last event, and gets what it missed; or the snapshots again, where that is no
 * longer known. So a snapshot may come at any time, and replaces what is shown.
 *
 * An event "expired" is the last of a stream whose reader has been signed out, here or in
 * another window, or for not having done anything for long. EventSource would come back,
 * as anybody; the page says so instead.
 */

import { showConnection, stateOf } from './connection.js';
import { element } from './server.js';

const listeners = [];
const expiryListeners = [];

let source;
let address;

/** Has something done with the data of each event of a name. */
export function on(name, action, read = JSON.parse) {
	listeners.push([name, (event) => action(read(event.data))]);
}

/** Has something done when the reader has been signed out. */
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

/** Begins anew, with the snapshots: as somebody else, or after EventSource has given up. */
export function reopen() {
	open(address);
}

/** Ends the stream, and says that the reader has been signed out. */
export function expire() {
	source.close();
	showConnection('expired');
	expiryListeners.forEach((action) => action());
}

function show() {
	showConnection(stateOf(source));
}

element('reconnect').addEventListener('click', reopen);
