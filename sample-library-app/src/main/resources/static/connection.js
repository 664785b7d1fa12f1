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

/*
 * Shows the state of a stream that only those may read who are signed in: one that is
 * refused is answered so when nobody is, or somebody else.
 */
export function follow(source, ended = () => {}) {
	const expire = () => {
		source.close();
		showConnection('expired');
		ended();
	};
	const show = () => (source.readyState === EventSource.CLOSED) ? expire() : showConnection(stateOf(source));
	source.addEventListener('open', show);
	source.addEventListener('error', show);
	source.addEventListener('expired', expire);
	show();
}

export const stateOf = (source) => ['connecting', 'open', 'closed'][source.readyState];
