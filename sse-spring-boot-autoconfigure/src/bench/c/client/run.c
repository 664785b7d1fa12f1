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
 * Measurements: publishing by a plan and reading what arrives, and streams that
 * resume.
 */

#include "load_client.h"

#include <stdlib.h>

#define SECOND 1000000000LL
#define PATIENCE (10 * SECOND)

/* Beside streams that are never read, where a stall is a result and not a fault. */
#define LITTLE_PATIENCE (3 * SECOND)

#define MOST_IN_FLIGHT (1 << 14)

/* The number of resumed streams that may wait for an answer. */
#define UNANSWERED 512

/* For each event in flight, the number of streams that have not received it. */
static int missing[MOST_IN_FLIGHT];
static int in_flight;

/* Latencies are recorded in plans with a rate. */
static int timed;
static int64_t *latencies;
static size_t latency_count;
static size_t latency_capacity;

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

static int64_t percentile(size_t part) {
	return (latency_count > 0) ? latencies[(part * latency_count + 99) / 100 - 1] : 0;
}

static void on_event(int64_t number, int64_t sent) {
	if (timed) {
		add_latency(now() - sent);
	}
	if (--missing[number & (MOST_IN_FLIGHT - 1)] == 0) {
		in_flight--;
	}
}

struct outcome run_plan(const struct plan *plan, struct streams *streams, struct streams *others,
		struct publisher *publisher, int64_t *next) {
	int64_t idle_before = idle_nanos;
	int64_t events_before = streams->events;
	int64_t start = now();
	int64_t first = *next;
	int64_t patience = (streams->size > streams->reading) ? LITTLE_PATIENCE : PATIENCE;
	int64_t last_delivery = start;
	int stalled = 0;
	int over = 0;
	streams->on_event = on_event;
	timed = plan->rate > 0;
	latency_count = 0;
	in_flight = 0;
	while (!over || in_flight > 0) {
		int64_t at = now();
		over = over || (at - start) / 1000000 >= plan->millis || streams->events - events_before >= plan->deliveries;
		int64_t due = at;
		int go = in_flight + plan->burst <= plan->window;
		if (plan->rate > 0) {
			due = start + (*next - first) * SECOND / plan->rate;
			go = at >= due && in_flight + plan->burst < MOST_IN_FLIGHT;
		}
		if (!over && go) {
			for (int64_t i = *next; i < *next + plan->burst; i++) {
				missing[i & (MOST_IN_FLIGHT - 1)] = target_receivers(&streams->target);
			}
			publisher_publish(publisher, *next, (int) plan->burst, due, (int) plan->size, &streams->target);
			*next += plan->burst;
			in_flight += (int) plan->burst;
		}
		if (streams_read(streams)) {
			last_delivery = now();
		}
		else if (in_flight > 0 && at - last_delivery > patience) {
			stalled = 1;
			break;
		}
		if (others != NULL) {
			/* one at a time, because the events of the plan are timed */
			streams_poll(others, 1);
		}
	}
	streams->on_event = NULL;
	qsort(latencies, latency_count, sizeof *latencies, compare);
	return (struct outcome) { .stalled = stalled, .deliveries = streams->events - events_before,
			.nanos = last_delivery - start, .busy_nanos = now() - start - (idle_nanos - idle_before),
			.median_nanos = percentile(50), .p99_nanos = percentile(99), .max_nanos = percentile(100) };
}

struct outcome run_resumption(struct streams *streams, int64_t first, int64_t missed, const char *last_id) {
	struct stream *waiting[UNANSWERED];
	int waiting_count = 0;
	int64_t idle_before = idle_nanos;
	int64_t start = now();
	int64_t last_delivery = start;
	int64_t expected = missed * streams->target.streams;
	while (streams->events < expected && now() - last_delivery < PATIENCE) {
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
		if (streams_read(streams)) {
			last_delivery = now();
		}
	}
	return (struct outcome) { .stalled = streams->events != expected, .deliveries = streams->events,
			.nanos = last_delivery - start, .busy_nanos = now() - start - (idle_nanos - idle_before) };
}
