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
 * The load client. It takes commands from its standard input, a line each:
 *
 *   server <publisher> <http port> <control port>   use another server
 *   open <count> <target>      open streams
 *   silent <count>             open streams that are never read
 *   fill <count> <size>        publish events that nobody reads
 *   crowd <count>              open further streams, which receive nothing
 *   disperse                   close these
 *   run <plan>                 publish and read; the answer is the outcome
 *   miss <count> <target>      publish events that no stream receives
 *   resume <count>             open streams that have missed these; the answer is the outcome
 *   resume-beside <count>      open further streams that have missed these, for "run" to read as well
 *   ask <question>             ask the server
 *   leave                      close all streams, and wait until the server knows
 *
 * The answer is a line: "ok" and a number (the nanoseconds that the command took,
 * if there is nothing else to say), "failed" and the reason, or "stalled" if the
 * server does not answer.
 */

#define _GNU_SOURCE
#include "load_client.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define PATIENCE 60000000000LL
#define PATIENCE_TO_LEAVE 15000000000LL
#define PAUSE_MICROS 200
#define PUBLISHED_AT_ONCE 1000
#define OPENED_AT_ONCE 32

/* Streams that may be open without the knowledge of the server. */
#define UNKNOWN 256

#define SMALL 100

static jmp_buf failed;
static char failure[512];

static struct streams *streams;
static struct streams *crowd;
static struct publisher *publisher;
static int http_port;
static int64_t next;

/* The number of streams that the server has closed. */
static int closed;

/* Missed events, and the id before them. */
static struct target missed_target;
static int64_t first_missed;
static int64_t missed;
static char last_id[256];

int64_t now(void) {
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000000000LL + time.tv_nsec;
}

void sleep_micros(int64_t micros) {
	usleep((useconds_t) micros);
}

void fail(const char *format, ...) {
	va_list arguments;
	va_start(arguments, format);
	int length = snprintf(failure, sizeof failure, "failed ");
	vsnprintf(failure + length, sizeof failure - (size_t) length, format, arguments);
	va_end(arguments);
	longjmp(failed, 1);
}

void stall(void) {
	snprintf(failure, sizeof failure, "stalled");
	longjmp(failed, 1);
}

static void await_streams(int count) {
	int64_t start = now();
	while (publisher_streams(publisher) < count - closed) {
		if (now() - start > PATIENCE) {
			fail("the server has fewer streams than were opened");
		}
		sleep_micros(PAUSE_MICROS);
	}
}

static void close_streams(void) {
	struct target target = { EVENTS, 0, 0 };
	if (streams != NULL) {
		target = streams->target;
		streams_close(streams);
	}
	if (crowd != NULL) {
		streams_close(crowd);
		crowd = NULL;
	}
	closed = 0;
	streams = streams_new(http_port);
	streams->target = target;
}

static void publish(int64_t count, int size) {
	for (int64_t left = count; left > 0; left -= PUBLISHED_AT_ONCE) {
		int part = (left < PUBLISHED_AT_ONCE) ? (int) left : PUBLISHED_AT_ONCE;
		publisher_publish(publisher, next, part, now(), size, &streams->target);
		next += part;
	}
}

/* An event for each stream. */
static void publish_to_all(void) {
	if (target_receivers(&streams->target) > 1) {
		publish(1, SMALL);
	}
	else {
		next += streams->target.topics - next % streams->target.topics;
		publish(streams->target.streams, SMALL);
	}
}

/* Some servers notice that a client has left when they write to it. */
static void leave(void) {
	close_streams();
	int64_t start = now();
	for (int i = 0; publisher_streams(publisher) > 0; i++) {
		if (now() - start > PATIENCE_TO_LEAVE) {
			fail("streams are not closed");
		}
		if (i % 100 == 1) {
			publish_to_all();
		}
		sleep_micros(10 * PAUSE_MICROS);
	}
}

static void use_server(const char *kind, int port, int control_port) {
	if (publisher != NULL) {
		publisher_close(publisher);
		publisher = NULL;
	}
	http_port = port;
	close_streams();
	publisher = publisher_new(kind, control_port);
}

static void open_streams(int count, const char *target) {
	streams->target = target_parse(target, count);
	for (int i = 1; i <= count; i++) {
		streams_open(streams, next, "");
		if (i % OPENED_AT_ONCE == 0) {
			await_streams(streams->size - UNKNOWN);
		}
	}
	await_streams(streams->size);
}

static void open_silent(int count) {
	for (int i = 1; i <= count; i++) {
		streams_open_silent(streams);
		if (i % OPENED_AT_ONCE == 0 || i == count) {
			await_streams(streams->size);
		}
	}
}

/* Fill the sockets of streams that are not read. A server may close such a stream. */
static void fill(int count, int size) {
	for (int i = 0; i < count; i++) {
		publish(1, size);
		sleep_micros(5 * PAUSE_MICROS);
	}
	publisher_streams(publisher);
	sleep_micros(1000 * PAUSE_MICROS);
	closed = streams->size - publisher_streams(publisher);
}

static void open_crowd(int count) {
	crowd = streams_new(http_port);
	crowd->target = target_parse("events", count);
	for (int i = 1; i <= count; i++) {
		streams_open(crowd, next, "");
		if (i % OPENED_AT_ONCE == 0 || i == count) {
			await_streams(streams->size + i);
		}
	}
}

static struct outcome run(struct plan plan) {
	return run_plan(&plan, streams, crowd, publisher, &next);
}

/* A first stream receives one event, the last that the others have received. */
static void miss(int count, const char *target) {
	char id[sizeof last_id] = "";
	streams->target = target_parse(target, 1);
	stream_remember_id(streams_open(streams, next, ""), id, sizeof id);
	await_streams(1);
	run((struct plan) { 1, 1, 0, SMALL, INT64_MAX, 1 });
	memcpy(last_id, id, sizeof id);
	close_streams();
	first_missed = next;
	missed = count;
	missed_target = streams->target;
	publish(count, SMALL);
	publisher_streams(publisher);
}

static struct outcome resume(int count) {
	streams->target = missed_target;
	streams->target.streams = count;
	return run_resumption(streams, first_missed, missed, last_id);
}

static void resume_beside(int count) {
	crowd = streams_new(http_port);
	crowd->target = missed_target;
	crowd->target.streams = count;
	for (int i = 0; i < count; i++) {
		streams_open(crowd, first_missed, last_id);
	}
}

static void print_outcome(struct outcome outcome) {
	printf("ok %d %lld %lld %lld %lld %lld %lld\n", outcome.stalled, (long long) outcome.deliveries,
			(long long) outcome.nanos, (long long) outcome.busy_nanos, (long long) outcome.median_nanos,
			(long long) outcome.p99_nanos, (long long) outcome.max_nanos);
}

static void obey(const char *command, const char *rest) {
	char word[256] = "";
	int one = 0;
	int two = 0;
	long long plan[6];
	int64_t start = now();
	if (strcmp(command, "run") == 0
			&& sscanf(rest, "%lld %lld %lld %lld %lld %lld", plan, plan + 1, plan + 2, plan + 3, plan + 4, plan + 5) == 6) {
		print_outcome(run((struct plan) { plan[0], plan[1], plan[2], plan[3], plan[4], plan[5] }));
		return;
	}
	if (strcmp(command, "resume") == 0 && sscanf(rest, "%d", &one) == 1) {
		print_outcome(resume(one));
		return;
	}
	if (strcmp(command, "ask") == 0 && sscanf(rest, "%255s", word) == 1) {
		printf("ok %lld\n", (long long) publisher_ask(publisher, word));
		return;
	}
	if (strcmp(command, "server") == 0 && sscanf(rest, "%255s %d %d", word, &one, &two) == 3) {
		use_server(word, one, two);
	}
	else if (strcmp(command, "open") == 0 && sscanf(rest, "%d %255s", &one, word) == 2) {
		open_streams(one, word);
	}
	else if (strcmp(command, "silent") == 0 && sscanf(rest, "%d", &one) == 1) {
		open_silent(one);
	}
	else if (strcmp(command, "fill") == 0 && sscanf(rest, "%d %d", &one, &two) == 2) {
		fill(one, two);
	}
	else if (strcmp(command, "crowd") == 0 && sscanf(rest, "%d", &one) == 1) {
		open_crowd(one);
	}
	else if (strcmp(command, "disperse") == 0) {
		streams_close(crowd);
		crowd = NULL;
	}
	else if (strcmp(command, "miss") == 0 && sscanf(rest, "%d %255s", &one, word) == 2) {
		miss(one, word);
	}
	else if (strcmp(command, "resume-beside") == 0 && sscanf(rest, "%d", &one) == 1) {
		resume_beside(one);
	}
	else if (strcmp(command, "leave") == 0) {
		leave();
	}
	else {
		fail("unknown command: %s %s", command, rest);
	}
	printf("ok %lld\n", (long long) (now() - start));
}

int main(void) {
	char line[4096];
	signal(SIGPIPE, SIG_IGN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	while (fgets(line, sizeof line, stdin) != NULL) {
		line[strcspn(line, "\n")] = '\0';
		char *rest = strchr(line, ' ');
		if (rest != NULL) {
			*rest++ = '\0';
		}
		if (setjmp(failed) == 0) {
			obey(line, (rest != NULL) ? rest : "");
		}
		else {
			printf("%s\n", failure);
		}
	}
	return 0;
}
