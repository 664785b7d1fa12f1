/*
 * The state of a stream, as a page shows it. Once it has ended with what let the reader in
 * ("expired"), it is not waited for: a spinner would turn for ever.
 */

import { element } from './server.js';

const texts = { connecting: 'Connecting…', open: 'Live', closed: 'Closed', expired: 'Signed out.', none: 'Not connected' };

export function showConnection(state) {
	element('connection').dataset.state = state;
	element('connection-text').textContent = texts[state];
	element('sign-in-again').hidden = (state !== 'expired');
	if (element('reconnect')) {
		// EventSource connects again by itself, unless it was answered with an error
		element('reconnect').hidden = (state !== 'closed' && state !== 'expired');
	}
}

export const stateOf = (source) => ['connecting', 'open', 'closed'][source.readyState];
