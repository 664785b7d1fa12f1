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

// One client of streamed answers as a program:
//
//     node answers.mjs <client> <url> <question>
//
// It prints a line of JSON for each thing that the user of the client is told, and for
// each request and its status:
//
//     {"request": {...}}    {"status": 200}

import { fetch } from "undici";

const [client, url, question] = process.argv.slice(2);

function print(line) {
	process.stdout.write(JSON.stringify(line) + "\n");
}

// A fetch of a known version, whichever Node there is
globalThis.fetch = async (input, init) => {
	const headers = new Headers(init?.headers);
	print({ request: {
		method: init?.method ?? "GET",
		url: String(input),
		accept: headers.get("accept"),
		lastEventId: headers.get("last-event-id")
	} });
	const response = await fetch(input, init);
	print({ status: response.status });
	return response;
};

const clients = {

	//     {"chunk": {...}}    {"end": true}    {"error": "..."}

	"openai": async () => {
		const { default: OpenAI } = await import("openai");
		const openai = new OpenAI({ baseURL: url, apiKey: "none", maxRetries: 0 });
		const stream = await openai.chat.completions.create({
			model: "paced",
			messages: [{ role: "user", content: question }],
			stream: true
		});
		for await (const chunk of stream) {
			print({ chunk });
		}
		print({ end: true });
	},

	//     {"chunk": {...}}    {"text": "..."}    {"end": true}    {"error": "..."}

	"tanstack": async () => {
		const { ChatClient, fetchServerSentEvents } = await import("@tanstack/ai-client");
		const chat = new ChatClient({
			connection: fetchServerSentEvents(url),
			onChunk: (chunk) => print({ chunk }),
			onError: (error) => print({ error: `${error.name}: ${error.message}` })
		});
		await chat.sendMessage(question);
		const answer = chat.getMessages().findLast((message) => message.role === "assistant");
		print({ text: (answer?.parts ?? []).map((part) => part.content).join("") });
		print({ end: true });
		chat.stop();
	},

	// Here the question is the id of a run

	"tanstack-join": async () => {
		const { fetchServerSentEvents } = await import("@tanstack/ai-client");
		for await (const chunk of fetchServerSentEvents(url).joinRun(question)) {
			print({ chunk });
		}
		print({ end: true });
	}

};

try {
	await clients[client]();
}
catch (error) {
	print({ error: `${error.constructor.name}: ${error.message}` });
}
