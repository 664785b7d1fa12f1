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
 * Open streams, some of which are never read. Each event of each is checked: it
 * has to be the next one.
 */

#ifndef STREAMS_H
#define STREAMS_H

#include <stdint.h>

#include "target.h"

struct stream;

struct streams {
	int epoll;
	int port;
	struct stream **all;
	int size;
	int capacity;
	int reading;
	struct target target;
};

/* Gets the events of all streams. */
typedef void receiver(void *context, int64_t number, int64_t sent);

/* How long there was nothing to read, in all. */
extern int64_t idle_nanos;

struct streams *streams_new(int port);

void streams_close(struct streams *streams);

/* Open a stream that gets events from a number on; last_id may be empty. */
struct stream *streams_open(struct streams *streams, int64_t next, const char *last_id);

/* Open a stream that is never read. */
void streams_open_silent(struct streams *streams);

/* Read what has come, not too soon after the last time. Returns whether there was anything. */
int streams_read(struct streams *streams, receiver *receiver, void *context);

/* Whether anything has come. */
int stream_started(const struct stream *stream);

/* Have a stream remember its last id in this place. */
void stream_remember_id(struct stream *stream, char *id, int size);

#endif
