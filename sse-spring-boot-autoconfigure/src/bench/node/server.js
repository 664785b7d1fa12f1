/*
 * Copyright 2026-present the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

// A channel of better-sse as a server program: package-info.java of the servers.

import { createServer } from "node:http";
import { createServer as createControl } from "node:net";
import { createInterface } from "node:readline";
import { createChannel, createSession } from "better-sse";

const channel = createChannel();

const http = createServer(async (request, response) => {
	const session = await createSession(request, response, { keepAlive: null });
	channel.register(session);
});

const control = createControl((connection) => {
	connection.setNoDelay(true);
	connection.on("error", () => {});
	createInterface({ input: connection }).on("line", (line) => {
		if (line === "?") {
			connection.write(`${channel.sessionCount}\n`);
		} else if (line === "heap") {
			global.gc();
			connection.write(`${process.memoryUsage().heapUsed}\n`);
		} else if (line.startsWith("{")) {
			const tick = JSON.parse(line);
			channel.broadcast(tick, "tick", { eventId: String(tick.number) });
		} else {
			connection.write("-1\n");
		}
	});
});

http.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
	control.listen(0, "127.0.0.1", () => {
		console.log(`ready ${http.address().port} ${control.address().port}`);
	});
});

process.stdin.on("end", () => process.exit(0)).resume();
