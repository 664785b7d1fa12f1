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

// Makes chat.js of the page chat.mjs, by the interface of esbuild: what is in its folder
// "bin" depends on whether npm runs scripts.

import { build } from "esbuild";

await build({
	entryPoints: ["chat.mjs"],
	bundle: true,
	format: "esm",
	outfile: "chat.js",
	define: { "process.env.NODE_ENV": '"production"' },
	logLevel: "warning"
});
