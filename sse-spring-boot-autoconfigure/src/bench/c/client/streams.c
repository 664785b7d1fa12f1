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
 * Streams. Their sockets are polled without waiting: a client that slept between
 * two events would have the server pay for waking it up.
 */

#define _GNU_SOURCE
#include "load_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define LONGEST_LINE (64 * 1024)
#define MOST_AT_ONCE (512 * 1024)
#define SMALLEST_BUFFER 4096
#define EVENTS_AT_ONCE 1024

/* Nanoseconds between two polls: a poll costs as much as a few reads. */
#define PAUSE 20000

/* The streams of patterns do not know the first segment of the topics. */
#define FIRST_SEGMENTS 10

enum state { HEAD, PLAIN, CHUNK_SIZE, CHUNK, CHUNK_END };

struct stream {
	int fd;
	int index;
	int64_t next;
	enum state state;
	int started;
	int left; /* of a chunk, or its size as far as it is known */
	char *rest; /* the start of a line whose end is to come, or of the head */
	int rest_size;
	char *id;
	int id_size;
};

int64_t idle_nanos;

static char buffer[LONGEST_LINE + MOST_AT_ONCE];

struct target target_parse(const char *text, int streams) {
	struct target target = { EVENTS, streams, streams };
	if (strncmp(text, "all:", 4) == 0) {
		target.kind = ALL;
		target.topics = atoll(text + 4);
	}
	else if (strncmp(text, "topics:", 7) == 0) {
		target.kind = TOPICS;
		target.topics = atoll(text + 7);
	}
	else if (strcmp(text, "patterns") == 0) {
		target.kind = PATTERNS;
	}
	return target;
}

/* What a stream is requested with. */
static void target_path(const struct target *target, int stream, char *path, size_t size) {
	if (target->kind == EVENTS) {
		snprintf(path, size, "/events");
		return;
	}
	if (target->kind == ALL) {
		snprintf(path, size, "/topics?topic=all%lld/*", (long long) target->topics);
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
	else if (target->kind == ALL) {
		snprintf(topic, size, "all%lld/%lld", (long long) target->topics, (long long) (number % target->topics));
	}
	else {
		snprintf(topic, size, "t%lld", (long long) (number % target->topics));
	}
}

int target_receivers(const struct target *target) {
	return (target->kind == EVENTS || target->kind == ALL) ? (int) target->streams : 1;
}

/* The first event from a number on that a stream receives. */
static int64_t target_next(const struct target *target, int stream, int64_t from) {
	if (target->kind == EVENTS || target->kind == ALL) {
		return from;
	}
	int64_t topic = from % target->topics;
	int64_t ahead = (stream - topic) % target->streams;
	ahead += (ahead < 0) ? target->streams : 0;
	return (topic + ahead < target->topics) ? from + ahead : from + target->topics - topic + stream;
}

struct streams *streams_new(int port) {
	struct streams *streams = calloc(1, sizeof *streams);
	streams->epoll = epoll_create1(0);
	streams->port = port;
	return streams;
}

void streams_close(struct streams *streams) {
	for (int i = 0; i < streams->size; i++) {
		close(streams->all[i]->fd);
		free(streams->all[i]->rest);
		free(streams->all[i]);
	}
	close(streams->epoll);
	free(streams->all);
	free(streams);
}

static struct stream *add(struct streams *streams, int fd) {
	if (streams->size == streams->capacity) {
		streams->capacity = 2 * streams->capacity + 64;
		streams->all = realloc(streams->all, (size_t) streams->capacity * sizeof *streams->all);
	}
	struct stream *stream = calloc(1, sizeof *stream);
	stream->fd = fd;
	streams->all[streams->size++] = stream;
	return stream;
}

static int ask(struct streams *streams, int receive_buffer, const char *path, const char *last_id) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t) streams->port),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0) {
		fail("socket: %s", strerror(errno));
	}
	if (receive_buffer > 0) {
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
	}
	char request[2048];
	int size = snprintf(request, sizeof request,
			"GET %s HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n%s%s%s\r\n", path,
			*last_id ? "Last-Event-ID: " : "", last_id, *last_id ? "\r\n" : "");
	if (connect(fd, (struct sockaddr *) &address, sizeof address) != 0 || write(fd, request, (size_t) size) != size) {
		close(fd);
		fail("cannot connect: %s", strerror(errno));
	}
	return fd;
}

struct stream *streams_open(struct streams *streams, int64_t next, const char *last_id) {
	char path[1024];
	int index = streams->reading++;
	target_path(&streams->target, index, path, sizeof path);
	int fd = ask(streams, 0, path, last_id);
	fcntl(fd, F_SETFL, O_NONBLOCK);
	struct stream *stream = add(streams, fd);
	stream->index = index;
	stream->next = target_next(&streams->target, index, next);
	struct epoll_event event = { .events = EPOLLIN, .data.ptr = stream };
	if (epoll_ctl(streams->epoll, EPOLL_CTL_ADD, fd, &event) != 0) {
		fail("epoll_ctl: %s", strerror(errno));
	}
	return stream;
}

void streams_open_silent(struct streams *streams) {
	add(streams, ask(streams, SMALLEST_BUFFER, "/events", ""));
}

int stream_started(const struct stream *stream) {
	return stream->started;
}

void stream_remember_id(struct stream *stream, char *id, int size) {
	stream->id = id;
	stream->id_size = size;
}

static int64_t number_in(const char **text, const char *end) {
	const char *at = *text;
	while (at < end && (*at < '0' || *at > '9')) {
		at++;
	}
	if (at == end) {
		fail("an event without numbers");
	}
	int64_t number = 0;
	while (at < end && *at >= '0' && *at <= '9') {
		number = 10 * number + (*at++ - '0');
	}
	*text = at;
	return number;
}

static void event(struct streams *streams, struct stream *stream, const char *data, const char *end) {
	int64_t number = number_in(&data, end);
	int64_t sent = number_in(&data, end);
	if (number != stream->next) {
		fail("a stream got event %lld instead of %lld", (long long) number, (long long) stream->next);
	}
	stream->next = target_next(&streams->target, stream->index, number + 1);
	streams->events++;
	if (streams->on_event != NULL) {
		streams->on_event(number, sent);
	}
}

/* Look at all lines that are complete, and keep the one that is not. */
static void read_lines(struct streams *streams, struct stream *stream, char *from, char *end, char *body_start) {
	char *line = body_start;
	char *line_end;
	while ((line_end = memchr(from, '\n', (size_t) (end - from))) != NULL) {
		if (line_end - line > 5 && memcmp(line, "data:", 5) == 0) {
			event(streams, stream, line + 5, line_end);
		}
		else if (stream->id != NULL && line_end - line > 4 && memcmp(line, "id: ", 4) == 0) {
			snprintf(stream->id, (size_t) stream->id_size, "%.*s", (int) (line_end - line - 4), line + 4);
		}
		line = from = line_end + 1;
	}
	stream->rest_size = (int) (end - line);
	if (stream->rest_size > 0) {
		if (stream->rest_size > LONGEST_LINE) {
			fail("a line is too long");
		}
		stream->rest = realloc(stream->rest, (size_t) stream->rest_size);
		memcpy(stream->rest, line, (size_t) stream->rest_size);
	}
}

/* Returns the start of the body, or NULL if it is to come. */
static char *read_head(struct stream *stream, char *end) {
	char *head_end = memmem(buffer, (size_t) (end - buffer), "\r\n\r\n", 4);
	if (head_end == NULL) {
		stream->rest_size = (int) (end - buffer);
		stream->rest = realloc(stream->rest, (size_t) stream->rest_size);
		memcpy(stream->rest, buffer, (size_t) stream->rest_size);
		return NULL;
	}
	*head_end = '\0';
	if (strncmp(buffer, "HTTP/1.1 200", 12) != 0) {
		fail("unexpected answer: %.12s", buffer);
	}
	stream->state = (strcasestr(buffer, "transfer-encoding: chunked") != NULL) ? CHUNK_SIZE : PLAIN;
	return head_end + 4;
}

static int hex(char c) {
	return (c <= '9') ? c - '0' : (c | 0x20) - 'a' + 10;
}

/* Moves what is in chunks to the front. Returns its end. */
static char *join_chunks(struct stream *stream, char *from, char *end) {
	char *to = from;
	while (from < end) {
		if (stream->state == CHUNK) {
			int count = (end - from < stream->left) ? (int) (end - from) : stream->left;
			memmove(to, from, (size_t) count);
			to += count;
			from += count;
			stream->left -= count;
			if (stream->left == 0) {
				stream->state = CHUNK_END;
			}
		}
		else {
			char c = *from++;
			if (stream->state == CHUNK_END) {
				stream->state = (c == '\n') ? CHUNK_SIZE : CHUNK_END;
			}
			else if (c == '\n') {
				if (stream->left == 0) {
					fail("the server has ended a stream");
				}
				stream->state = CHUNK;
			}
			else if (c != '\r') {
				stream->left = 16 * stream->left + hex(c);
			}
		}
	}
	return to;
}

static void read_stream(struct streams *streams, struct stream *stream) {
	char *from = buffer + stream->rest_size;
	ssize_t count = read(stream->fd, from, MOST_AT_ONCE);
	if (count < 0 && errno == EAGAIN) {
		return;
	}
	if (count <= 0) {
		fail("the server has closed a stream: %s", (count < 0) ? strerror(errno) : "end");
	}
	stream->started = 1;
	if (stream->rest_size > 0) {
		memcpy(buffer, stream->rest, (size_t) stream->rest_size);
	}
	char *end = from + count;
	char *start = buffer;
	if (stream->state == HEAD) {
		start = from = read_head(stream, end);
		if (start == NULL) {
			return;
		}
	}
	if (stream->state != PLAIN) {
		end = join_chunks(stream, from, end);
	}
	read_lines(streams, stream, from, end, start);
}

int streams_poll(struct streams *streams, int most) {
	static struct epoll_event events[EVENTS_AT_ONCE];
	int count = epoll_wait(streams->epoll, events, (most < EVENTS_AT_ONCE) ? most : EVENTS_AT_ONCE, 0);
	for (int i = 0; i < count; i++) {
		read_stream(streams, events[i].data.ptr);
	}
	return count;
}

int streams_read(struct streams *streams) {
	static int64_t last_poll;
	int64_t start = now();
	int64_t at = start;
	while (at - last_poll < PAUSE) {
		at = now();
	}
	last_poll = at;
	if (streams_poll(streams, EVENTS_AT_ONCE) <= 0) {
		idle_nanos += now() - start;
		return 0;
	}
	idle_nanos += at - start;
	return 1;
}
