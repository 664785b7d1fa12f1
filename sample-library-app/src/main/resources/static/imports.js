/*
 * The import of new books: a separate stream, which begins with a button and ends with the
 * import.
 */

import { readCopies } from './borrow.js';
import { attempt, begin, element, fromTemplate, read } from './server.js';

// The key of the URL of the import that the page shows, kept when the page is reloaded
const IMPORT = 'import';

let importFeed;

/** Continues to show the import that was shown before the page was reloaded, if there is one. */
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

/** The page does not close this feed: after its end, the response to EventSource is 204, and EventSource stops. */
function importFeedFailed() {
	if (importFeed.readyState !== EventSource.CLOSED) {
		return;
	}
	element('import').dataset.feed = 'closed';
	if (sessionStorage.getItem(IMPORT)) {
		// It failed before its end. EventSource does not tell why: perhaps the user
		// leaves the page
		attempt(askForImport);
	}
}

async function askForImport() {
	const { status } = await fetch(sessionStorage.getItem(IMPORT));
	if (status === 200) {
		// The import exists: only the connection failed
		setTimeout(watchImport, 2000);
	}
	else if (status === 404) {
		// The library was stopped in the middle of the import
		sessionStorage.removeItem(IMPORT);
		element('import-text').textContent = 'The import was interrupted. Start it again: books that exist are skipped.';
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
	// Events that were published while the snapshot was taken arrive again
	if (done >= element('import-lines').childElementCount) {
		element('import-progress').max = total;
		element('import-progress').value = done;
		element('import-text').textContent = title ? `${done} of ${total}: ${title}` : `${total} books to import.`;
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
	const rest = (done < total) ? ` It failed before the end (${total} books).` : '';
	element('import-text').textContent = `${added} new, ${skipped} already there.${rest}`;
	attempt(readCopies);
}

element('import-start').addEventListener('click', () => attempt(startImport));
