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

package io.github.springsse.sample.page;

import java.security.Principal;
import java.util.ArrayList;
import java.util.List;

import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseStream;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.chat.ReadingRoom;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.member.Members;
import io.github.springsse.sample.notification.Notifications;
import io.github.springsse.sample.simulation.BusyDay;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * One stream for everything on a page, because a browser opens only six connections to a
 * server over HTTP/1.1, for all of its windows together. The topics depend on the branch
 * that is shown and on the user, so the stream is created by the registry.
 */
@RestController
class PageFeedController {

	private final SseEmitterRegistry streams;

	private final Catalogue catalogue;

	private final Lending lending;

	private final ReadingRoom room;

	private final BusyDay busyDay;

	private final Members members;

	private final Notifications notifications;

	PageFeedController(SseEmitterRegistry streams, Catalogue catalogue, Lending lending, ReadingRoom room,
			BusyDay busyDay, Members members, Notifications notifications) {
		this.streams = streams;
		this.catalogue = catalogue;
		this.lending = lending;
		this.room = room;
		this.busyDay = busyDay;
		this.members = members;
		this.notifications = notifications;
	}

	@GetMapping("/feed")
	SseStream feed(@RequestParam(required = false) @Nullable String branch, HttpServletRequest request) {
		String code = (branch != null) ? this.catalogue.branch(branch).code() : null;
		Principal user = request.getUserPrincipal();
		Member member = (user != null && request.isUserInRole("MEMBER")) ? this.members.member(user) : null;
		SseStream stream = this.streams.subscribe(topics(code, member), () -> snapshot(code, member));
		stream.send(SseEmitter.event()
			.name("welcome")
			.data(new Welcome(stream.getId(), member, user != null), MediaType.APPLICATION_JSON));
		return stream;
	}

	private static List<String> topics(@Nullable String branch, @Nullable Member member) {
		List<String> topics = new ArrayList<>(
				List.of("clock", "scores/**", "simulation", ReadingRoom.MESSAGES, ReadingRoom.TYPING));
		topics.add("branches/" + ((branch != null) ? branch : "*") + "/loans");
		if (member != null) {
			topics.add("users/" + member.id() + "/notifications");
		}
		return topics;
	}

	/**
	 * The clock and the scores are missing here, because application.yml keeps their
	 * newest events.
	 */
	private List<SseEvent> snapshot(@Nullable String branch, @Nullable Member member) {
		List<SseEvent> events = new ArrayList<>();
		events.add(SseEvent.of("loans", (branch != null) ? this.lending.openLoans(branch) : this.lending.openLoans()));
		events.add(SseEvent.of("messages", this.room.newest()));
		events.add(SseEvent.of("busy-day", this.busyDay.state()));
		if (member != null) {
			events.add(SseEvent.of("notifications", this.notifications.of(member)));
		}
		return events;
	}

}
