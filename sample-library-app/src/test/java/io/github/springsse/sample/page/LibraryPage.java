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

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

import org.openqa.selenium.By;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.TimeoutException;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.WindowType;
import org.openqa.selenium.support.ui.Select;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * The page of the library in a window of its own.
 */
final class LibraryPage {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final WebDriver driver;

	private final String window;

	private LibraryPage(WebDriver driver) {
		this.driver = driver;
		this.window = driver.getWindowHandle();
	}

	static LibraryPage open(WebDriver driver, String url) {
		driver.switchTo().newWindow(WindowType.WINDOW);
		driver.get(url);
		return new LibraryPage(driver);
	}

	LibraryPage awaitConnection(String state) {
		try {
			await((page) -> page.connection().equals(state));
		}
		catch (TimeoutException ex) {
			throw new AssertionError("The connection is '%s', and not '%s'. The page says: '%s'".formatted(connection(),
					state, message()), ex);
		}
		return this;
	}

	LibraryPage awaitLoans() {
		await((page) -> !page.findAll("#loans .loan").isEmpty());
		return this;
	}

	private String connection() {
		return find("#connection").getDomAttribute("data-state");
	}

	String connectionText() {
		return find("#connection-text").getText();
	}

	String clock() {
		return find("#clock").getDomAttribute("datetime");
	}

	List<String> copiesOnLoan() {
		return texts("#loans .loan:not(.leaving)", "item.dataset.copy");
	}

	int loanCount() {
		return Integer.parseInt(find("#loan-count").getText());
	}

	/**
	 * Return what happened.
	 * @return verbs and titles, the newest first
	 */
	List<String> activity() {
		return texts("#activity .entry",
				"`${item.querySelector('.verb').textContent} ${item.querySelector('cite')" + ".textContent}`");
	}

	/**
	 * Return what was imported.
	 * @return the titles, the newest last
	 */
	List<String> importedTitles() {
		return texts("#import-lines li", "item.querySelector('cite').textContent");
	}

	int booksLent(String branch) {
		return Integer.parseInt(find(".score[data-branch=" + branch + "] .lent").getText());
	}

	/**
	 * Return the text of what happened last, empty until it has faded in.
	 */
	String newestActivity() {
		return find("#activity .entry").getText();
	}

	String message() {
		return find("#message-text").getText();
	}

	String anyAvailableCopy() {
		await((page) -> !page.findAll("#copy optgroup option:enabled").isEmpty());
		return find("#copy optgroup option:enabled").getDomProperty("value");
	}

	void borrow(String copy, String member) {
		new Select(find("#copy")).selectByValue(copy);
		new Select(find("#member")).selectByVisibleText(member);
		find("#borrow-button").click();
	}

	void giveBack(String copy) {
		find(loanOf(copy) + " .return").click();
	}

	void waitFor(String copy) {
		find(loanOf(copy) + " .wait").click();
	}

	void signIn(String member) {
		await((page) -> page.findAll("#member option").size() > 1);
		String card = new Select(find("#member")).getOptions()
			.stream()
			.filter((option) -> option.getText().equals(member))
			.findFirst()
			.orElseThrow()
			.getDomProperty("value");
		click("to-sign-in");
		fillIn(card, "0000");
		await((page) -> page.shows("#card-name", member));
		awaitConnection("open");
	}

	/**
	 * Fill in the page to sign in, and send it.
	 */
	void fillIn(String user, String password) {
		await((page) -> !page.findAll("#username").isEmpty());
		find("#username").sendKeys(user);
		find("#password").sendKeys(password);
		find("#sign-in button").click();
	}

	/**
	 * Return whether an element is there with a text, also while a page is being loaded.
	 */
	boolean shows(String selector, String text) {
		return findAll(selector).stream().anyMatch((element) -> element.getText().equals(text));
	}

	/**
	 * Return whether the page says that its reader has been signed out, and waits for
	 * nothing.
	 */
	boolean isSignedOut() {
		return connection().equals("expired") && connectionText().equals("Signed out.")
				&& find("#sign-in-again").isDisplayed();
	}

	void go(String url) {
		focus();
		this.driver.get(url);
	}

	String url() {
		focus();
		return this.driver.getCurrentUrl();
	}

	void type(String text) {
		find("#text").sendKeys(text);
	}

	/**
	 * Return what was written in the reading room.
	 * @return names and texts, the newest last
	 */
	List<String> messages() {
		return texts("#messages li",
				"`${item.querySelector('.who').textContent}: ${item.querySelector('.text').textContent}`");
	}

	/**
	 * Return what the member was told.
	 * @return the titles
	 */
	List<String> notifications() {
		return texts("#notifications li", "item.querySelector('cite').textContent");
	}

	/**
	 * Ask the librarian, as a member who has not signed in.
	 */
	LibraryPage ask(String card, String question) {
		fillIn(card, "0000");
		await((page) -> !page.findAll("#ask-button").isEmpty());
		find("#text").sendKeys(question);
		click("ask-button");
		await((page) -> page.url().contains("?question="));
		return awaitConnection("open");
	}

	/**
	 * Return the text of the answer as it is now, empty until the page has one.
	 */
	String answer() {
		return String.join("", texts("#answer", "item.textContent"));
	}

	/**
	 * Return whether all of the text has come by streams: the page has not replaced it
	 * with what is stored.
	 */
	boolean isAnswerStreamed() {
		return find("#answer").getDomAttribute("data-from") == null;
	}

	LibraryPage awaitWords(int words) {
		await((page) -> page.words() >= words);
		return this;
	}

	int words() {
		return answer().split("\\s+").length;
	}

	LibraryPage awaitAnswer(String state) {
		try {
			await((page) -> page.findAll("#conversation[data-state=" + state + "]").size() == 1);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("The answer is '%s', and not '%s', after '%s'. The page says: '%s'"
				.formatted(find("#conversation").getDomAttribute("data-state"), state, answer(), message()), ex);
		}
		return this;
	}

	void show(String branch) {
		find("#branches a[data-branch=" + branch + "]").click();
	}

	void click(String id) {
		find("#" + id).click();
	}

	void reload() {
		focus();
		this.driver.navigate().refresh();
	}

	void script(String script, Object... arguments) {
		focus();
		((JavascriptExecutor) this.driver).executeScript(script, arguments);
	}

	/**
	 * Have the page note when there is something to be found, as one that looks from
	 * outside now and then could not.
	 */
	void noteWhenThereIs(String selector) {
		script("""
				const selector = arguments[0];
				delete document.body.dataset.noted;
				new MutationObserver((changes, observer) => {
					if (document.querySelector(selector)) {
						observer.disconnect();
						document.body.dataset.noted = Date.now();
					}
				}).observe(document.body, { attributes: true, childList: true, subtree: true });
				""", selector);
	}

	Instant awaitNoted() {
		await((page) -> page.find("body").getDomAttribute("data-noted") != null);
		return Instant.ofEpochMilli(Long.parseLong(find("body").getDomAttribute("data-noted")));
	}

	void await(Predicate<LibraryPage> condition) {
		new WebDriverWait(this.driver, PATIENCE).ignoring(StaleElementReferenceException.class)
			.until((driver) -> condition.test(this));
	}

	WebElement find(String selector) {
		focus();
		return this.driver.findElement(By.cssSelector(selector));
	}

	List<WebElement> findAll(String selector) {
		focus();
		return this.driver.findElements(By.cssSelector(selector));
	}

	/**
	 * Read many items at once, as they are at one moment.
	 */
	@SuppressWarnings("unchecked")
	private List<String> texts(String selector, String expression) {
		focus();
		return (List<String>) ((JavascriptExecutor) this.driver).executeScript(
				"return [...document.querySelectorAll(arguments[0])].map((item) => " + expression + ")", selector);
	}

	private void focus() {
		this.driver.switchTo().window(this.window);
	}

	private static String loanOf(String copy) {
		return "#loans .loan[data-copy='" + copy + "']:not(.leaving)";
	}

}
