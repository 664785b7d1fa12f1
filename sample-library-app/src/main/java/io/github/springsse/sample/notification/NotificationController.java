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

package io.github.springsse.sample.notification;

import java.security.Principal;
import java.util.List;

import io.github.springsse.SseTopic;
import io.github.springsse.sample.member.Members;

import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
@RequestMapping("/me")
class NotificationController {

	private final Notifications notifications;

	private final Members members;

	NotificationController(Notifications notifications, Members members) {
		this.notifications = notifications;
		this.members = members;
	}

	@GetMapping("/notifications/feed")
	@SseTopic("users/{user}/notifications")
	List<NotificationView> notifications(Principal user) {
		return this.notifications.of(this.members.member(user));
	}

	@PutMapping("/waiting/{copyId}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void waitFor(Principal user, @PathVariable long copyId) {
		this.notifications.waitFor(this.members.member(user), copyId);
	}

	@DeleteMapping("/notifications/{id}")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void dismiss(Principal user, @PathVariable long id) {
		this.notifications.dismiss(this.members.member(user), id);
	}

}
