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
 * How a server is told to publish: by lines to its control port, or by requests to
 * Nchan with pipelining.
 */

#define _GNU_SOURCE
#include "load_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define MOST (4 * 1024 * 1024)
#define ATTEMPTS 50
#define PATIENCE_SECONDS 15
#define LONG_PATIENCE_SECONDS 120

struct publisher {
	int fd;
	int port;
	int nchan;
	int64_t requests;
	int64_t answers;
	char tail[16]; /* where a status line may have begun */
	int tail_size;
};

static char text[MOST];

static int connect_to(int port) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t) port),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = PATIENCE_SECONDS };
	int one = 1;
	for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
		int fd = socket(AF_INET, SOCK_STREAM, 0);
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
		setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
		if (connect(fd, (struct sockaddr *) &address, sizeof address) == 0) {
			return fd;
		}
		close(fd);
		sleep_micros(100000);
	}
	fail("cannot connect to port %d", port);
}

struct publisher *publisher_new(const char *kind, int port) {
	struct publisher *publisher = calloc(1, sizeof *publisher);
	publisher->nchan = strcmp(kind, "nchan") == 0;
	publisher->port = port;
	publisher->fd = connect_to(port);
	return publisher;
}

void publisher_close(struct publisher *publisher) {
	close(publisher->fd);
	free(publisher);
}

/* Counts the answers of Nchan that have arrived, or waits for some. */
static void read_answers(struct publisher *publisher, int flags) {
	char bytes[64 * 1024];
	ssize_t count;
	do {
		memcpy(bytes, publisher->tail, (size_t) publisher->tail_size);
		count = recv(publisher->fd, bytes + publisher->tail_size,
				sizeof bytes - sizeof publisher->tail, flags);
		if (count == 0 || (count < 0 && errno != EAGAIN)) {
			fail("Nchan has closed the connection");
		}
		if (count < 0) {
			if (flags == 0) {
				stall();
			}
			return;
		}
		char *end = bytes + publisher->tail_size + count;
		char *at = bytes;
		char *status;
		while ((status = memmem(at, (size_t) (end - at), "HTTP/1.1 ", 9)) != NULL && end - status >= 12) {
			if (status[9] != '2') {
				fail("Nchan does not publish: %.12s", status);
			}
			publisher->answers++;
			at = status + 12;
		}
		publisher->tail_size = (end - at < 11) ? (int) (end - at) : 11;
		memcpy(publisher->tail, end - publisher->tail_size, (size_t) publisher->tail_size);
		flags |= MSG_DONTWAIT;
	} while (count > 0);
}

static void write_all(struct publisher *publisher, const char *bytes, size_t size) {
	while (size > 0) {
		ssize_t count = send(publisher->fd, bytes, size, MSG_NOSIGNAL | (publisher->nchan ? MSG_DONTWAIT : 0));
		if (count < 0 && errno == EAGAIN) {
			if (!publisher->nchan) {
				stall();
			}
			count = 0;
		}
		if (count < 0) {
			fail("cannot publish: %s", strerror(errno));
		}
		bytes += count;
		size -= (size_t) count;
		if (publisher->nchan) {
			read_answers(publisher, MSG_DONTWAIT);
		}
	}
}

/* The JSON of an event. */
static int write_tick(char *to, int64_t number, int64_t sent, int size) {
	int length = sprintf(to, "{\"number\":%lld,\"sent\":%lld,\"text\":\"", (long long) number, (long long) sent);
	if (length < size - 2) {
		memset(to + length, 'x', (size_t) (size - 2 - length));
		length = size - 2;
	}
	memcpy(to + length, "\"}", 2);
	return length + 2;
}

void publisher_publish(struct publisher *publisher, int64_t number, int count, int64_t sent, int size,
		const struct target *target) {
	char topic[64] = "ticks";
	char tick[1 << 16];
	char *to = text;
	for (int64_t i = number; i < number + count; i++) {
		if (target->kind != EVENTS) {
			target_topic(target, i, topic, sizeof topic);
		}
		if (publisher->nchan) {
			int length = write_tick(tick, i, sent, size);
			to += sprintf(to, "POST /publish?topic=%s HTTP/1.1\r\nHost: localhost\r\nX-EventSource-Event: tick\r\n"
					"Content-Length: %d\r\n\r\n%.*s", topic, length, length, tick);
			publisher->requests++;
		}
		else {
			to += (target->kind != EVENTS) ? sprintf(to, "%s ", topic) : 0;
			to += write_tick(to, i, sent, size);
			*to++ = '\n';
		}
	}
	write_all(publisher, text, (size_t) (to - text));
}

static int64_t read_number(int fd, const char *after) {
	char answer[4096];
	size_t length = 0;
	ssize_t count;
	while (length < sizeof answer - 1 && (count = recv(fd, answer + length, sizeof answer - 1 - length, 0)) > 0) {
		length += (size_t) count;
		answer[length] = '\0';
		char *number = strstr(answer, after);
		if (number != NULL && strchr(number + strlen(after), '\n') != NULL) {
			return atoll(number + strlen(after));
		}
	}
	if (count < 0 && errno == EAGAIN) {
		stall();
	}
	fail("no answer");
}

int publisher_streams(struct publisher *publisher) {
	if (!publisher->nchan) {
		return (int) publisher_ask(publisher, "?");
	}
	while (publisher->answers < publisher->requests) {
		read_answers(publisher, 0);
	}
	static const char request[] = "GET /status HTTP/1.0\r\n\r\n";
	int fd = connect_to(publisher->port);
	if (write(fd, request, sizeof request - 1) < 0) {
		fail("no status");
	}
	int64_t streams = read_number(fd, "subscribers: ");
	close(fd);
	return (int) streams;
}

int64_t publisher_ask(struct publisher *publisher, const char *question) {
	if (publisher->nchan) {
		return -1;
	}
	char line[128];
	int length = snprintf(line, sizeof line, "%s\n", question);
	struct timeval patience = { .tv_sec = (*question == '?') ? PATIENCE_SECONDS : LONG_PATIENCE_SECONDS };
	setsockopt(publisher->fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	write_all(publisher, line, (size_t) length);
	return read_number(publisher->fd, "");
}
