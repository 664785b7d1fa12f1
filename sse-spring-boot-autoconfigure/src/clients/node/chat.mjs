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

// A page with the useChat of the AI SDK, which esbuild makes one file of. Its address has
// the id of the chat, and the question to ask; without a question the page does what one
// does that is loaded again: it gets the messages that are stored, and resumes. It tells
// the frame around it what its user would see, a line of JSON for each change:
//
//     {"status": "...", "error": "..." or null, "messages": [...]}
//     {"finished": {...}}    {"failed": "..."}    {"data": {...}}    {"tool": {...}}

import { useChat } from "@ai-sdk/react";
import { DefaultChatTransport } from "ai";
import { createElement, useEffect } from "react";
import { createRoot } from "react-dom/client";

const query = new URLSearchParams(location.search);
const id = query.get("chat");
const question = query.get("question");

function tell(line) {
	parent.postMessage(JSON.stringify(line), "*");
}

const stored = await (await fetch("/api/chat/" + encodeURIComponent(id))).json();
const transport = new DefaultChatTransport({
	api: "/api/chat",
	prepareSendMessagesRequest: ({ id, messages }) =>
		({ api: "/api/chat/" + encodeURIComponent(id), body: { message: messages.at(-1) } })
});

function Chat() {
	const { messages, status, error, sendMessage, resumeStream } = useChat({
		id,
		messages: stored,
		transport,
		resume: question === null,
		onFinish: ({ isAbort, isDisconnect, isError, finishReason }) =>
			tell({ finished: { isAbort, isDisconnect, isError, finishReason } }),
		onError: (error) => tell({ failed: error.message }),
		onData: (data) => tell({ data }),
		onToolCall: ({ toolCall }) => tell({ tool: toolCall })
	});
	useEffect(() => {
		if (question !== null) {
			sendMessage({ text: question });
		}
	}, []);
	// It does not come back by itself while the page is in view
	useEffect(() => {
		if (status === "error" && query.has("again")) {
			const timer = setTimeout(() => resumeStream(), 200);
			return () => clearTimeout(timer);
		}
	}, [status]);
	useEffect(() => tell({ status, error: error?.message ?? null, messages }));
	return null;
}

createRoot(document.getElementById("root")).render(createElement(Chat));
