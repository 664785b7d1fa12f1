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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;

import io.github.springsse.sample.catalogue.Catalogue;
import io.github.springsse.sample.lending.Lending;
import io.github.springsse.sample.lending.LoanView;
import io.github.springsse.sample.support.LibraryClient;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.session.Session;
import org.springframework.session.SessionRepository;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests in a browser of pages whose stream ends with what let their reader in. Sessions
 * may be idle for long: to open pages does not use them, however long that takes. Only
 * the test of one that expires makes its time short, once its page is open.
 */
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "sse.security.check-interval=1s", "library.token.validity=4s" })
@EnabledIf(value = "io.github.springsse.sample.page.Browser#isInstalled",
		disabledReason = "Chromium and chromedriver are not installed")
@Tag("long")
class SignOutBrowserTests {

	@RegisterExtension
	private static final Browser browser = new Browser();

	@Autowired
	private Lending lending;

	@Autowired
	private Catalogue catalogue;

	@Autowired
	private SessionRepository<?> sessions;

	@LocalServerPort
	private int port;

	@Test
	void signingOutInOneWindowEndsTheFeedOfTheOtherWithinASecond() {
		LibraryPage one = open("/").awaitConnection("open");
		one.signIn("Imogen Fallowfield");
		LibraryPage other = open("/").awaitConnection("open");
		other.await((page) -> page.shows("#card-name", "Imogen Fallowfield"));
		one.noteWhenThereIs("#connection[data-state=connecting]");
		other.noteWhenThereIs("#connection[data-state=expired]");
		one.click("sign-out");
		// The page opens its stream again when signing out has been answered
		Instant answered = one.awaitNoted();
		assertThat(Duration.between(answered, other.awaitNoted())).isLessThan(Duration.ofSeconds(1));
		assertThat(other.isSignedOut()).isTrue();
		assertThat(other.find("#signed-in").isDisplayed()).isFalse();
		one.awaitConnection("open");

		other.click("sign-in-again");
		other.fillIn("9", "0000");
		other.await((page) -> page.shows("#card-name", "Imogen Fallowfield"));
		other.awaitConnection("open");
	}

	@Test
	void sessionThatHasExpiredIsToldByThePage() {
		LibraryPage page = open("/").awaitConnection("open");
		page.signIn("Leopold Grünwald");
		shortenSession(this.sessions);
		page.await(LibraryPage::isSignedOut);
		assertThat(page.find("#sign-in").isDisplayed()).isTrue();
		page.reload();
		page.awaitConnection("open");
		page.await((self) -> self.find("#sign-in").isDisplayed());
	}

	@Test
	void sessionThatHasEndedWhileThePageWasAwayIsToldByThePage() {
		try (Network network = new Network(this.port)) {
			LibraryPage page = LibraryPage.open(browser.driver(), "http://127.0.0.1:" + network.port() + "/")
				.awaitConnection("open");
			page.signIn("Leopold Grünwald");
			String session = browser.driver().manage().getCookieNamed("SESSION").getValue();
			network.off();
			page.awaitConnection("connecting");
			LibraryClient client = new LibraryClient(this.port).withSession(session);
			assertThat(client.post("/sign-out").statusCode()).isEqualTo(204);
			network.on();
			page.await(LibraryPage::isSignedOut);
		}
	}

	@Test
	void deskOfTheLibrarianSaysThatItsReaderIsSignedOut() {
		LibraryPage desk = open("/desk.html");
		assertThat(desk.url()).endsWith("/sign-in.html");
		desk.fillIn("librarian", "wrong");
		desk.await((page) -> page.shows("#sign-in-failed", "The user or the password is wrong."));
		desk.go("http://localhost:" + this.port + "/desk.html");
		desk.fillIn("librarian", "shelves");
		desk.await((page) -> page.url().contains("/desk.html"));
		desk.awaitConnection("open");

		LoanView loan = this.lending.borrowCopy("north", this.catalogue.copies("north", true).get(0).id(), 3);
		LibraryClient member = new LibraryClient(this.port).signIn(9);
		assertThat(member.put("/me/waiting/" + loan.copyId()).statusCode()).isEqualTo(204);
		String line = "Imogen Fallowfield: " + loan.title() + " (north)";
		desk.await((page) -> page.findAll("#waiting li").stream().anyMatch((item) -> item.getText().equals(line)));
		this.lending.giveBack(loan.id());
		desk.await((page) -> page.findAll("#waiting li").isEmpty());

		LibraryPage other = open("/");
		other.await((page) -> page.shows("#card-name", "The librarian"));
		other.click("sign-out");
		desk.await(LibraryPage::isSignedOut);
	}

	@Test
	void feedOfChosenBranchesHasNothingOfOthers() {
		LibraryPage page = open("/choose.html");
		page.await((self) -> self.findAll("#choice input").size() == 4);
		page.find("#choice input[value=north]").click();
		page.find("#choice input[value=harbour]").click();
		page.await((self) -> self.shows("#feed-url",
				"/live?topic=branches%2Fharbour%2Floans&topic=branches%2Fnorth%2Floans"));
		page.awaitConnection("open");
		for (String branch : List.of("south", "harbour")) {
			this.lending.borrowCopy(branch, this.catalogue.copies(branch, true).get(0).id(), 3);
		}
		page.await((self) -> !self.findAll("#activity li").isEmpty());
		assertThat(page.findAll("#activity li")).singleElement()
			.satisfies((item) -> assertThat(item.getText()).endsWith("(harbour)"));
	}

	@Test
	void pageSaysThatItsTokenHasExpiredAndGetsANewOne() {
		LibraryPage page = open("/token.html");
		page.click("get-token");
		page.await((self) -> self.message().equals("Sign in with a card first"));
		page.go("http://localhost:" + this.port + "/sign-in.html");
		page.fillIn("12", "0000");
		page.await((self) -> self.shows("#card-name", "Leopold Grünwald"));
		page.go("http://localhost:" + this.port + "/token.html");

		for (int i = 0; i < 2; i++) {
			page.click("get-token");
			page.awaitConnection("open");
			page.await((self) -> self.shows("#token-text", "The token has expired: get a new one."));
			assertThat(page.find("#connection").getDomAttribute("data-state")).isEqualTo("none");
		}
	}

	private static <S extends Session> void shortenSession(SessionRepository<S> sessions) {
		String cookie = browser.driver().manage().getCookieNamed("SESSION").getValue();
		S session = sessions.findById(new String(Base64.getDecoder().decode(cookie), StandardCharsets.US_ASCII));
		session.setMaxInactiveInterval(Duration.ofSeconds(2));
		sessions.save(session);
	}

	private LibraryPage open(String path) {
		return LibraryPage.open(browser.driver(), "http://localhost:" + this.port + path);
	}

}
