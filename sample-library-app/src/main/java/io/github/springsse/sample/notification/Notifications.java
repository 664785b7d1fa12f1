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

import java.util.List;
import java.util.Objects;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.lending.Returned;
import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.web.ConflictException;
import io.github.springsse.sample.web.NotFoundException;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * Notifies members when copies that they wait for are back. A notification is kept until
 * its member dismisses it in any window, because the member may be offline.
 *
 * @since 0.1.0
 */
@Service
@Transactional
public class Notifications {

	private final Catalogue catalogue;

	private final WaitingRepository waiting;

	private final NotificationRepository notifications;

	private final NotificationViewRepository views;

	private final Desk desk;

	private final SseOperations sse;

	Notifications(Catalogue catalogue, WaitingRepository waiting, NotificationRepository notifications,
			NotificationViewRepository views, Desk desk, SseOperations sse) {
		this.catalogue = catalogue;
		this.waiting = waiting;
		this.notifications = notifications;
		this.views = views;
		this.desk = desk;
		this.sse = sse;
	}

	/**
	 * Return the notifications that a member has not dismissed.
	 * @param member the member
	 * @return the notifications, oldest first
	 */
	@Transactional(readOnly = true)
	public List<NotificationView> of(Member member) {
		return this.views.findByMemberIdOrderById(member.id());
	}

	void waitFor(Member member, long copyId) {
		CopyView copy = this.catalogue.copy(copyId);
		if (!this.catalogue.isHeldOnLoan(copyId)) {
			throw new ConflictException("Copy %d of '%s' is on its shelf".formatted(copyId, copy.title()));
		}
		if (this.waiting.add(copyId, member.id())) {
			this.desk.waits(copyId, member.id());
		}
	}

	void dismiss(Member member, long id) {
		if (!this.notifications.delete(id, member.id())) {
			throw new NotFoundException("There is no notification %d".formatted(id));
		}
		publish(member.id(), SseEvent.of("dismissed", id));
	}

	/**
	 * Runs in the transaction of the return: if that transaction fails, no notification
	 * is sent.
	 */
	@EventListener
	void tell(Returned event) {
		long copyId = event.loan().copyId();
		List<Long> members = this.waiting.membersWaitingFor(copyId);
		for (long memberId : members) {
			Notification notification = this.notifications.save(Notification.of(memberId, copyId));
			publish(memberId, SseEvent.of("notification",
					this.views.findById(Objects.requireNonNull(notification.id())).orElseThrow()));
		}
		this.waiting.removeAll(copyId);
		if (!members.isEmpty()) {
			this.desk.isBack(copyId);
		}
	}

	private void publish(long memberId, SseEvent event) {
		this.sse.publishToUser(Long.toString(memberId), "notifications", event);
	}

}
