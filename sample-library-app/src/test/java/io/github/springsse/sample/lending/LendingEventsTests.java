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

package io.github.springsse.sample.lending;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.catalogue.CopyView;
import io.github.springsse.sample.support.EventReader;
import io.github.springsse.sample.support.EventReader.Event;
import io.github.springsse.sample.support.LibraryClient;
import io.github.springsse.sample.support.LibraryTest;
import io.github.springsse.sample.web.ConflictException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.transaction.support.TransactionTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for what {@link Lending} publishes: after the commit, or never.
 */
@LibraryTest
class LendingEventsTests {

	private static final int MEMBER = 3;

	private final JsonMapper json = new JsonMapper();

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	@Autowired
	private SseOperations sse;

	@Autowired
	private TransactionTemplate transaction;

	@LocalServerPort
	private int port;

	private EventReader feed;

	private List<CopyView> copies;

	@BeforeEach
	void openFeed() {
		this.feed = new LibraryClient(this.port).events("/branches/hillside/loans/feed");
		assertThat(this.feed.next().name()).isEqualTo("snapshot");
		this.copies = this.catalogue.copies("hillside", true);
	}

	@AfterEach
	void closeFeed() throws Exception {
		this.feed.close();
	}

	@Test
	void nobodyIsToldOfALoanThatIsRolledBack() {
		assertThatIllegalStateException().isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
			borrow(0);
			throw new IllegalStateException("The lights went out");
		}));
		assertThat(this.catalogue.copy(this.copies.get(0).id()).available()).isTrue();
		LoanView loan = borrow(0);
		assertNext("borrowed", loan);
		this.lending.giveBack(loan.id());
		assertNext("returned", loan);
	}

	@Test
	void nobodyIsToldOfALoanBeforeItsCommit() {
		List<LoanView> loans = new ArrayList<>();
		this.transaction.executeWithoutResult((status) -> {
			loans.add(borrow(0));
			loans.add(borrow(1));
			this.lending.giveBack(loans.get(0).id());
			this.sse.immediately().publish("branches/hillside/loans", SseEvent.of("meanwhile", ""));
		});
		assertThat(this.feed.next().name()).isEqualTo("meanwhile");
		assertNext("borrowed", loans.get(0));
		assertNext("borrowed", loans.get(1));
		assertNext("returned", loans.get(0));
		this.lending.giveBack(loans.get(1).id());
	}

	@Test
	void nobodyIsToldOfWhatIsRefused() {
		LoanView loan = borrow(0);
		assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> borrow(0));
		this.lending.giveBack(loan.id());
		assertThatExceptionOfType(ConflictException.class).isThrownBy(() -> this.lending.giveBack(loan.id()));
		LoanView other = borrow(1);
		assertNext("borrowed", loan);
		assertNext("returned", loan);
		assertNext("borrowed", other);
		this.lending.giveBack(other.id());
	}

	/**
	 * A method with a transaction returns after its events were published. What is done
	 * by whoever knows of the loan from there comes later, on whatever thread; and each
	 * copy is lent again only when it is back.
	 */
	@Test
	void eventsOfACopyComeInTheOrderOfItsCommits() throws Exception {
		int readers = 4;
		int rounds = 10;
		ExecutorService executor = Executors.newFixedThreadPool(readers);
		try {
			List<CompletableFuture<?>> chains = new ArrayList<>();
			for (int i = 0; i < readers; i++) {
				int index = i;
				CompletableFuture<LoanView> chain = CompletableFuture.completedFuture(null);
				for (int round = 0; round < rounds; round++) {
					chain = chain.thenApplyAsync((returned) -> borrow(index), executor)
						.thenApplyAsync((loan) -> this.lending.giveBack(loan.id()), executor);
				}
				chains.add(chain);
			}
			CompletableFuture.allOf(chains.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		}
		finally {
			executor.shutdownNow();
		}
		List<String> events = new ArrayList<>();
		for (int i = 0; i < readers * rounds * 2; i++) {
			Event event = this.feed.next();
			JsonNode loan = this.json.readTree(event.data());
			events.add(loan.get("copyId") + " " + event.name() + " " + loan.get("id"));
		}
		for (int i = 0; i < readers; i++) {
			String copy = this.copies.get(i).id() + " ";
			List<String> ofCopy = events.stream().filter((event) -> event.startsWith(copy)).toList();
			assertThat(ofCopy).hasSize(rounds * 2);
			for (int round = 0; round < rounds; round++) {
				String borrowed = ofCopy.get(2 * round);
				assertThat(borrowed).contains(" borrowed ");
				assertThat(ofCopy.get(2 * round + 1)).isEqualTo(borrowed.replace("borrowed", "returned"));
			}
		}
	}

	private LoanView borrow(int index) {
		return this.lending.borrowCopy("hillside", this.copies.get(index).id(), MEMBER);
	}

	private void assertNext(String name, LoanView loan) {
		Event event = this.feed.next();
		assertThat(event.name()).isEqualTo(name);
		assertThat(this.json.readTree(event.data()).get("id").asLong()).isEqualTo(loan.id());
	}

}
