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

package io.github.springsse.transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import javax.sql.DataSource;

import com.fasterxml.jackson.annotation.JsonValue;
import io.github.springsse.SseEvent;
import io.github.springsse.SseException;
import io.github.springsse.SseOperations;
import io.github.springsse.SsePublish;
import io.github.springsse.SseTopic;
import io.github.springsse.log.EventLog;
import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import jakarta.persistence.Column;
import jakarta.persistence.ElementCollection;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityListeners;
import jakarta.persistence.EntityManager;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.Id;
import jakarta.persistence.PostUpdate;
import jakarta.persistence.Version;
import org.hibernate.FlushMode;
import org.hibernate.Hibernate;
import org.hibernate.Session;
import org.hibernate.annotations.UpdateTimestamp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.persistence.autoconfigure.EntityScan;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.dao.OptimisticLockingFailureException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.event.TransactionPhase;
import org.springframework.transaction.event.TransactionalEventListener;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests publishing in transactions of a JPA application: the sent data is the committed
 * data.
 */
class JpaTransactionTests {

	private static TestServer server;

	private final List<String> published = new CopyOnWriteArrayList<>();

	private final SseOperations sse = server.sse();

	private final EntityManager entities = server.bean(EntityManager.class);

	private final JdbcTemplate jdbc = server.bean(JdbcTemplate.class);

	private final TransactionTemplate transaction = new TransactionTemplate(
			server.bean(PlatformTransactionManager.class));

	private final EventLog.Subscription subscription = server.bean(EventLog.class)
		.follow(server.bean(EventLog.class).head(), (id, entry) -> this.published.add(entry.data()));

	private long id;

	@BeforeAll
	static void start() {
		server = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, "spring.datasource.url=jdbc:h2:mem:jpa",
				"spring.datasource.generate-unique-name=false", "spring.jpa.hibernate.ddl-auto=create-drop");
	}

	@AfterAll
	static void close() {
		server.close();
	}

	@BeforeEach
	void createLoan() {
		Listener.action = null;
		this.id = this.transaction.execute((status) -> {
			Loan loan = new Loan();
			loan.notes.add("careful");
			this.entities.persist(loan);
			return loan.id;
		});
	}

	@AfterEach
	void endSubscription() {
		Listener.action = null;
		this.subscription.close();
	}

	@Test
	void sendsTheVersionAndTheTimeThatAreCommitted() {
		Instant before = loan().updated;
		inTransaction((loan) -> {
			loan.state = "RETURNED";
			this.sse.publish("loans", loan);
			assertThat(loan.version).isZero();
		});
		Loan committed = loan();
		assertThat(committed.version).isEqualTo(1);
		assertThat(committed.updated).isAfter(before);
		assertThat(this.published).singleElement()
			.asString()
			.contains("\"version\":1", "\"state\":\"RETURNED\"", "\"notes\":[\"careful\"]")
			.contains("\"updated\":\"" + committed.updated);
	}

	@Test
	void sendsWhatIsChangedAfterTheCall() {
		inTransaction((loan) -> {
			this.sse.publish("loans", loan);
			loan.state = "LOST";
			loan.notes.add("gone");
		});
		assertThat(this.published).singleElement().asString().contains("\"state\":\"LOST\"", "[\"careful\",\"gone\"]");
	}

	@Test
	void readsNoLazyCollectionAtTheCall() {
		inTransaction((loan) -> {
			this.sse.publish("notes", loan.notes);
			this.sse.publish("loans", loan);
			assertThat(Hibernate.isInitialized(loan.notes)).isFalse();
		});
		assertThat(this.published).first().isEqualTo("[\"careful\"]");
	}

	@Test
	void writesAtTheCallWhatIsPublishedImmediately() {
		inTransaction((loan) -> {
			loan.state = "RETURNED";
			this.sse.immediately().publish("loans", loan);
			assertThat(this.published).singleElement().asString().contains("\"version\":0");
		});
		assertThat(this.published).hasSize(1);
	}

	@Test
	void sendsANewEntityWithItsId() {
		this.transaction.executeWithoutResult((status) -> {
			Loan loan = new Loan();
			this.sse.publish("loans", SseEvent.of("borrowed", loan));
			this.entities.persist(loan);
			this.id = loan.id;
		});
		assertThat(this.published).singleElement().asString().contains("\"id\":" + this.id, "\"updated\":\"");
	}

	@Test
	void annotatedMethodSendsLazyCollectionsWithoutOpenSessionInView() {
		server.bean(Lending.class).giveBack(this.id);
		assertThat(this.published).singleElement()
			.asString()
			.contains("\"version\":1", "\"notes\":[\"careful\"]", "\"state\":\"RETURNED\"");
	}

	@Test
	void whatCannotBeWrittenFailsTheTransaction() {
		Lending lending = server.bean(Lending.class);
		assertThatThrownBy(() -> lending.breakLoan(this.id)).hasStackTraceContaining("cannot be shown");
		assertThatThrownBy(() -> inTransaction((loan) -> {
			loan.state = "BROKEN";
			this.sse.publish("fine", "text");
			this.sse.publish("loans", new Unwritable());
		})).hasStackTraceContaining("cannot be shown");
		assertThat(loan().state).isEqualTo("BORROWED");
		assertThat(this.published).isEmpty();
		inTransaction((loan) -> this.sse.publish("loans", loan.state));
		assertThat(this.published).containsExactly("BORROWED");
	}

	/**
	 * Its manager would treat it as a failure of the commit, and not roll back.
	 */
	@Test
	void transactionExceptionOfWhatIsWrittenRollsBack() {
		TransactionTemplate never = new TransactionTemplate(server.bean(PlatformTransactionManager.class));
		never.setPropagationBehavior(TransactionTemplate.PROPAGATION_NEVER);
		assertThatThrownBy(() -> inTransaction((loan) -> {
			loan.state = "BROKEN";
			this.sse.publish("loans", new Object() {

				@JsonValue
				@Nullable String text() {
					return never.execute((status) -> "text");
				}

			});
		})).isNotInstanceOf(TransactionException.class).hasStackTraceContaining("propagation 'never'");
		assertThat(loan().state).isEqualTo("BORROWED");
		Listener.action = (loan) -> never.executeWithoutResult((status) -> {
		});
		assertThatThrownBy(() -> inTransaction((loan) -> {
			loan.state = "BROKEN";
			this.sse.publish("loans", "text");
		})).isInstanceOf(SseException.class).hasStackTraceContaining("propagation 'never'");
		assertThat(loan().state).isEqualTo("BORROWED");
		assertThat(this.published).isEmpty();
	}

	@Test
	void lazyCollectionOfEventsFailsTheTransaction() {
		List<Object> lazy = new LazyList(List.of(SseEvent.of("data")));
		assertThatThrownBy(() -> inTransaction((loan) -> {
			loan.state = "LOST";
			this.sse.publish("loans", lazy);
		})).hasMessageContaining("Publish each event by itself");
		assertThat(loan().state).isEqualTo("BORROWED");
	}

	/**
	 * A caller that catches an exception of the commit also catches it if an event is
	 * published.
	 */
	@Test
	void changesThatCannotBeWrittenFailAsTheyDoWithoutEvents() {
		Consumer<Loan> tooLong = (loan) -> loan.state = "x".repeat(300);
		Throwable expected = failureOf(tooLong);
		assertThat(expected).isInstanceOf(DataIntegrityViolationException.class);
		assertThat(failureOf(tooLong.andThen((loan) -> this.sse.publish("loans", loan)))).hasSameClassAs(expected);
		Consumer<Loan> conflict = (loan) -> {
			loan.state = "LOST";
			this.jdbc.update("update loan set version = version + 1 where id = ?", loan.id);
		};
		expected = failureOf(conflict);
		assertThat(expected).isInstanceOf(OptimisticLockingFailureException.class);
		assertThat(failureOf(conflict.andThen((loan) -> this.sse.publish("loans", loan)))).hasSameClassAs(expected);
		assertThat(this.published).isEmpty();
		inTransaction((loan) -> this.sse.publish("loans", loan.state));
		assertThat(this.published).containsExactly("BORROWED");
	}

	@Test
	void writesNothingInAReadOnlyTransaction() {
		TransactionTemplate readOnly = new TransactionTemplate(server.bean(PlatformTransactionManager.class));
		readOnly.setReadOnly(true);
		readOnly.executeWithoutResult((status) -> {
			Loan loan = this.entities.find(Loan.class, this.id);
			loan.state = "SEEN";
			this.sse.publish("loans", loan);
		});
		assertThat(this.published).singleElement().asString().contains("SEEN", "\"version\":0");
		assertThat(loan().state).isEqualTo("BORROWED");
	}

	@Test
	void writesNothingWhereTheApplicationFlushesByItself() {
		inTransaction((loan) -> {
			this.entities.unwrap(Session.class).setHibernateFlushMode(FlushMode.MANUAL);
			loan.state = "DRAFT";
			this.sse.publish("loans", loan);
		});
		assertThat(this.published).singleElement().asString().contains("DRAFT", "\"version\":0");
		assertThat(loan().state).isEqualTo("BORROWED");
	}

	@Test
	void writesNothingOfAnotherTransactionManager() {
		TransactionTemplate other = new TransactionTemplate(new JdbcTransactionManager(this.jdbc.getDataSource()));
		inTransaction((loan) -> {
			loan.state = "LOST";
			TransactionTemplate nothing = new TransactionTemplate(server.bean(PlatformTransactionManager.class));
			nothing.setPropagationBehavior(TransactionTemplate.PROPAGATION_NOT_SUPPORTED);
			nothing.executeWithoutResult(
					(status) -> other.executeWithoutResult((inner) -> this.sse.publish("loans", "of JDBC")));
			assertThat(this.published).containsExactly("of JDBC");
			assertThat(loan.version).isZero();
		});
	}

	@Test
	void sendsWhatAListenerOfTheFlushPublishes() {
		Listener.action = (loan) -> this.sse.publish("listener", loan);
		inTransaction((loan) -> loan.state = "LOST");
		assertThat(this.published).singleElement().asString().contains("LOST", "\"version\":1");
		inTransaction((loan) -> {
			loan.state = "FOUND";
			this.sse.publish("loans", "first");
		});
		assertThat(this.published).hasSize(3).element(1).isEqualTo("first");
		assertThat(this.published).last().asString().contains("FOUND", "\"version\":2");
	}

	@Test
	void whatAListenerOfTheFlushCannotPublishFailsTheTransaction() {
		Listener.action = (loan) -> this.sse.publish("listener", new Unwritable());
		assertThatThrownBy(() -> inTransaction((loan) -> loan.state = "LOST"))
			.hasStackTraceContaining("cannot be shown");
		assertThat(loan().state).isEqualTo("BORROWED");
		assertThat(this.published).isEmpty();
	}

	@Test
	void sendsWhatIsPublishedBeforeAndAfterTheCommit() {
		inTransaction(
				(loan) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void beforeCommit(boolean readOnly) {
						JpaTransactionTests.this.sse.publish("loans", "before");
					}

					@Override
					public void afterCommit() {
						JpaTransactionTests.this.sse.publish("loans", "after");
					}

				}));
		assertThat(this.published).containsExactly("before", "after");
	}

	@Test
	void sendsWhatACallbackChangesBeforeTheCommit() {
		inTransaction((loan) -> {
			loan.state = null;
			this.sse.publish("loans", loan);
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void beforeCommit(boolean readOnly) {
					loan.state = "FILLED IN";
				}

			});
		});
		assertThat(this.published).singleElement().asString().contains("\"FILLED IN\"", "\"version\":1");
		assertThat(loan().version).isEqualTo(1);
	}

	@Test
	void listenerOfTheFlushMayUseOtherTransactions() {
		TransactionTemplate audit = new TransactionTemplate(server.bean(PlatformTransactionManager.class));
		audit.setPropagationBehavior(TransactionTemplate.PROPAGATION_REQUIRES_NEW);
		List<DataSource> others = IntStream.range(0, 8)
			.<DataSource>mapToObj((i) -> new DriverManagerDataSource("jdbc:h2:mem:audit" + i))
			.toList();
		Listener.action = (loan) -> audit.executeWithoutResult((status) -> {
			others.forEach((other) -> new JdbcTemplate(other).queryForObject("select 1", Integer.class));
			this.sse.publish("audit", loan.state);
		});
		inTransaction((loan) -> {
			loan.state = "LOST";
			others.forEach((other) -> new JdbcTemplate(other).queryForObject("select 1", Integer.class));
			this.sse.publish("loans", "text");
		});
		assertThat(this.published).containsExactly("LOST", "text");
	}

	@Test
	void flushesNoEntityManagerOfAnOuterTransaction() {
		TransactionTemplate other = new TransactionTemplate(server.bean("other", JdbcTransactionManager.class));
		inTransaction((loan) -> {
			loan.state = null;
			other.executeWithoutResult((status) -> this.sse.publish("inner", "text"));
			assertThat(this.published).containsExactly("text");
			loan.state = "FOUND";
			this.sse.publish("loans", loan);
		});
		assertThat(this.published).hasSize(2).last().asString().contains("FOUND", "\"version\":1");
	}

	@Test
	void listenersOfAllPhasesPublish() {
		inTransaction((loan) -> server.bean(Lending.class).announce());
		assertThat(this.published).containsExactlyInAnyOrder("at once", "before commit", "after commit");
		assertThat(this.published).last().isEqualTo("after commit");
	}

	/**
	 * Its entity manager is open before the transaction begins.
	 */
	@Test
	void requestWithOpenInViewSendsWhatIsCommitted() {
		RestClient client = RestClient.create(server.uri("").toString());
		client.post().uri("/loans/{id}/return", this.id).retrieve().toBodilessEntity();
		assertThat(this.published).singleElement().asString().contains("\"version\":1", "\"notes\":[\"careful\"]");
		String created = client.post().uri("/loans").retrieve().body(String.class);
		assertThat(this.published).hasSize(2).last().asString().contains("\"id\":" + created + ",", "\"updated\":\"2");
		client.post().uri("/loans/{id}/other", this.id).retrieve().toBodilessEntity();
		assertThat(this.published).hasSize(3).last().asString().contains("\"version\":1");
	}

	@Test
	void streamsGetWhatIsCommitted() {
		try (EventStreamClient client = server.open("loans")) {
			server.bean(Lending.class).giveBack(this.id);
			assertThat(client.awaitEvents(1).data().get(0)).contains("\"version\":1", "\"notes\":[\"careful\"]");
		}
	}

	private void inTransaction(Consumer<Loan> action) {
		this.transaction.executeWithoutResult((status) -> action.accept(this.entities.find(Loan.class, this.id)));
	}

	private @Nullable Throwable failureOf(Consumer<Loan> action) {
		try {
			inTransaction(action);
			return null;
		}
		catch (RuntimeException ex) {
			return ex;
		}
	}

	private Loan loan() {
		return this.transaction.execute((status) -> this.entities.find(Loan.class, this.id));
	}

	@Configuration(proxyBeanMethods = false)
	@EntityScan(basePackageClasses = JpaTransactionTests.class)
	static class Application {

		@Bean
		Lending lending(EntityManager entities, ApplicationEventPublisher events) {
			return new Lending(entities, events);
		}

		/**
		 * NOTE: not a candidate for injection, so that the one of JPA is used.
		 */
		@Bean(defaultCandidate = false)
		JdbcTransactionManager other(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		Listeners listeners(SseOperations sse) {
			return new Listeners(sse);
		}

		@Bean
		Controller controller(Lending lending, @Qualifier("other") JdbcTransactionManager other) {
			return new Controller(lending, new TransactionTemplate(other));
		}

	}

	@RestController
	static class Controller {

		private final Lending lending;

		private final TransactionTemplate other;

		Controller(Lending lending, TransactionTemplate other) {
			this.lending = lending;
			this.other = other;
		}

		@GetMapping("/loans")
		@SseTopic("loans")
		void loans() {
		}

		@PostMapping("/loans")
		long create() {
			return this.lending.create().id;
		}

		@PostMapping("/loans/{id}/return")
		void giveBack(@PathVariable long id) {
			this.lending.giveBack(id);
		}

		/**
		 * In a transaction without JPA, while an entity manager is open.
		 */
		@PostMapping("/loans/{id}/other")
		void other(@PathVariable long id) {
			this.other.executeWithoutResult((status) -> this.lending.look(id));
		}

	}

	static class Lending {

		private final EntityManager entities;

		private final ApplicationEventPublisher events;

		Lending(EntityManager entities, ApplicationEventPublisher events) {
			this.entities = entities;
			this.events = events;
		}

		@Transactional
		@SsePublish("loans")
		Loan create() {
			Loan loan = new Loan();
			this.entities.persist(loan);
			return loan;
		}

		@SsePublish("loans")
		Loan look(long id) {
			return this.entities.find(Loan.class, id);
		}

		@Transactional
		@SsePublish("loans")
		Loan giveBack(long id) {
			Loan loan = this.entities.find(Loan.class, id);
			loan.state = "RETURNED";
			return loan;
		}

		@Transactional
		@SsePublish("loans")
		Unwritable breakLoan(long id) {
			this.entities.find(Loan.class, id).state = "BROKEN";
			return new Unwritable();
		}

		@Transactional
		void announce() {
			this.events.publishEvent("news");
		}

	}

	static class Listeners {

		private final SseOperations sse;

		Listeners(SseOperations sse) {
			this.sse = sse;
		}

		@EventListener
		void now(String event) {
			this.sse.publish("loans", "at once");
		}

		@TransactionalEventListener(phase = TransactionPhase.BEFORE_COMMIT)
		void beforeCommit(String event) {
			this.sse.publish("loans", "before commit");
		}

		@TransactionalEventListener
		void afterCommit(String event) {
			this.sse.publish("loans", "after commit");
		}

	}

	@Entity(name = "loan")
	@EntityListeners(Listener.class)
	static class Loan {

		@Id
		@GeneratedValue
		public long id;

		@Version
		public int version;

		@UpdateTimestamp
		public @Nullable Instant updated;

		@Column(length = 20, nullable = false)
		public @Nullable String state = "BORROWED";

		@ElementCollection
		public List<String> notes = new ArrayList<>();

	}

	/**
	 * Called while JPA flushes changes.
	 */
	static class Listener {

		static @Nullable Consumer<Loan> action;

		@PostUpdate
		void updated(Loan loan) {
			if (action != null) {
				action.accept(loan);
			}
		}

	}

	public static class Unwritable {

		public String getText() {
			throw new IllegalStateException("cannot be shown");
		}

	}

	/**
	 * Of a class outside of the JDK, like those of JPA.
	 */
	@SuppressWarnings("serial")
	static class LazyList extends ArrayList<Object> {

		LazyList(List<Object> elements) {
			super(elements);
		}

	}

}
