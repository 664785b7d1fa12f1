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
 * The limit: one thread that makes one write() of the same bytes to every
 * socket, and nothing else. It parses no request, and a stream whose socket is
 * full is closed. A server program as package-info.java of the servers tells.
 */

#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#define MOST_DESCRIPTORS (1 << 16)
#define LINES (1 << 20)
#define EVENTS 1024

static const char head[] = "HTTP/1.1 200\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n";

static int streams[MOST_DESCRIPTORS];
static int place[MOST_DESCRIPTORS]; /* of a descriptor among the streams, from 1 */
static int count;

static char lines[LINES];
static size_t length;
static char frame[LINES];

static void fail(const char *what) {
	perror(what);
	exit(1);
}

static void watch(int epoll, int descriptor) {
	struct epoll_event event = { .events = EPOLLIN | EPOLLRDHUP, .data.fd = descriptor };
	if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0) {
		fail("epoll_ctl");
	}
}

static int listen_on_free_port(int *port) {
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int descriptor = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (descriptor < 0 || bind(descriptor, (struct sockaddr *) &address, size) != 0
			|| listen(descriptor, 4096) != 0
			|| getsockname(descriptor, (struct sockaddr *) &address, &size) != 0) {
		fail("listen");
	}
	*port = ntohs(address.sin_port);
	return descriptor;
}

static int accept_from(int server) {
	int one = 1;
	int descriptor = accept4(server, NULL, NULL, SOCK_NONBLOCK);
	if (descriptor >= MOST_DESCRIPTORS) {
		close(descriptor);
		return -1;
	}
	if (descriptor >= 0) {
		setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	}
	return descriptor;
}

static void close_connection(int descriptor) {
	if (place[descriptor] > 0) {
		int last = streams[--count];
		streams[place[descriptor] - 1] = last;
		place[last] = place[descriptor];
		place[descriptor] = 0;
	}
	close(descriptor);
}

/* A request is taken to come at once. */
static void read_from_client(int descriptor) {
	char request[4096];
	ssize_t size = read(descriptor, request, sizeof request);
	if (size == 0 || (size < 0 && errno != EAGAIN)) {
		close_connection(descriptor);
	}
	else if (size > 0 && place[descriptor] == 0) {
		if (write(descriptor, head, sizeof head - 1) < 0) {
			close_connection(descriptor);
			return;
		}
		streams[count++] = descriptor;
		place[descriptor] = count;
	}
}

static void publish(const char *tick) {
	const char *number = strchr(tick, ':');
	long long id = (number != NULL) ? atoll(number + 1) : 0;
	int size = snprintf(frame, sizeof frame, "id: %lld\nevent: tick\ndata: %s\n\n", id, tick);
	/* downwards, as one that is closed gives its place to the last */
	for (int i = count - 1; i >= 0; i--) {
		if (write(streams[i], frame, size) != size) {
			close_connection(streams[i]);
		}
	}
}

static int obey(int control) {
	ssize_t size = read(control, lines + length, sizeof lines - 1 - length);
	if (size <= 0) {
		return size < 0 && errno == EAGAIN;
	}
	length += size;
	char *line = lines;
	char *end;
	while ((end = memchr(line, '\n', lines + length - line)) != NULL) {
		*end = '\0';
		char *tick = strchr(line, '{');
		if (tick != NULL) {
			publish(tick);
		}
		else {
			dprintf(control, "%d\n", (*line == '?') ? count : -1);
		}
		line = end + 1;
	}
	length = lines + length - line;
	memmove(lines, line, length);
	return 1;
}

int main(void) {
	static struct epoll_event events[EVENTS];
	int http_port;
	int control_port;
	int http = listen_on_free_port(&http_port);
	int controls = listen_on_free_port(&control_port);
	int control = -1;
	int epoll = epoll_create1(0);
	signal(SIGPIPE, SIG_IGN);
	watch(epoll, http);
	watch(epoll, controls);
	watch(epoll, STDIN_FILENO);
	printf("ready %d %d\n", http_port, control_port);
	fflush(stdout);
	for (;;) {
		int n = epoll_wait(epoll, events, EVENTS, -1);
		for (int i = 0; i < n; i++) {
			int descriptor = events[i].data.fd;
			if (descriptor == STDIN_FILENO) {
				return 0;
			}
			if (descriptor == http) {
				int client;
				while ((client = accept_from(http)) >= 0) {
					watch(epoll, client);
				}
			}
			else if (descriptor == controls) {
				control = accept_from(controls);
				length = 0;
				watch(epoll, control);
			}
			else if (descriptor == control) {
				if (!obey(control)) {
					close(control);
					control = -1;
				}
			}
			else {
				read_from_client(descriptor);
			}
		}
	}
}
