/*
 * The branches of the library. The page shows one of them, or all.
 */

import { element } from './server.js';

export const ALL = '';

let branches = [];
let current = ALL;
let enter;

/** The code of the branch that is shown. */
export const branch = () => current;

/** The branches that are shown. */
export const shown = () => branches.filter(({ code }) => !current || code === current);

export const nameOf = (code) => branches.find((known) => known.code === code)?.name ?? code;

/** Gives an element the colour of a branch. */
export function paint(item, { branch: code }) {
	item.dataset.colour = branches.findIndex((known) => known.code === code);
}

/** Shows the branch that the address of the page names, now and whenever it changes. */
export function start(all, entered) {
	branches = all;
	enter = entered;
	show();
	addEventListener('popstate', show);
}

function show() {
	const code = new URLSearchParams(location.search).get('branch');
	current = branches.some((known) => known.code === code) ? code : ALL;
	const links = [{ code: ALL, name: 'All branches' }, ...branches].map(linkTo);
	element('branches').replaceChildren(...links);
	enter();
}

function linkTo({ code, name }) {
	const link = document.createElement('a');
	link.href = code ? `?branch=${encodeURIComponent(code)}` : '.';
	link.dataset.branch = code || 'all';
	link.textContent = name;
	if (code === current) {
		link.setAttribute('aria-current', 'page');
	}
	link.addEventListener('click', (event) => {
		if (event.ctrlKey || event.metaKey || event.shiftKey) {
			// The browser opens another tab or window
			return;
		}
		event.preventDefault();
		history.pushState(null, '', link.href);
		show();
	});
	const item = document.createElement('li');
	paint(item, { branch: code });
	item.append(link);
	return item;
}
