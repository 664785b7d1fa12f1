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

#include "run.h"

#include <stdlib.h>
#include <string.h>

#include "program.h"

#define SECOND 1000000000LL
#define PATIENCE (10 * SECOND)

/* Beside streams that are never read, where a stall is a result and not a fault. */
#define LITTLE_PATIENCE (3 * SECOND)

#define MOST_ON_THEIR_WAY (1 << 14)

/* How many resumed streams may wait for an answer. */
#define UNANSWERED 512

/* For each event on its way, how many streams do not have it yet. */
static int missing[MOST_ON_THEIR_WAY];

static int64_t *latencies;
static size_t latency_count;
static size_t latency_capacity;

struct progress {
	int timed;
	int on_their_way;
	int64_t deliveries;
	int64_t last_delivery;
};

static void add_latency(int64_t nanos) {
	if (latency_count == latency_capacity) {
		latency_capacity = 2 * latency_capacity + (1 << 16);
		latencies = realloc(latencies, latency_capacity * sizeof *latencies);
	}
	latencies[latency_count++] = nanos;
}

static int compare(const void *one, const void *other) {
	int64_t a = *(const int64_t *) one;
	int64_t b = *(const int64_t *) other;
	return (a > b) - (a < b);
}

/* The latency that so many of a hundred do not exceed. */
static int64_t percentile(size_t part) {
	return (latency_count > 0) ? latencies[(part * latency_count + 99) / 100 - 1] : 0;
}

static void on_event(void *context, int64_t number, int64_t sent) {
	struct progress *progress = context;
	progress->deliveries++;
	if (progress->timed) {
		add_latency(now() - sent);
	}
	if (--missing[number & (MOST_ON_THEIR_WAY - 1)] == 0) {
		progress->on_their_way--;
	}
}

struct outcome run_plan(const struct plan *plan, struct streams *streams, struct publisher *publisher,
		int64_t *next) {
	struct progress progress = { .timed = plan->rate > 0 };
	int64_t idle_before = idle_nanos;
	int64_t start = now();
	int64_t first = *next;
	int64_t patience = (streams->size > streams->reading) ? LITTLE_PATIENCE : PATIENCE;
	int stalled = 0;
	int over = 0;
	latency_count = 0;
	progress.last_delivery = start;
	while (!over || progress.on_their_way > 0) {
		int64_t at = now();
		over = over || (at - start) / 1000000 >= plan->millis || progress.deliveries >= plan->deliveries;
		int64_t due = at;
		int go = progress.on_their_way + plan->burst <= plan->window;
		if (plan->rate > 0) {
			due = start + (*next - first) * SECOND / plan->rate;
			go = at >= due && progress.on_their_way + plan->burst < MOST_ON_THEIR_WAY;
		}
		if (!over && go) {
			for (int64_t i = *next; i < *next + plan->burst; i++) {
				missing[i & (MOST_ON_THEIR_WAY - 1)] = target_receivers(&streams->target);
			}
			publisher_publish(publisher, *next, (int) plan->burst, due, (int) plan->size, &streams->target);
			*next += plan->burst;
			progress.on_their_way += (int) plan->burst;
		}
		if (streams_read(streams, on_event, &progress)) {
			progress.last_delivery = now();
		}
		else if (progress.on_their_way > 0 && at - progress.last_delivery > patience) {
			stalled = 1;
			break;
		}
	}
	qsort(latencies, latency_count, sizeof *latencies, compare);
	return (struct outcome) { .stalled = stalled, .deliveries = progress.deliveries,
			.nanos = progress.last_delivery - start,
			.busy_nanos = now() - start - (idle_nanos - idle_before), .median_nanos = percentile(50),
			.p99_nanos = percentile(99), .max_nanos = percentile(100) };
}

static void on_missed_event(void *context, int64_t number, int64_t sent) {
	struct progress *progress = context;
	(void) number;
	(void) sent;
	progress->deliveries++;
}

struct outcome run_resumption(struct streams *streams, int64_t first, int missed, const char *last_id) {
	struct progress progress = { .last_delivery = now() };
	struct stream *waiting[UNANSWERED];
	int waiting_count = 0;
	int64_t idle_before = idle_nanos;
	int64_t start = now();
	int64_t expected = missed * streams->target.streams;
	while (progress.deliveries < expected && now() - progress.last_delivery < PATIENCE) {
		int still = 0;
		for (int i = 0; i < waiting_count; i++) {
			if (!stream_started(waiting[i])) {
				waiting[still++] = waiting[i];
			}
		}
		waiting_count = still;
		while (streams->reading < streams->target.streams && waiting_count < UNANSWERED) {
			waiting[waiting_count++] = streams_open(streams, first, last_id);
		}
		if (streams_read(streams, on_missed_event, &progress)) {
			progress.last_delivery = now();
		}
	}
	return (struct outcome) { .stalled = progress.deliveries != expected, .deliveries = progress.deliveries,
			.nanos = progress.last_delivery - start, .busy_nanos = now() - start - (idle_nanos - idle_before) };
}
