/*
 * The page of the library. One stream feeds it (stream.js), and a second one while books
 * are imported (imports.js).
 */

import './board.js';
import { readCopies, showMembers } from './borrow.js';
import * as branches from './branches.js';
import './card.js';
import './chat.js';
import { watchAgain } from './imports.js';
import { clear } from './loans.js';
import { attempt, get } from './server.js';
import { open } from './stream.js';

attempt(async () => {
	const [all, members] = await Promise.all([get('/branches'), get('/members')]);
	showMembers(members);
	branches.start(all, enter);
	watchAgain();
});

function enter() {
	clear();
	open(branches.branch() ? `/feed?branch=${encodeURIComponent(branches.branch())}` : '/feed');
	attempt(readCopies);
}
