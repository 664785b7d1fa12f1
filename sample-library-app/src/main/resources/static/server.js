/*
 * Requests to the library, and messages about their failures.
 */

export const element = (id) => document.getElementById(id);

export function fromTemplate(id) {
	return element(id).content.firstElementChild.cloneNode(true);
}

/** The CSRF token from its cookie, which every request that changes something needs. */
export function csrfToken() {
	return document.cookie.split('; ').find((cookie) => cookie.startsWith('XSRF-TOKEN='))?.split('=')[1] ?? '';
}

const headers = () => ({ 'Accept': 'application/json', 'X-XSRF-TOKEN': csrfToken() });

export async function get(url) {
	return read(await fetch(url, { headers: { 'Accept': 'application/json' } }));
}

/** Sends fields in the format of a form, or nothing. */
export async function post(url, fields) {
	return read(await fetch(url, { method: 'POST', headers: headers(), body: fields && new URLSearchParams(fields) }));
}

export async function request(method, url) {
	return read(await fetch(url, { method, headers: headers() }));
}

/** Sends no body, and returns the response with its headers. */
export async function begin(url) {
	return fetch(url, { method: 'POST', headers: headers() });
}

/** Sends a form as the browser would, without leaving the page. */
export async function send(form) {
	const response = await fetch(form.action,
		{ method: 'POST', headers: { 'X-XSRF-TOKEN': csrfToken() }, body: new URLSearchParams(new FormData(form)),
			redirect: 'manual' });
	// After success, the response redirects to this page, and the feed sends the event
	if (response.type !== 'opaqueredirect') {
		await read(response);
	}
}

export async function read(response) {
	const body = await response.json().catch(() => null);
	if (!response.ok) {
		// A problem detail (RFC 9457) contains the reason
		throw new Error(body?.detail ?? `The library answered with status ${response.status}.`);
	}
	return body;
}

/** Runs an action, and shows a message if it fails. */
export async function attempt(action) {
	try {
		await action();
	}
	catch (error) {
		say('error', (error instanceof TypeError) ? 'The library cannot be reached at the moment.' : error.message);
	}
}

/** Runs the action of a button, which is disabled in the meantime. */
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
