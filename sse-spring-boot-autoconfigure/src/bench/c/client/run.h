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
 * Publishing by a plan, and reading what comes.
 */

#ifndef RUN_H
#define RUN_H

#include <stdint.h>

#include "publisher.h"
#include "streams.h"

/* It ends after a time, or earlier after a number of deliveries. */
struct plan {
	int64_t window; /* how many events may be on their way */
	int64_t burst; /* how many are published at once */
	int64_t rate; /* events per second, 0 for as fast as the window allows */
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

/* Carry out a plan. Moves next, the number of the next event. */
struct outcome run_plan(const struct plan *plan, struct streams *streams, struct publisher *publisher, int64_t *next);

/* Open many streams at once that have missed the same events, and read those. */
struct outcome run_resumption(struct streams *streams, int64_t first, int missed, const char *last_id);

#endif
