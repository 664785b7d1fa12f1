/*
 * Talking to the library, and saying so where that fails.
 */

export const element = (id) => document.getElementById(id);

export function fromTemplate(id) {
	return element(id).content.firstElementChild.cloneNode(true);
}

/** What a request that changes something needs: the token that the library put into a cookie. */
export function csrfToken() {
	return document.cookie.split('; ').find((cookie) => cookie.startsWith('XSRF-TOKEN='))?.split('=')[1] ?? '';
}

const headers = () => ({ 'Accept': 'application/json', 'X-XSRF-TOKEN': csrfToken() });

export async function get(url) {
	return read(await fetch(url, { headers: { 'Accept': 'application/json' } }));
}

/** Sends what is given as a form does, or nothing. */
export async function post(url, fields) {
	return read(await fetch(url, { method: 'POST', headers: headers(), body: fields && new URLSearchParams(fields) }));
}

export async function request(method, url) {
	return read(await fetch(url, { method, headers: headers() }));
}

/** Sends nothing, and returns the answer with its headers. */
export async function begin(url) {
	return fetch(url, { method: 'POST', headers: headers() });
}

/** Sends a form as the browser would, without leaving the page. */
export async function send(form) {
	const response = await fetch(form.action,
		{ method: 'POST', headers: { 'X-XSRF-TOKEN': csrfToken() }, body: new URLSearchParams(new FormData(form)),
			redirect: 'manual' });
	// What was done ends with a redirect to this page, and the feed tells of it
	if (response.type !== 'opaqueredirect') {
		await read(response);
	}
}

export async function read(response) {
	const body = await response.json().catch(() => null);
	if (!response.ok) {
		// A problem detail (RFC 9457) says what is wrong
		throw new Error(body?.detail ?? `The library answered with status ${response.status}.`);
	}
	return body;
}

/** Does something, and says so if it cannot be done. */
export async function attempt(action) {
	try {
		await action();
	}
	catch (error) {
		say('error', (error instanceof TypeError) ? 'The library cannot be reached at the moment.' : error.message);
	}
}

/** Does what a button was pressed for; it cannot be pressed again meanwhile. */
export async function press(button, action) {
	hush();
	button.disabled = true;
	await attempt(action);
	button.disabled = false;
}

export function say(kind, text) {
	element('message').dataset.kind = kind;
	element('message-text').textContent = text;
	element('message').hidden = false;
}

function hush() {
	element('message').hidden = true;
	element('message-text').textContent = '';
}

element('message-close').addEventListener('click', hush);
