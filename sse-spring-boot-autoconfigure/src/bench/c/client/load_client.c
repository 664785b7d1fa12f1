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
 * The load client: takes the commands that the class LoadClient tells of, which
 * is the same in Java, for where there is no C compiler.
 */

#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "program.h"
#include "publisher.h"
#include "run.h"
#include "streams.h"

#define PATIENCE 60000000000LL
#define LITTLE_PATIENCE 15000000000LL
#define PAUSE_MICROS 20000
#define PAUSES_BETWEEN_EVENTS 100
#define PUBLISHED_AT_ONCE 1000
#define OPENED_AT_ONCE 32

/* How many may wait until the server knows them. */
#define UNKNOWN 256

/* How many are opened and closed at a time. */
#define TURNED_OVER_AT_ONCE 1000

#define SMALL 100

static jmp_buf failed;
static char failure[512];

static struct streams *streams;
static struct streams *crowd;
static struct publisher *publisher;
static int http_port;
static int64_t next;

/* How many streams the server has closed. */
static int closed;

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
			fail("the number of open streams is not what it should be");
		}
		sleep_micros(PAUSE_MICROS / 100);
	}
}

static void abandon(void) {
	struct target target = streams->target;
	streams_close(streams);
	streams = streams_new(http_port);
	streams->target = target;
}

static void publish(int size) {
	publisher_publish(publisher, next++, 1, now(), size, &streams->target);
}

/* An event for each stream. */
static void publish_to_all(void) {
	int left = 1;
	if (streams->target.kind != EVENTS) {
		next += streams->target.topics - next % streams->target.topics;
		left = (int) streams->target.streams;
	}
	for (; left > 0; left -= PUBLISHED_AT_ONCE) {
		int count = (left < PUBLISHED_AT_ONCE) ? left : PUBLISHED_AT_ONCE;
		publisher_publish(publisher, next, count, now(), SMALL, &streams->target);
		next += count;
	}
}

/* Some servers find out that a client has gone when they write to it. */
static void leave(void) {
	abandon();
	closed = 0;
	int64_t start = now();
	for (int i = 0; publisher_streams(publisher) > 0; i++) {
		if (now() - start > LITTLE_PATIENCE) {
			fail("streams are not closed");
		}
		if (i % PAUSES_BETWEEN_EVENTS == 1) {
			publish_to_all();
		}
		sleep_micros(PAUSE_MICROS / 10);
	}
}

static void disperse(void) {
	if (crowd != NULL) {
		streams_close(crowd);
		crowd = NULL;
	}
}

static void turn_to(const char *kind, int port, int control_port) {
	if (publisher != NULL) {
		publisher_close(publisher);
		publisher = NULL;
	}
	if (streams != NULL) {
		streams_close(streams);
	}
	disperse();
	closed = 0;
	http_port = port;
	streams = streams_new(port);
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
		publish(size);
		sleep_micros(PAUSE_MICROS / 20);
	}
	publisher_streams(publisher);
	sleep_micros(10 * PAUSE_MICROS);
	closed = streams->size - publisher_streams(publisher);
}

static void gather(int count) {
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
	return run_plan(&plan, streams, publisher, &next);
}

/* One stream finds out what the id is that the others have already. */
static struct outcome resume(int count, int missed) {
	char id[256] = "";
	streams->target = target_parse("events", 1);
	stream_remember_id(streams_open(streams, next, ""), id, sizeof id);
	await_streams(1);
	run((struct plan) { 1, 1, 0, SMALL, INT64_MAX, 1 });
	char last_id[256];
	strcpy(last_id, id);
	int64_t first = next;
	run((struct plan) { 1, 1, 0, SMALL, INT64_MAX, missed });
	abandon();
	streams->target = target_parse("events", count);
	return run_resumption(streams, first, missed, last_id);
}

static void turn_over(int count) {
	for (int left = count; left > 0; left -= TURNED_OVER_AT_ONCE) {
		open_streams((left < TURNED_OVER_AT_ONCE) ? left : TURNED_OVER_AT_ONCE, "events");
		leave();
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
	if (strcmp(command, "resume") == 0 && sscanf(rest, "%d %d", &one, &two) == 2) {
		print_outcome(resume(one, two));
		return;
	}
	if (strcmp(command, "ask") == 0 && sscanf(rest, "%255s", word) == 1) {
		printf("ok %lld\n", (long long) publisher_ask(publisher, word));
		return;
	}
	if (strcmp(command, "server") == 0 && sscanf(rest, "%255s %d %d", word, &one, &two) == 3) {
		turn_to(word, one, two);
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
		gather(one);
	}
	else if (strcmp(command, "disperse") == 0) {
		disperse();
	}
	else if (strcmp(command, "turnover") == 0 && sscanf(rest, "%d", &one) == 1) {
		turn_over(one);
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
