/*
 * The page of the library. It holds two streams: the feed of a branch, or of all, and the
 * clock with all that is small. A third comes and goes with an import.
 *
 * Everything that is shown of loans comes from the feed: first the event "snapshot" with
 * all open loans, then "borrowed" and "returned", one loan each. When the connection was
 * lost, EventSource comes back with the id of the last event, and gets what it missed; or
 * a snapshot again, where that is no longer known.
 */

const ALL = '';
const ACTIVITY_LENGTH = 40;

const element = (id) => document.getElementById(id);

let branches = [];
let branch = ALL;
let feed;

// What is on the page, by id of the loan
const loans = new Map();
// An event leaves after its commit, and two threads that have committed may let theirs leave
// in either order: whoever is quick returns a book before it is told that it was borrowed.
// A loan that was seen to end stays ended
const ended = new Set();


// --- Talking to the server ---------------------------------------------------------------

async function get(url) {
	return read(await fetch(url, { headers: { 'Accept': 'application/json' } }));
}

async function post(url) {
	return read(await fetch(url, { method: 'POST', headers: { 'Accept': 'application/json' } }));
}

/** Sends a form as the browser would, without leaving the page. */
async function send(form) {
	const response = await fetch(form.action,
		{ method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
	// What was done ends with a redirect to this page, and the feed tells of it
	if (response.type !== 'opaqueredirect') {
		await read(response);
	}
}

async function read(response) {
	const body = await response.json().catch(() => null);
	if (!response.ok) {
		// A problem detail (RFC 9457) says what is wrong
		throw new Error(body?.detail ?? `The library answered with status ${response.status}.`);
	}
	return body;
}

/** Does something, and says so if it cannot be done. */
async function attempt(action) {
	try {
		await action();
	}
	catch (error) {
		say('error', (error instanceof TypeError) ? 'The library cannot be reached at the moment.' : error.message);
	}
}

/** Does what a button was pressed for; it cannot be pressed again meanwhile. */
async function press(button, action) {
	hush();
	button.disabled = true;
	await attempt(action);
	button.disabled = false;
}

function say(kind, text) {
	element('message').dataset.kind = kind;
	element('message-text').textContent = text;
	element('message').hidden = false;
}

function hush() {
	element('message').hidden = true;
	element('message-text').textContent = '';
}


// --- The feed ----------------------------------------------------------------------------

function openFeed() {
	feed?.close();
	const url = branch ? `/branches/${encodeURIComponent(branch)}/loans/feed` : '/loans/feed';
	element('feed-url').textContent = url;
	feed = new EventSource(url);
	feed.addEventListener('open', showConnection);
	feed.addEventListener('error', showConnection);
	feed.addEventListener('snapshot', (event) => showAll(JSON.parse(event.data)));
	feed.addEventListener('borrowed', (event) => borrowed(JSON.parse(event.data)));
	feed.addEventListener('returned', (event) => returned(JSON.parse(event.data)));
	showConnection();
}

function showConnection() {
	const state = ['connecting', 'open', 'closed'][feed.readyState];
	const texts = { connecting: 'Connecting…', open: 'Live', closed: 'Closed' };
	element('connection').dataset.state = state;
	element('connection-text').textContent = texts[state];
	// EventSource connects again by itself, unless it was told that there is nothing to connect to
	element('reconnect').hidden = (state !== 'closed');
}

function showAll(open) {
	loans.clear();
	ended.clear();
	element('loans').replaceChildren();
	// The newest is the first of the snapshot, and to be on top
	open.reverse().forEach(add);
	showCount();
	updateCopies();
}

function borrowed(loan) {
	if (ended.has(loan.id) || loans.has(loan.id)) {
		return;
	}
	add(loan).classList.add('fresh');
	tell(loan, 'borrowed', loan.borrowedAt);
	showCount();
	updateCopies();
}

function returned(loan) {
	ended.add(loan.id);
	remove(loan);
	tell(loan, 'returned', loan.returnedAt);
	showCount();
	updateCopies();
}


// --- Open loans --------------------------------------------------------------------------

const dayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const timeFormat = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

function add(loan) {
	const item = fromTemplate('loan-template');
	item.dataset.loan = loan.id;
	item.dataset.copy = loan.copyId;
	paint(item, loan);
	item.querySelector('.book').textContent = loan.title;
	item.querySelector('.author').textContent = branch ? loan.author : `${loan.author} · ${nameOf(loan.branch)}`;
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
	form.querySelector('button').setAttribute('aria-label', `Return ${loan.title}, borrowed by ${loan.member}`);
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

function showCount() {
	element('loan-count').textContent = loans.size;
	element('no-loans').hidden = (loans.size > 0);
}


// --- What happened -----------------------------------------------------------------------

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
	entry.querySelector('.where').textContent = branch ? '' : `at ${nameOf(loan.branch)}`;
	element('activity').prepend(entry);
	element('no-activity').hidden = true;
	while (element('activity').childElementCount > ACTIVITY_LENGTH) {
		element('activity').lastElementChild.remove();
	}
}


// --- Borrowing and returning -------------------------------------------------------------

/** All copies are offered; the feed tells which of them are on loan. */
async function readCopies() {
	const select = element('copy');
	const shown = branch;
	const wanted = branches.filter(({ code }) => !branch || code === branch);
	const groups = await Promise.all(wanted.map(async ({ code, name }) => {
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
	if (shown === branch) {
		select.replaceChildren(select.options[0], ...groups);
		select.value = '';
		updateCopies();
	}
}

function updateCopies() {
	const onLoan = new Set([...loans.values()].map(({ loan }) => String(loan.copyId)));
	const select = element('copy');
	for (const option of select.querySelectorAll('optgroup option')) {
		option.disabled = onLoan.has(option.value);
		option.textContent = `${option.dataset.title} – ${option.disabled ? 'on loan' : option.dataset.author}`;
		if (option.disabled && option.selected) {
			select.value = '';
		}
	}
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

element('loans').addEventListener('submit', (event) => {
	event.preventDefault();
	const title = event.target.closest('.loan').querySelector('.book').textContent;
	press(event.submitter, async () => {
		await send(event.target);
		say('done', `“${title}” is back on its shelf.`);
	});
});


// --- Branches ----------------------------------------------------------------------------

function showBranches() {
	const links = [{ code: ALL, name: 'All branches' }, ...branches].map(({ code, name }) => {
		const link = document.createElement('a');
		link.href = code ? `?branch=${encodeURIComponent(code)}` : '.';
		link.dataset.branch = code || 'all';
		link.textContent = name;
		if (code === branch) {
			link.setAttribute('aria-current', 'page');
		}
		link.addEventListener('click', (event) => {
			event.preventDefault();
			history.pushState(null, '', link.href);
			enter();
		});
		const item = document.createElement('li');
		paint(item, { branch: code });
		item.append(link);
		return item;
	});
	element('branches').replaceChildren(...links);
}

/** Shows the branch that the address of the page names. */
function enter() {
	const code = new URLSearchParams(location.search).get('branch');
	branch = branches.some((known) => known.code === code) ? code : ALL;
	showBranches();
	showAll([]);
	element('no-loans').hidden = true;
	element('activity').replaceChildren();
	element('no-activity').hidden = false;
	openFeed();
	attempt(readCopies);
}

const nameOf = (code) => branches.find((known) => known.code === code)?.name ?? code;

/** Gives an element the colour of a branch. */
function paint(item, { branch: code }) {
	item.dataset.colour = branches.findIndex((known) => known.code === code);
}


// --- The clock, the reading challenge, and the busy day ----------------------------------

let clock;

function openClock() {
	clock?.close();
	clock = new EventSource('/clock');
	clock.addEventListener('tick', (event) => showTime(event.data));
	clock.addEventListener('score', (event) => showScore(JSON.parse(event.data)));
	clock.addEventListener('busy-day', (event) => showBusyDay(JSON.parse(event.data)));
	// The stream tells of changes; what came before it is read
	clock.addEventListener('open', () => attempt(async () => showBusyDay(await get('/simulation'))));
	// There is no snapshot here to be sent again: who begins anew gets the newest of all scores
	clock.addEventListener('gap', openClock);
}

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
		: 'Let visitors borrow and return by themselves.';
	element('busy-day-progress').max = expected;
	element('busy-day-progress').value = running ? visitors : 0;
	element('busy-day-start').disabled = running;
	element('busy-day-stop').disabled = !running;
	// Nobody wants to have a crowd read out
	element('activity').setAttribute('aria-live', running ? 'off' : 'polite');
}

for (const action of ['start', 'stop']) {
	element(`busy-day-${action}`).addEventListener('click',
		() => attempt(async () => showBusyDay(await post(`/simulation/${action}`))));
}


// --- New books ---------------------------------------------------------------------------

// Where the import that is watched is found, also after the page was loaded again
const IMPORT = 'import';

let importFeed;

async function startImport() {
	const response = await fetch('/catalogue/imports', { method: 'POST', headers: { 'Accept': 'application/json' } });
	const state = await read(response);
	sessionStorage.setItem(IMPORT, response.headers.get('Location'));
	showImport(state);
	watchImport();
}

function watchImport() {
	importFeed?.close();
	importFeed = new EventSource(`${sessionStorage.getItem(IMPORT)}/feed`);
	element('import').dataset.feed = 'open';
	importFeed.addEventListener('snapshot', (event) => showImport(JSON.parse(event.data)));
	importFeed.addEventListener('progress', (event) => showImportProgress(JSON.parse(event.data)));
	importFeed.addEventListener('line', (event) => showImportLine(JSON.parse(event.data)));
	importFeed.addEventListener('done', (event) => endImport(JSON.parse(event.data)));
	importFeed.addEventListener('error', importFeedFailed);
}

/** Nobody closes this feed here: when it has ended, EventSource is answered with 204, and stops. */
function importFeedFailed() {
	if (importFeed.readyState !== EventSource.CLOSED) {
		return;
	}
	element('import').dataset.feed = 'closed';
	if (sessionStorage.getItem(IMPORT)) {
		// Before its end. EventSource does not tell why: perhaps this page is being left
		attempt(askForImport);
	}
}

async function askForImport() {
	const { status } = await fetch(sessionStorage.getItem(IMPORT));
	if (status === 404) {
		// The library was closed in the middle of it
		sessionStorage.removeItem(IMPORT);
		element('import-text').textContent = 'The import was interrupted. Begin again: what is there is skipped.';
		element('import-start').disabled = false;
	}
}

function showImport({ running, progress, lines }) {
	element('import-lines').replaceChildren();
	element('import-start').disabled = running;
	lines.forEach(showImportLine);
	showImportProgress(progress);
	if (!running) {
		endImport(progress);
	}
}

function showImportProgress({ done, total, title }) {
	// What was published while the snapshot was taken is in it, and comes once more
	if (done >= element('import-lines').childElementCount) {
		element('import-progress').max = total;
		element('import-progress').value = done;
		element('import-text').textContent = title ? `${done} of ${total}: ${title}` : `${total} books are to come.`;
	}
}

function showImportLine({ number, title, author, added }) {
	if (number > element('import-lines').childElementCount) {
		const item = fromTemplate('import-template');
		item.dataset.added = added;
		item.querySelector('cite').textContent = title;
		item.querySelector('.author').textContent = added ? author : 'already there';
		element('import-lines').append(item);
		element('import-lines').scrollTop = element('import-lines').scrollHeight;
	}
}

function endImport({ done, total, added, skipped }) {
	sessionStorage.removeItem(IMPORT);
	element('import-start').disabled = false;
	const rest = (done < total) ? ` It failed at the next of ${total}.` : '';
	element('import-text').textContent = `${added} new, ${skipped} already there.${rest}`;
	attempt(readCopies);
}

element('import-start').addEventListener('click', () => attempt(startImport));


// --- Start -------------------------------------------------------------------------------

function fromTemplate(id) {
	return element(id).content.firstElementChild.cloneNode(true);
}

async function start() {
	const [allBranches, members] = await Promise.all([get('/branches'), get('/members')]);
	branches = allBranches;
	element('member').append(...members.map(({ id, name }) => new Option(name, id)));
	enter();
	openClock();
	if (sessionStorage.getItem(IMPORT)) {
		watchImport();
	}
}

element('reconnect').addEventListener('click', openFeed);
element('message-close').addEventListener('click', hush);
addEventListener('popstate', enter);
attempt(start);
