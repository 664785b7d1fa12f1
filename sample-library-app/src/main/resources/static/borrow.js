/*
 * The form to borrow a book.
 */

import { branch, shown } from './branches.js';
import { attempt, element, get, press, say, send } from './server.js';

let onLoan = new Set();

/** Reads the copies of the branches that are shown. */
export async function readCopies() {
	const select = element('copy');
	const wanted = branch();
	const groups = await Promise.all(shown().map(async ({ code, name }) => {
		const group = document.createElement('optgroup');
		group.label = name;
		for (const copy of await get(`/branches/${encodeURIComponent(code)}/copies`)) {
			const option = new Option('', copy.id);
			option.dataset.branch = code;
			option.dataset.title = copy.title;
			option.dataset.author = copy.author;
			group.append(option);
		}
		return group;
	}));
	if (wanted === branch()) {
		const chosen = select.value;
		select.replaceChildren(select.options[0], ...groups);
		select.value = chosen;
		select.value ||= '';
		showWhichAreOnLoan();
	}
}

/** Disables the copies that are on loan. */
export function updateCopies(ids) {
	onLoan = new Set(ids.map(String));
	showWhichAreOnLoan();
}

function showWhichAreOnLoan() {
	const select = element('copy');
	for (const option of select.querySelectorAll('optgroup option')) {
		option.disabled = onLoan.has(option.value);
		option.textContent = `${option.dataset.title} – ${option.disabled ? 'on loan' : option.dataset.author}`;
		if (option.disabled && option.selected) {
			select.value = '';
		}
	}
}

export function showMembers(members) {
	element('member').append(...members.map((member) => new Option(member.name, member.id)));
}

element('copy').addEventListener('change', () => {
	const option = element('copy').selectedOptions[0];
	element('borrow').action = `/branches/${encodeURIComponent(option.dataset.branch)}/loans`;
});

element('borrow').addEventListener('submit', (event) => {
	event.preventDefault();
	const title = element('copy').selectedOptions[0].dataset.title;
	const member = element('member').selectedOptions[0].text;
	press(event.submitter, async () => {
		await send(event.target);
		say('done', `${member} has borrowed “${title}”.`);
	});
});
