/*
 * A stream with a bearer token, read with fetch because EventSource cannot send a token.
 */

import { showConnection } from './connection.js';
import { eventsOf } from './events.js';
import { attempt, element, post, press } from './server.js';

const PAUSE = 2000;

let reading;

element('get-token').addEventListener('click', (event) => press(event.target, async () => {
	const { token, validFor } = await post('/me/token');
	reading?.abort();
	reading = new AbortController();
	element('token-text').textContent = `The token is valid for ${validFor} seconds.`;
	attempt(() => read(token, reading.signal));
}));

/** Reads until the token has expired. After a lost connection, it continues after the last id. */
async function read(token, signal) {
	let lastId;
	while (!signal.aborted) {
		showConnection('connecting');
		try {
			const headers = { 'Accept': 'text/event-stream', 'Authorization': `Bearer ${token}` };
			if (lastId) {
				headers['Last-Event-ID'] = lastId;
			}
			const response = await fetch('/api/notifications/feed', { headers, signal, cache: 'no-store' });
			if (response.status === 401) {
				expire();
				return;
			}
			if (!response.ok) {
				showConnection('closed');
				throw new Error(`The library answered with status ${response.status}.`);
			}
			showConnection('open');
			for await (const event of eventsOf(response.body)) {
				lastId = event.id ?? lastId;
				if (event.name === 'expired') {
					expire();
					return;
				}
				show(event);
			}
		}
		catch (error) {
			if (!(error instanceof TypeError) && error.name !== 'AbortError') {
				throw error;
			}
		}
		await new Promise((resolve) => setTimeout(resolve, PAUSE));
	}
}

function expire() {
	showConnection('none');
	element('token-text').textContent = 'The token has expired: get a new one.';
}

function show({ name, data }) {
	if (name === 'snapshot') {
		element('notifications').replaceChildren();
		JSON.parse(data).forEach(add);
	}
	else if (name === 'notification') {
		add(JSON.parse(data));
	}
	else if (name === 'dismissed') {
		find(data)?.remove();
	}
}

const find = (id) => document.querySelector(`[data-notification="${CSS.escape(id)}"]`);

function add({ id, title, branch }) {
	if (!find(id)) {
		const item = document.createElement('li');
		item.dataset.notification = id;
		item.textContent = `${title} is back (${branch})`;
		element('notifications').append(item);
	}
}
