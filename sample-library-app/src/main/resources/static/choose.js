/*
 * Topics that the page chooses: GET /live?topic=...&topic=..., the path of sse.endpoint.path.
 * The library decides which of them are allowed.
 */

import { follow, showConnection } from './connection.js';
import { attempt, element, get } from './server.js';

const LENGTH = 40;

let source;

attempt(async () => {
	for (const { code, name } of await get('/branches')) {
		const box = document.createElement('input');
		box.type = 'checkbox';
		box.name = 'branch';
		box.value = code;
		const label = document.createElement('label');
		label.append(box, ` ${name}`);
		element('choice').append(label);
	}
});

element('choice').addEventListener('change', () => {
	source?.close();
	const topics = new FormData(element('choice')).getAll('branch')
		.map((code) => ['topic', `branches/${encodeURIComponent(code)}/loans`]);
	const url = topics.length ? `/live?${new URLSearchParams(topics)}` : '';
	element('feed-url').textContent = url;
	if (!url) {
		showConnection('none');
		return;
	}
	source = new EventSource(url);
	source.addEventListener('borrowed', (event) => tell(JSON.parse(event.data), 'borrowed'));
	source.addEventListener('returned', (event) => tell(JSON.parse(event.data), 'returned'));
	follow(source);
});

function tell({ member, title, branch }, verb) {
	const item = document.createElement('li');
	item.textContent = `${member} ${verb} ${title} (${branch})`;
	element('activity').prepend(item);
	element('no-activity').hidden = true;
	if (element('activity').childElementCount > LENGTH) {
		element('activity').lastElementChild.remove();
	}
}
