/*
 * The import of new books: a stream of its own, which begins with a button and ends with
 * the import.
 */

import { readCopies } from './borrow.js';
import { attempt, begin, element, fromTemplate, read } from './server.js';

// Where the import that is watched is found, also after the page was loaded again
const IMPORT = 'import';

let importFeed;

/** Watches the import that was watched before the page was loaded again, if there is one. */
export function watchAgain() {
	if (sessionStorage.getItem(IMPORT)) {
		watchImport();
	}
}

async function startImport() {
	const response = await begin('/catalogue/imports');
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
	if (status === 200) {
		// It is there: what failed was the way to it
		setTimeout(watchImport, 2000);
	}
	else if (status === 404) {
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
