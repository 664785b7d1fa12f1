/*
 * The reading room. Messages arrive on the stream, also at their author. The event that a
 * member is writing arrives at all other clients.
 */

import { streamId } from './card.js';
import { attempt, element, fromTemplate, post, press } from './server.js';
import { on } from './stream.js';

const LENGTH = 50;
const TYPING_SHOWN = 3000;
const TYPING_TOLD = 2000;

const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' });

let typingShown;
let typingTold = 0;

on('messages', (newestFirst) => {
	element('messages').replaceChildren();
	newestFirst.reverse().forEach(show);
});
on('message', show);
on('typing', showTyping, String);

function show(message) {
	if (document.querySelector(`[data-message="${message.id}"]`)) {
		// From the snapshot
		return;
	}
	const item = fromTemplate('message-template');
	item.dataset.message = message.id;
	item.querySelector('.who').textContent = message.member;
	item.querySelector('.text').textContent = message.text;
	item.querySelector('time').dateTime = message.writtenAt;
	item.querySelector('time').textContent = timeFormat.format(new Date(message.writtenAt));
	element('messages').append(item);
	if (element('messages').childElementCount > LENGTH) {
		element('messages').firstElementChild.remove();
	}
	element('messages').scrollTop = element('messages').scrollHeight;
	showTyping('');
}

function showTyping(name) {
	clearTimeout(typingShown);
	element('typing').textContent = name && `${name} is writing…`;
	typingShown = setTimeout(() => element('typing').textContent = '', TYPING_SHOWN);
}

element('text').addEventListener('input', () => {
	if (Date.now() - typingTold > TYPING_TOLD) {
		typingTold = Date.now();
		attempt(() => post('/me/typing', { stream: streamId() }));
	}
});

element('say').addEventListener('submit', (event) => {
	event.preventDefault();
	press(event.submitter, async () => {
		await post('/me/messages', new FormData(event.target));
		event.target.reset();
		typingTold = 0;
	});
});
