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

#include "target.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The streams of patterns do not know the first segment of the topics. */
#define FIRST_SEGMENTS 10

struct target target_parse(const char *text, int streams) {
	struct target target = { EVENTS, streams, streams };
	if (strncmp(text, "topics:", 7) == 0) {
		target.kind = TOPICS;
		target.topics = atoll(text + 7);
	}
	else if (strcmp(text, "patterns") == 0) {
		target.kind = PATTERNS;
	}
	return target;
}

void target_path(const struct target *target, int stream, char *path, size_t size) {
	if (target->kind == EVENTS) {
		snprintf(path, size, "/events");
		return;
	}
	if (target->kind == PATTERNS) {
		snprintf(path, size, "/topics?topic=*/t%d", stream);
		return;
	}
	size_t length = (size_t) snprintf(path, size, "/topics?topic=t%d", stream);
	for (int64_t i = stream + target->streams; i < target->topics && length < size; i += target->streams) {
		length += (size_t) snprintf(path + length, size - length, ",t%lld", (long long) i);
	}
}

void target_topic(const struct target *target, int64_t number, char *topic, size_t size) {
	if (target->kind == PATTERNS) {
		snprintf(topic, size, "%d/t%lld", (int) (number % FIRST_SEGMENTS), (long long) (number % target->topics));
	}
	else {
		snprintf(topic, size, "t%lld", (long long) (number % target->topics));
	}
}

int target_receivers(const struct target *target) {
	return (target->kind == EVENTS) ? (int) target->streams : 1;
}

int64_t target_next(const struct target *target, int stream, int64_t from) {
	if (target->kind == EVENTS) {
		return from;
	}
	int64_t topic = from % target->topics;
	int64_t ahead = (stream - topic) % target->streams;
	ahead += (ahead < 0) ? target->streams : 0;
	return (topic + ahead < target->topics) ? from + ahead : from + target->topics - topic + stream;
}
