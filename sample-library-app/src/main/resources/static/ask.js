/*
 * A question and its answer, which is written while the page shows it.
 *
 * The stream of an answer begins with its first word, whenever the page is loaded. After a
 * lost connection, EventSource reconnects with the id of the last word, and receives the
 * words that follow. After the end of the answer, the response to EventSource is 204, and
 * EventSource stops. The library has stored the answer by then.
 */

import { showConnection, stateOf } from './connection.js';
import { attempt, element, get, post, press, read, request } from './server.js';

const texts = {
	writing: 'The librarian is writing…',
	complete: 'Answered.',
	stopped: 'Stopped before the end.',
	unfinished: 'The answer was not completed. Ask again.',
	failed: 'The librarian could not continue.',
	interrupted: 'The library was stopped in the middle of the answer. Ask again.',
	'too-large': 'The answer is too long.',
};

const timeFormat = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' });

const id = new URLSearchParams(location.search).get('question');
const path = `/me/questions/${encodeURIComponent(id)}`;

let source;

attempt(async () => (await get('/me/questions')).forEach(list));
if (id) {
	element('examples').hidden = true;
	attempt(open);
}

async function open() {
	const question = await get(path);
	element('question').textContent = question.text;
	element('conversation').hidden = false;
	if (question.answer === null) {
		watch();
	}
	else {
		finish(question);
	}
}

function watch() {
	clear();
	showState('writing');
	source = new EventSource(`${path}/answer`);
	source.addEventListener('message', ({ data }) => element('answer').append(data));
	source.addEventListener('gap', clear);
	source.addEventListener('failed', ({ data }) => showState('failed', JSON.parse(data).kind));
	source.addEventListener('open', () => showConnection('open'));
	source.addEventListener('error', () => attempt(endedOrLost));
	source.addEventListener('expired', expire);
	showConnection('connecting');
}

/** EventSource cannot distinguish an end from a lost connection, so ask the library. */
async function endedOrLost() {
	showConnection(stateOf(source));
	const response = await fetch(path, { headers: { 'Accept': 'application/json' } }).catch(() => null);
	if (response?.status === 401) {
		expire();
	}
	else if (response?.ok) {
		const question = await read(response);
		if (question.answer !== null || source.readyState === EventSource.CLOSED) {
			finish(question);
		}
	}
}

function finish({ answer, complete }) {
	source?.close();
	showConnection('none');
	if (answer !== null && answer !== element('answer').textContent) {
		// The stream did not contain the whole answer, or there was no stream
		element('answer').textContent = answer;
		element('answer').dataset.from = 'library';
	}
	if (element('conversation').dataset.state !== 'failed') {
		showState((answer === null) ? 'unfinished' : complete ? 'complete' : 'stopped');
	}
}

function expire() {
	source.close();
	showConnection('expired');
	showState('none');
}

function clear() {
	element('answer').textContent = '';
}

function showState(state, text = state) {
	element('conversation').dataset.state = state;
	element('answer').ariaBusy = (state === 'writing');
	element('answer-state').textContent = texts[text] ?? '';
	element('stop').hidden = (state !== 'writing');
}

function list({ id: each, text, askedAt }) {
	const link = document.createElement('a');
	link.href = `?question=${each}`;
	link.textContent = text;
	if (String(each) === id) {
		link.setAttribute('aria-current', 'page');
	}
	const time = document.createElement('time');
	time.dateTime = askedAt;
	time.textContent = timeFormat.format(new Date(askedAt));
	const item = document.createElement('li');
	item.append(link, time);
	element('earlier').append(item);
	element('nothing-asked').hidden = true;
}

element('ask').addEventListener('submit', (event) => {
	event.preventDefault();
	press(event.submitter, async () => {
		const asked = await post('/me/questions', new FormData(event.target));
		location.search = `?question=${asked.id}`;
	});
});

element('examples').addEventListener('click', ({ target }) => {
	if (target.closest('button')) {
		element('text').value = target.textContent;
		element('text').focus();
	}
});

element('stop').addEventListener('click', (event) => press(event.target, () => request('DELETE', `${path}/answer`)));

element('reconnect').addEventListener('click', () => attempt(open));
