/*
 * The state of a stream, as a page shows it. After the login of the reader has ended
 * ("expired"), the page does not wait for a reconnect: a spinner would turn forever.
 */

import { element } from './server.js';

const texts = { connecting: 'Connecting…', open: 'Live', closed: 'Closed', expired: 'Signed out.', none: 'Not connected' };

export function showConnection(state) {
	element('connection').dataset.state = state;
	element('connection-text').textContent = texts[state];
	element('sign-in-again').hidden = (state !== 'expired');
	if (element('reconnect')) {
		// EventSource reconnects by itself, except after a response with an error
		element('reconnect').hidden = (state !== 'closed' && state !== 'expired');
	}
}

/*
 * Shows the state of a stream that requires a login. If the stream is refused, no user or
 * another user is signed in.
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
