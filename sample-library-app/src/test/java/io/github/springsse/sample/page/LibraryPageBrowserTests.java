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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import com.sun.net.httpserver.HttpServer;
import io.github.springsse.SseEmitterRegistry;
import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;
import io.github.springsse.SseStream;
import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.support.LibraryTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.simple.JdbcClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the page in a browser.
 */
@LibraryTest
@EnabledIf(value = "io.github.springsse.sample.page.Browser#isInstalled",
		disabledReason = "Chromium and chromedriver are not installed")
@Tag("long")
class LibraryPageBrowserTests {

	@RegisterExtension
	private static final Browser browser = new Browser();

	@Autowired
	private SseEmitterRegistry streams;

	@Autowired
	private SseOperations sse;

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	@Autowired
	private JdbcClient jdbc;

	@LocalServerPort
	private int port;

	@Test
	void whatIsBorrowedInOneWindowIsSeenInTheOther() {
		LibraryPage one = open("/").awaitConnection("open").awaitLoans();
		LibraryPage other = open("/").awaitConnection("open").awaitLoans();
		String copy = one.anyAvailableCopy();
		int loans = other.loanCount();

		one.borrow(copy, "Callum Dunwick");
		other.await((page) -> page.copiesOnLoan().contains(copy));
		other.await((page) -> page.newestActivity().contains("Callum Dunwick borrowed"));
		assertThat(other.loanCount()).isEqualTo(loans + 1);
		assertThat(other.find("#copy option[value='" + copy + "']").isEnabled()).isFalse();

		other.giveBack(copy);
		one.await((page) -> !page.copiesOnLoan().contains(copy));
		one.await((page) -> page.newestActivity().contains("Callum Dunwick returned"));
		assertThat(one.loanCount()).isEqualTo(loans);
		assertThat(one.find("#copy option[value='" + copy + "']").isEnabled()).isTrue();
	}

	/**
	 * It takes milliseconds; the bound leaves time for a machine that is busy, and is far
	 * below what any polling would need.
	 */
	@Test
	void whatIsBorrowedIsSeenInTheOtherWindowAtOnce() {
		LibraryPage one = open("/").awaitConnection("open").awaitLoans();
		LibraryPage other = open("/").awaitConnection("open").awaitLoans();
		String copy = one.anyAvailableCopy();
		one.noteWhenThereIs("#message[data-kind=done]:not([hidden])");
		other.noteWhenThereIs("#loans .loan[data-copy='" + copy + "']");
		one.borrow(copy, "Daria Velković");
		Instant answered = one.awaitNoted();
		assertThat(Duration.between(answered, other.awaitNoted())).isLessThan(Duration.ofSeconds(2));
	}

	@Test
	void clockTicks() {
		LibraryPage page = open("/");
		page.await((self) -> self.clock() != null);
		String first = page.clock();
		page.await((self) -> !self.clock().equals(first));
	}

	@Test
	void stateOfTheConnectionIsShown() {
		LibraryPage page = open("/").awaitConnection("open");
		assertThat(page.connectionText()).isEqualTo("Live");
		assertThat(page.find("#reconnect").isDisplayed()).isFalse();
	}

	@Test
	void pageThatWasTurnedAwayIsConnectedAgainByItsButton() throws IOException {
		try (Network network = new Network(this.port)) {
			LibraryPage page = LibraryPage.open(browser.driver(), "http://127.0.0.1:" + network.port() + "/")
				.awaitConnection("open")
				.awaitLoans();
			network.off();
			// After this status, EventSource does not come back by itself
			HttpServer deadEnd = HttpServer.create(new InetSocketAddress("127.0.0.1", network.port()), 0);
			deadEnd.createContext("/", (exchange) -> exchange.sendResponseHeaders(404, -1));
			deadEnd.start();
			page.awaitConnection("closed");
			deadEnd.stop(0);
			assertThat(page.connectionText()).isEqualTo("Closed");
			assertThat(page.find("#reconnect").isDisplayed()).isTrue();
			LoanView meanwhile = borrowAt("north");

			network.on();
			page.click("reconnect");
			page.awaitConnection("open");
			assertThat(page.find("#reconnect").isDisplayed()).isFalse();
			page.await((self) -> self.copiesOnLoan().contains(meanwhile.copyId().toString()));
			LoanView after = borrowAt("north");
			page.await((self) -> self.copiesOnLoan().contains(after.copyId().toString()));
			String time = page.clock();
			page.await((self) -> !self.clock().equals(time));
		}
	}

	@Test
	void tabShowsOneBranch() {
		LibraryPage page = open("/").awaitConnection("open").awaitLoans();
		page.show("harbour");
		page.await((self) -> self.find("#feed-url").getText().equals("/feed?branch=harbour"));
		page.awaitConnection("open").awaitLoans();
		assertThat(page.copiesOnLoan()).isNotEmpty().allMatch((copy) -> copy.endsWith("3"));
		page.await((self) -> self.findAll("#copy optgroup").size() == 1);
	}

	@Test
	void refusalIsShown() {
		LibraryPage page = open("/?branch=north").awaitConnection("open").awaitLoans();
		String copy = page.copiesOnLoan().get(0);
		page.anyAvailableCopy();
		page.script("document.querySelector(`#copy option[value='${arguments[0]}']`).disabled = false", copy);
		page.borrow(copy, "Callum Dunwick");
		page.await((self) -> self.message().contains("is on loan since"));
		assertThat(page.message()).startsWith("Copy " + copy + " of '");
	}

	@Test
	void busyDayIsStartedAndStoppedInEveryWindow() {
		LibraryPage one = open("/").awaitConnection("open");
		LibraryPage other = open("/").awaitConnection("open");
		one.await((page) -> page.clock() != null);
		other.await((page) -> page.clock() != null);
		one.click("busy-day-start");
		other.await((page) -> page.find("#busy-day-text").getText().contains("of 120 visitors"));
		other.await((page) -> !page.findAll("#activity .entry").isEmpty());
		other.click("busy-day-stop");
		one.await((page) -> !page.find("#busy-day-stop").isEnabled());
	}

	@Test
	void feedGoesOnAfterItsStreamWasClosed() {
		LibraryPage page = open("/?branch=south").awaitConnection("open").awaitLoans();
		String copy = page.anyAvailableCopy();
		assertThat(this.streams.disconnectTopic("branches/south/loans")).isEqualTo(1);
		page.awaitConnection("connecting");
		this.lending.borrowCopy("south", Long.parseLong(copy), 3);
		page.awaitConnection("open");
		page.await((self) -> self.copiesOnLoan().contains(copy));
	}

	@Test
	void whatHappenedWhileTheNetworkWasOffIsSeenOnce() {
		try (Network network = new Network(this.port)) {
			LibraryPage page = LibraryPage.open(browser.driver(), "http://127.0.0.1:" + network.port() + "/")
				.awaitConnection("open")
				.awaitLoans();
			LoanView before = borrowAt("south");
			page.await((self) -> self.activity().size() == 1);

			network.off();
			page.awaitConnection("connecting");
			LoanView meanwhile = borrowAt("hillside");
			this.lending.giveBack(before.id());
			assertThat(page.activity()).hasSize(1);
			network.on();

			page.awaitConnection("open");
			page.await((self) -> self.activity().size() == 3);
			LoanView after = borrowAt("south");
			page.await((self) -> self.activity().size() == 4);
			assertThat(page.activity()).containsExactly("borrowed " + after.title(), "returned " + before.title(),
					"borrowed " + meanwhile.title(), "borrowed " + before.title());
			assertThat(page.copiesOnLoan()).containsExactlyElementsOf(copiesOnLoan(this.lending));
			page.await((self) -> self.booksLent("hillside") == booksLent("hillside"));
		}
	}

	@Test
	void importGoesOnAfterThePageIsLoadedAgain() throws Exception {
		List<String> titles = new ClassPathResource("new-books.csv").getContentAsString(StandardCharsets.UTF_8)
			.lines()
			.skip(1)
			.map((line) -> line.split(",", 4)[3])
			.toList();
		LibraryPage page = open("/").awaitConnection("open");
		page.click("import-start");
		page.await((self) -> self.importedTitles().size() > 5);
		page.reload();
		page.await((self) -> !self.importedTitles().isEmpty());
		page.await((self) -> self.importedTitles().size() == titles.size());
		assertThat(page.importedTitles()).isEqualTo(titles);
		// Told by status 204
		page.await((self) -> "closed".equals(self.find("#import").getDomAttribute("data-feed")));
		assertThat(page.find("#import-text").getText()).matches("\\d+ new, \\d+ already there.");
		assertThat(page.importedTitles()).isEqualTo(titles);
		assertThat(this.streams.streams()).flatMap(SseStream::getTopics)
			.noneMatch((topic) -> topic.startsWith("imports"));
		page.await((self) -> !self.findAll("#copy option[data-title='Sister Carrie']").isEmpty());
	}

	@Test
	void scoresTickInEveryWindow() {
		LibraryPage one = open("/");
		LibraryPage other = open("/");
		borrowAt("harbour");
		int lent = booksLent("harbour");
		one.await((page) -> !page.findAll(".score").isEmpty() && page.booksLent("harbour") == lent);
		other.await((page) -> !page.findAll(".score").isEmpty() && page.booksLent("harbour") == lent);
	}

	@Test
	void whatIsWrittenInTheReadingRoomIsSeenInEveryWindow() {
		LibraryPage one = open("/").awaitConnection("open");
		LibraryPage other = open("/?branch=south").awaitConnection("open");
		other.await((page) -> page.find("#say-hint").isDisplayed());
		one.signIn("Imogen Fallowfield");
		one.type("Has anybody read Emma?");
		other.await((page) -> page.find("#typing").getText().equals("Imogen Fallowfield is writing…"));
		assertThat(one.find("#typing").getText()).isEmpty();
		one.click("say-button");
		for (LibraryPage page : List.of(one, other)) {
			page.await((self) -> self.messages().contains("Imogen Fallowfield: Has anybody read Emma?"));
		}
		assertThat(one.messages()).doesNotHaveDuplicates();
		assertThat(other.find("#typing").getText()).isEmpty();
		one.click("sign-out");
		one.await((page) -> page.find("#say-hint").isDisplayed());
		one.awaitConnection("open");
		assertThat(one.messages()).contains("Imogen Fallowfield: Has anybody read Emma?");
	}

	@Test
	void memberIsToldWhatIsBackUntilItIsDismissedInOneOfTheWindows() {
		LoanView loan = borrowAt("hillside");
		String copy = loan.copyId().toString();
		LibraryPage one = open("/").awaitConnection("open");
		one.signIn("Leopold Grünwald");
		LibraryPage other = open("/?branch=south").awaitConnection("open");
		other.await((page) -> page.find("#card-name").getText().equals("Leopold Grünwald"));
		one.waitFor(copy);
		one.await((page) -> page.message().equals("You will be notified when “" + loan.title() + "” is back."));
		this.lending.giveBack(loan.id());
		for (LibraryPage page : List.of(one, other)) {
			page.await((self) -> self.notifications().equals(List.of(loan.title())));
		}
		other.reload();
		other.await((page) -> page.notifications().equals(List.of(loan.title())));
		other.find("#notifications button").click();
		for (LibraryPage page : List.of(one, other)) {
			page.await((self) -> self.notifications().isEmpty());
		}
		other.click("sign-out");
		one.await((page) -> page.find("#sign-in").isDisplayed());
	}

	@Test
	void dataIsShownAsItIs() {
		LibraryPage page = open("/?branch=north").awaitConnection("open").awaitLoans();
		String title = "<img src=x onerror=alert(1)>";
		this.sse.publish("branches/north/loans", SseEvent.of("borrowed",
				new LoanView(9999L, 9999L, title, "<b>", "<i>", "north", Instant.now(), Instant.now(), null)));
		page.await((self) -> self.copiesOnLoan().contains("9999"));
		assertThat(page.find("#loans .book").getText()).isEqualTo(title);
		page.await((self) -> self.newestActivity().contains("<i> borrowed " + title));
	}

	/**
	 * Return what is on loan, as the page is to show it.
	 */
	static List<String> copiesOnLoan(Lending lending) {
		return lending.openLoans().stream().map((loan) -> loan.copyId().toString()).toList();
	}

	private LoanView borrowAt(String branch) {
		return this.lending.borrowCopy(branch, this.catalogue.copies(branch, true).get(0).id(), 3);
	}

	private int booksLent(String branch) {
		return this.jdbc.sql("select count(*) from loan_view where branch = ?")
			.param(branch)
			.query(Integer.class)
			.single();
	}

	private LibraryPage open(String path) {
		return LibraryPage.open(browser.driver(), "http://localhost:" + this.port + path);
	}

}
