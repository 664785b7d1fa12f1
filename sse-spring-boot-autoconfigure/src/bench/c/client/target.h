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
 * Which events go where. Events with topics take one after the other, and so do
 * topics with streams: event n goes to topic n % topics, which is one of the
 * topics of stream n % topics % streams alone.
 */

#ifndef TARGET_H
#define TARGET_H

#include <stddef.h>
#include <stdint.h>

enum kind { EVENTS, TOPICS, PATTERNS };

struct target {
	enum kind kind;
	int64_t topics;
	int64_t streams;
};

struct target target_parse(const char *text, int streams);

/* What a stream is asked for with. */
void target_path(const struct target *target, int stream, char *path, size_t size);

/* The topic of an event. */
void target_topic(const struct target *target, int64_t number, char *topic, size_t size);

/* How many streams get an event. */
int target_receivers(const struct target *target);

/* The first event from a number on that a stream gets. */
int64_t target_next(const struct target *target, int stream, int64_t from);

#endif
