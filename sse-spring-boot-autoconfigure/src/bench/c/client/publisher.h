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

/*
 * How a server is told to publish: by lines to its control port, or by requests
 * to Nchan that follow each other on one connection.
 */

#ifndef PUBLISHER_H
#define PUBLISHER_H

#include <stdint.h>

#include "target.h"

struct publisher;

/* The kind is "control" or "nchan". */
struct publisher *publisher_new(const char *kind, int port);

void publisher_close(struct publisher *publisher);

/* Have consecutive events published. */
void publisher_publish(struct publisher *publisher, int64_t number, int count, int64_t sent, int size,
		const struct target *target);

/* Ask for the number of open streams, when all events are published. */
int publisher_streams(struct publisher *publisher);

/* Ask for something else; negative if the server does not know. */
int64_t publisher_ask(struct publisher *publisher, const char *question);

#endif
