/*
 * The open loans, and the latest activity. Both come from the stream: first all open
 * loans, then "borrowed" and "returned", with one loan each.
 */

import { branch, nameOf, paint } from './branches.js';
import { updateCopies } from './borrow.js';
import { element, fromTemplate, press, say, send } from './server.js';
import { on } from './stream.js';

const ACTIVITY_LENGTH = 40;

// The loans on the page, by their ids
const loans = new Map();
// Events are sent after the commit, and two threads that have committed may send their
// events in either order. So "returned" may arrive before "borrowed" of the same loan.
// A loan that has ended stays ended
const ended = new Set();

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

on('loans', showAll);
on('borrowed', borrowed);
on('returned', returned);

/** Removes everything that is shown, until the stream sends its snapshot. */
export function clear() {
	showAll([]);
	element('no-loans').hidden = true;
	element('activity').replaceChildren();
	element('no-activity').hidden = false;
}

function showAll(open) {
	loans.clear();
	ended.clear();
	element('loans').replaceChildren();
	// The newest loan is the first of the snapshot, and must be on top
	open.reverse().forEach(add);
	showCount();
	offerOthers();
}

function borrowed(loan) {
	if (ended.has(loan.id) || loans.has(loan.id)) {
		return;
	}
	add(loan).classList.add('fresh');
	tell(loan, 'borrowed', loan.borrowedAt);
	showCount();
	offerOthers();
}

function returned(loan) {
	ended.add(loan.id);
	remove(loan);
	tell(loan, 'returned', loan.returnedAt);
	showCount();
	offerOthers();
}

function add(loan) {
	const item = fromTemplate('loan-template');
	item.dataset.loan = loan.id;
	item.dataset.copy = loan.copyId;
	paint(item, loan);
	item.querySelector('.book').textContent = loan.title;
	item.querySelector('.author').textContent = branch() ? loan.author : `${loan.author} · ${nameOf(loan.branch)}`;
	item.querySelector('.who').textContent = loan.member;
	const due = new Date(loan.dueAt);
	const when = item.querySelector('.when');
	when.textContent = `due ${dayFormat.format(due)}`;
	if (due < new Date()) {
		when.textContent = `was due ${dayFormat.format(due)}`;
		when.classList.add('overdue');
	}
	const form = item.querySelector('form');
	form.action = `/loans/${loan.id}/return`;
	form.querySelector('.return').setAttribute('aria-label', `Return ${loan.title}, borrowed by ${loan.member}`);
	form.querySelector('.wait').setAttribute('aria-label', `Tell me when ${loan.title} is back`);
	loans.set(loan.id, { loan, item });
	element('loans').prepend(item);
	return item;
}

function remove({ id }) {
	const item = loans.get(id)?.item;
	loans.delete(id);
	if (item) {
		item.classList.add('leaving');
		item.inert = true;
		setTimeout(() => item.remove(), 350);
	}
}

/** Offers all copies that are not on loan. */
function offerOthers() {
	updateCopies([...loans.values()].map(({ loan }) => loan.copyId));
}

function showCount() {
	element('loan-count').textContent = loans.size;
	element('no-loans').hidden = (loans.size > 0);
}

function tell(loan, verb, instant) {
	const entry = fromTemplate('activity-template');
	paint(entry, loan);
	const time = entry.querySelector('time');
	time.dateTime = instant;
	time.textContent = timeFormat.format(new Date(instant));
	entry.dataset.verb = verb;
	entry.querySelector('.who').textContent = loan.member;
	entry.querySelector('.verb').textContent = verb;
	entry.querySelector('cite').textContent = loan.title;
	entry.querySelector('.where').textContent = branch() ? '' : `at ${nameOf(loan.branch)}`;
	element('activity').prepend(entry);
	element('no-activity').hidden = true;
	while (element('activity').childElementCount > ACTIVITY_LENGTH) {
		element('activity').lastElementChild.remove();
	}
}

element('loans').addEventListener('submit', (event) => {
	event.preventDefault();
	const title = event.target.closest('.loan').querySelector('.book').textContent;
	press(event.submitter, async () => {
		await send(event.target);
		say('done', `“${title}” is back on its shelf.`);
	});
});
