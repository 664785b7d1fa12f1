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
 * The parts of the load client: commands (load_client.c), streams (streams.c),
 * the ways to publish (publisher.c), and measurements (run.c).
 */

#ifndef LOAD_CLIENT_H
#define LOAD_CLIENT_H

#include <stddef.h>
#include <stdint.h>

/* Nanoseconds of a monotonic clock. */
int64_t now(void);

void sleep_micros(int64_t micros);

/* End the current command: something is wrong. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* End the current command: the server does not answer. */
_Noreturn void stall(void);

/*
 * Which events go to which stream. EVENTS: every stream receives all events, of
 * one topic. ALL: the same, with many topics that every stream subscribes to by
 * one pattern. TOPICS and PATTERNS: event n goes to topic n % topics, which is one
 * of the topics of stream n % topics % streams alone.
 */
struct target {
	enum { EVENTS, ALL, TOPICS, PATTERNS } kind;
	int64_t topics;
	int64_t streams;
};

/* The text is "events", "all:<topics>", "topics:<topics>" or "patterns". */
struct target target_parse(const char *text, int streams);

void target_topic(const struct target *target, int64_t number, char *topic, size_t size);

/* The number of streams that receive an event. */
int target_receivers(const struct target *target);

/* Open streams, some of which are never read. Each event must be the next one of its stream. */
struct streams {
	int epoll;
	int port;
	struct stream **all;
	int size;
	int capacity;
	int reading;
	struct target target;
	int64_t events; /* that were received */
	void (*on_event)(int64_t number, int64_t sent); /* may be NULL */
};

/* Time in which there was nothing to read. */
extern int64_t idle_nanos;

struct streams *streams_new(int port);

void streams_close(struct streams *streams);

/* Open a stream that receives events from a number on; last_id may be empty. */
struct stream *streams_open(struct streams *streams, int64_t next, const char *last_id);

void streams_open_silent(struct streams *streams);

/* Read at most so many streams that have something to read, without waiting. Returns how many. */
int streams_poll(struct streams *streams, int most);

/* Read all streams, not too soon after the last time. Returns whether there was anything. */
int streams_read(struct streams *streams);

/* Whether a stream has received anything. */
int stream_started(const struct stream *stream);

/* Have the last id of a stream written to this place. */
void stream_remember_id(struct stream *stream, char *id, int size);

/* The kind is "control" or "nchan". */
struct publisher *publisher_new(const char *kind, int port);

void publisher_close(struct publisher *publisher);

/* Publish consecutive events. */
void publisher_publish(struct publisher *publisher, int64_t number, int count, int64_t sent, int size,
		const struct target *target);

/* Ask for the number of open streams, after all events are published. */
int publisher_streams(struct publisher *publisher);

/* Ask another question; negative if the server has no answer. */
int64_t publisher_ask(struct publisher *publisher, const char *question);

/* A plan ends after a time, or earlier after a number of deliveries. */
struct plan {
	int64_t window; /* maximum number of events in flight */
	int64_t burst; /* number of events that are published at once */
	int64_t rate; /* events per second, 0 for as many as the window allows */
	int64_t size; /* bytes of the JSON of an event */
	int64_t millis;
	int64_t deliveries;
};

struct outcome {
	int stalled;
	int64_t deliveries;
	int64_t nanos; /* from the first event to the last delivery */
	int64_t busy_nanos; /* of the client */
	int64_t median_nanos;
	int64_t p99_nanos;
	int64_t max_nanos;
};

/* Carry out a plan, and read other streams meanwhile unless NULL. Moves next, the number of the next event. */
struct outcome run_plan(const struct plan *plan, struct streams *streams, struct streams *others,
		struct publisher *publisher, int64_t *next);

/* Open many streams at once that have missed the same events, and read these events. */
struct outcome run_resumption(struct streams *streams, int64_t first, int64_t missed, const char *last_id);

#endif
