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

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;

import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.member.Member;
import io.github.springsse.sample.member.Members;
import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import io.github.springsse.sample.web.ConflictException;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what members are told.
 */
@LibraryTest
class NotificationTests {

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	@Autowired
	private Members members;

	@Autowired
	private Notifications notifications;

	@LocalServerPort
	private int port;

	@Test
	void whoWaitsIsToldOnceAndNobodyElse() throws Exception {
		LoanView loan = borrow();
		LibraryClient waiting = new LibraryClient(this.port).signIn(12);
		LibraryClient stranger = new LibraryClient(this.port).signIn(13);
		try (EventReader feed = waiting.events("/me/notifications/feed");
				EventReader otherFeed = stranger.events("/me/notifications/feed")) {
			feed.next();
			otherFeed.next();
			assertThat(waiting.put("/me/waiting/" + loan.copyId()).statusCode()).isEqualTo(204);
			assertThat(waiting.put("/me/waiting/" + loan.copyId()).statusCode()).isEqualTo(204);
			this.lending.giveBack(loan.id());
			Event event = feed.next();
			assertThat(event.name()).isEqualTo("notification");
			JsonNode notification = this.json.readTree(event.data());
			assertThat(notification.get("title").asString()).isEqualTo(loan.title());

			LoanView again = this.lending.borrowCopy(loan.branch(), loan.copyId(), 3);
			this.lending.giveBack(again.id());
			try (EventReader later = waiting.events("/feed")) {
				Event unread = later.next((each) -> each.name().equals("notifications"));
				assertThat(this.json.readTree(unread.data())).singleElement().isEqualTo(notification);
			}
			String path = "/me/notifications/" + notification.get("id").asInt();
			assertThat(stranger.delete(path).statusCode()).isEqualTo(404);
			assertThat(waiting.delete(path).statusCode()).isEqualTo(204);
			Event dismissed = feed.next();
			assertThat(dismissed.name()).isEqualTo("dismissed");
			assertThat(dismissed.data()).isEqualTo(notification.get("id").asString());
			assertThat(waiting.delete(path).statusCode()).isEqualTo(404);

			assertThat(stranger.put("/me/waiting/" + borrow().copyId()).statusCode()).isEqualTo(204);
			this.lending.giveBack(this.lending.openLoans().get(0).id());
			assertThat(this.json.readTree(otherFeed.next().data()).get("memberId").asInt()).isEqualTo(13);
		}
	}

	@Test
	void nobodyWaitsForWhatIsOnItsShelf() {
		LoanView loan = borrow();
		this.lending.giveBack(loan.id());
		LibraryClient client = new LibraryClient(this.port).signIn(12);
		assertThat(client.json(client.put("/me/waiting/" + loan.copyId())).get("detail").asString())
			.isEqualTo("Copy %d of '%s' is on its shelf".formatted(loan.copyId(), loan.title()));
		assertThat(client.put("/me/waiting/9999").statusCode()).isEqualTo(404);
	}

	/**
	 * Who comes while the copy is being returned either waits and is told, or is told
	 * that it is there.
	 */
	@Test
	void nobodyWaitsInVain() throws Exception {
		Member member = this.members.member(14);
		for (int i = 0; i < 50; i++) {
			LoanView loan = borrow();
			CyclicBarrier barrier = new CyclicBarrier(2);
			CompletableFuture<Boolean> waits = CompletableFuture.supplyAsync(() -> {
				await(barrier);
				return waitFor(member, loan.copyId());
			}, new SimpleAsyncTaskExecutor());
			await(barrier);
			this.lending.giveBack(loan.id());
			int expected = waits.get() ? 1 : 0;
			assertThat(this.notifications.of(member)).hasSize(expected);
			this.notifications.of(member).forEach((told) -> this.notifications.dismiss(member, told.id()));
		}
	}

	private boolean waitFor(Member member, long copyId) {
		try {
			this.notifications.waitFor(member, copyId);
			return true;
		}
		catch (ConflictException ex) {
			return false;
		}
	}

	private LoanView borrow() {
		return this.lending.borrowCopy("north", this.catalogue.copies("north", true).get(0).id(), 3);
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await();
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

}
