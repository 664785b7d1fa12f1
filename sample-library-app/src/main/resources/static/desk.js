/*
 * The desk of the librarian: a stream that only librarians may read.
 */

import { follow } from './connection.js';
import { element, post, press } from './server.js';

const source = new EventSource('/desk/feed');
source.addEventListener('snapshot', (event) => showAll(JSON.parse(event.data)));
source.addEventListener('waiting', (event) => {
	add(JSON.parse(event.data));
	showWhether();
});
source.addEventListener('back', (event) => {
	document.querySelectorAll(`#waiting [data-copy="${CSS.escape(event.data)}"]`).forEach((item) => item.remove());
	showWhether();
});
follow(source, () => showAll([]));

function showAll(all) {
	element('waiting').replaceChildren();
	all.forEach(add);
	showWhether();
}

function add({ copyId, title, branch, member }) {
	const key = `${copyId} ${member}`;
	if ([...element('waiting').children].some((item) => item.dataset.key === key)) {
		// The snapshot contained it
		return;
	}
	const item = document.createElement('li');
	item.dataset.key = key;
	item.dataset.copy = copyId;
	item.textContent = `${member}: ${title} (${branch})`;
	element('waiting').append(item);
}

function showWhether() {
	element('nobody').hidden = element('waiting').childElementCount > 0;
}

element('sign-out').addEventListener('click', (event) => press(event.target, () => post('/sign-out')));
