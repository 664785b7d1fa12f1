/*
 * An ordinary form, which the browser sends. The CSRF token is added at the last moment,
 * because signing out in another window renews it.
 */

import { csrfToken, element } from './server.js';

element('sign-in-failed').hidden = !new URLSearchParams(location.search).has('error');

element('sign-in').addEventListener('submit', ({ target }) => target.elements._csrf.value = csrfToken());
