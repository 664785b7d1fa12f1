/*
 * The user who has signed in, and the notifications for that user.
 */

import { nameOf, paint } from './branches.js';
import { attempt, element, fromTemplate, post, press, request, say } from './server.js';
import { expire, on, onExpiry, reopen } from './stream.js';

let stream;
let known = false;

// Each connection has its own stream, which begins with its id and its user
on('welcome', welcome);
on('notifications', (all) => {
	element('notifications').replaceChildren();
	all.forEach(show);
});
on('notification', show);
on('dismissed', (id) => find(id)?.remove());

/** The id of the stream of this page. */
export const streamId = () => stream;

onExpiry(() => {
	known = false;
	showReader({ signedIn: false });
});

function welcome({ stream: id, member, signedIn }) {
	stream = id;
	if (known && !signedIn) {
		// The user was signed out while the connection was lost
		expire();
		return;
	}
	known = signedIn;
	showReader({ member, signedIn });
}

function showReader({ member, signedIn }) {
	document.body.dataset.member = member?.id ?? '';
	element('sign-in').hidden = signedIn;
	element('signed-in').hidden = !signedIn;
	element('to-ask').hidden = !member;
	element('to-desk').hidden = !signedIn || Boolean(member);
	element('card-name').textContent = member?.name ?? 'The librarian';
	element('say').hidden = !member;
	element('say-hint').hidden = Boolean(member);
	if (!member) {
		element('notifications').replaceChildren();
	}
}

function show(notification) {
	if (find(notification.id)) {
		// The snapshot contained it
		return;
	}
	const item = fromTemplate('notification-template');
	item.dataset.notification = notification.id;
	paint(item, notification);
	item.querySelector('cite').textContent = notification.title;
	item.querySelector('.where').textContent = `at ${nameOf(notification.branch)}`;
	item.querySelector('button').setAttribute('aria-label', `Dismiss: ${notification.title} is back`);
	element('notifications').append(item);
}

const find = (id) => document.querySelector(`[data-notification="${CSS.escape(id)}"]`);

element('sign-out').addEventListener('click', (event) => press(event.target, async () => {
	// This ends all streams of the session, including those of other windows
	await post('/sign-out');
	known = false;
	reopen();
}));

element('notifications').addEventListener('click', (event) => {
	const id = event.target.closest('button')?.closest('[data-notification]').dataset.notification;
	if (id) {
		attempt(() => request('DELETE', `/me/notifications/${id}`));
	}
});

element('loans').addEventListener('click', (event) => {
	const button = event.target.closest('.wait');
	if (button) {
		const loan = button.closest('.loan');
		press(button, async () => {
			await request('PUT', `/me/waiting/${loan.dataset.copy}`);
			say('done', `You will be notified when “${loan.querySelector('.book').textContent}” is back.`);
		});
	}
});
