/*
 * The clock, the reading challenge, and the busy day.
 */

import { nameOf, paint } from './branches.js';
import { attempt, element, fromTemplate, post } from './server.js';
import { on } from './stream.js';

const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

on('tick', showTime, String);
on('score', showScore);
on('busy-day', showBusyDay);

function showTime(instant) {
	const now = new Date(instant);
	element('clock').dateTime = instant;
	element('clock').textContent = timeFormat.format(now);
	const turn = (hand, degrees) => element(hand).setAttribute('transform', `rotate(${degrees} 50 50)`);
	turn('second-hand', now.getSeconds() * 6);
	turn('minute-hand', now.getMinutes() * 6 + now.getSeconds() / 10);
	turn('hour-hand', (now.getHours() % 12) * 30 + now.getMinutes() / 2);
}

function showScore({ branch: code, lent, onLoan }) {
	const item = document.querySelector(`.score[data-branch="${CSS.escape(code)}"]`) ?? addScore(code);
	item.dataset.lent = lent;
	item.querySelector('.lent').textContent = lent;
	item.querySelector('.on-loan').textContent = `${onLoan} on loan`;
	const items = [...element('scores').children].sort((one, other) => other.dataset.lent - one.dataset.lent);
	for (const each of items) {
		each.querySelector('progress').max = items[0].dataset.lent;
		each.querySelector('progress').value = each.dataset.lent;
	}
	if (items.some((each, i) => each !== element('scores').children[i])) {
		element('scores').replaceChildren(...items);
	}
}

function addScore(code) {
	const item = fromTemplate('score-template');
	item.dataset.branch = code;
	paint(item, { branch: code });
	item.querySelector('.name').textContent = nameOf(code);
	item.querySelector('progress').setAttribute('aria-label', `Books lent at ${nameOf(code)}`);
	element('scores').append(item);
	return item;
}

function showBusyDay({ running, visitors, expected }) {
	element('busy-day-text').textContent = running ? `${visitors} of ${expected} visitors have come.`
		: 'Simulate visitors who borrow and return books.';
	element('busy-day-progress').max = expected;
	element('busy-day-progress').value = running ? visitors : 0;
	element('busy-day-start').disabled = running;
	element('busy-day-stop').disabled = !running;
	// Screen readers should not announce every visitor of a busy day
	element('activity').setAttribute('aria-live', running ? 'off' : 'polite');
}

for (const action of ['start', 'stop']) {
	element(`busy-day-${action}`).addEventListener('click',
		() => attempt(() => post(`/simulation/${action}`)));
}
