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

package io.github.springsse.security;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.LogOutput;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import io.github.springsse.testsupport.TestServers;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.session.FindByIndexNameSessionRepository;
import org.springframework.session.Session;
import org.springframework.session.jdbc.config.annotation.web.http.EnableJdbcHttpSession;
import org.springframework.session.security.SpringSessionBackedSessionRegistry;
import org.springframework.transaction.PlatformTransactionManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that streams end with their session of Spring Session, on each of two nodes that
 * share a session store in a database, which does not report the ends of sessions.
 */
@Tag("long")
@ExtendWith(OutputCaptureExtension.class)
class RepositorySessionTests {

	private static final Duration CHECKED = Duration.ofSeconds(2);

	/** Longer than the interval of the checks, the shortest that there may be. */
	private static final Duration ONE_CHECK = Duration.ofMillis(1200);

	private static final JdbcDataSource database = new JdbcDataSource();

	@RegisterExtension
	private static final TestServers nodes = new TestServers(Application.class, "test.security=true",
			"sse.security.check-interval=1s");

	@RegisterExtension
	private static final TestServers otherNodes = new TestServers(Application.class, "test.security=true",
			"sse.security.check-interval=1s");

	@BeforeAll
	static void createTables() {
		database.setUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
		new ResourceDatabasePopulator(new ClassPathResource("org/springframework/session/jdbc/schema-h2.sql"))
			.execute(database);
	}

	@ParameterizedTest
	@EnumSource(names = { "TOMCAT_HANDOFF", "JETTY_HANDOFF" })
	void logoutEndsTheStreamsOfItsSessionOnEveryNode(ServerKind kind, CapturedOutput output) {
		TestServer node = nodes.get(kind);
		TestServer otherNode = otherNodes.get(kind);
		Visitor visitor = new Visitor(node).logIn("ada");
		Visitor another = new Visitor(node).logIn("ada");
		EventStreamClient here = visitor.open("/feed");
		EventStreamClient there = visitor.goTo(otherNode).open("/feed");
		EventStreamClient stays = another.goTo(otherNode).open("/feed");
		EventStreamClient.await().until(() -> otherNode.registry().count() == 2);
		visitor.goTo(node).logOut();
		SessionEndTests.assertExpired(here, "logout", Duration.ofSeconds(1));
		SessionEndTests.assertExpired(there, "session", CHECKED);
		assertThat(visitor.goTo(otherNode).get("/feed").statusCode()).isEqualTo(401);
		EventStreamClient.await().during(ONE_CHECK).until(() -> !stays.isEnded());
		stays.close();
		// NOTE: before the end, when Tomcat complains of the thread of Spring Session
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void sessionsThatAreInvalidatedOrDeletedEndTheirStreams(CapturedOutput output) {
		TestServer node = nodes.get(ServerKind.TOMCAT_HANDOFF);
		Visitor visitor = new Visitor(node).logIn("ada");
		EventStreamClient feed = visitor.open("/feed");
		visitor.post("/invalidate", "");
		SessionEndTests.assertExpired(feed, "session", CHECKED);
		EventStreamClient deleted = new Visitor(node).logIn("ada").open("/feed");
		node.bean(JdbcTemplate.class).update("DELETE FROM SPRING_SESSION");
		SessionEndTests.assertExpired(deleted, "session", CHECKED);
		// NOTE: before the end, when Tomcat complains of the thread of Spring Session
		assertThat(LogOutput.complaints(output)).isEmpty();
	}

	@Test
	void sessionWithANewIdKeepsItsStreams() {
		TestServer node = nodes.get(ServerKind.TOMCAT_HANDOFF);
		Visitor visitor = new Visitor(node).logIn("ada");
		EventStreamClient feed = visitor.open("/feed");
		String before = visitor.cookies();
		visitor.logIn("ada");
		assertThat(visitor.cookies()).isNotEqualTo(before);
		EventStreamClient.await().during(ONE_CHECK).until(() -> !feed.isEnded());
		visitor.logOut();
		SessionEndTests.assertExpired(feed, "logout", Duration.ofSeconds(1));
	}

	@Test
	void useOfASessionOnOneNodeKeepsItsStreamsOnAnother() {
		TestServer node = nodes.get(ServerKind.TOMCAT_HANDOFF);
		TestServer otherNode = otherNodes.get(ServerKind.TOMCAT_HANDOFF);
		Visitor visitor = new Visitor(node).logIn("ada");
		visitor.post("/timeout", "seconds=2");
		EventStreamClient feed = visitor.goTo(otherNode).open("/feed");
		String id = visitor.goTo(node).get("/public/session").body();
		SessionEndTests.useSession(visitor, feed);
		SessionEndTests.assertExpired(feed, "session", Duration.ofSeconds(6));
		assertThat(node.bean(JdbcTemplate.class)
			.queryForObject("SELECT COUNT(*) FROM SPRING_SESSION WHERE SESSION_ID = ?", Long.class, id)).isZero();
		assertThat(visitor.get("/page").statusCode()).isEqualTo(401);
	}

	@Test
	void displacedSessionEndsItsStreams(CapturedOutput output) {
		try (TestServer node = TestServer.start(ServerKind.TOMCAT_HANDOFF, Application.class, "test.security=true",
				"sse.security.check-interval=1s", "test.maximum-sessions=1")) {
			Visitor one = new Visitor(node).logIn("ada");
			EventStreamClient feed = one.open("/feed");
			EventStreamClient other = new Visitor(node).logIn("ada").open("/feed");
			SessionEndTests.assertExpired(feed, "session", CHECKED);
			assertThat(one.get("/feed").body()).contains("expired");
			assertThat(other.isEnded()).isFalse();
			other.close();
			// NOTE: before the end, when Tomcat complains of the thread of Spring Session
			assertThat(LogOutput.complaints(output)).isEmpty();
		}
	}

	@Test
	void sessionIsAskedForOnceHoweverManyStreamsItHas() {
		TestServer node = nodes.get(ServerKind.TOMCAT_HANDOFF);
		Visitor visitor = new Visitor(node).logIn("ada");
		List<EventStreamClient> feeds = Stream.generate(() -> visitor.open("/feed")).limit(10).toList();
		EventStreamClient.await().until(() -> node.registry().count() == feeds.size());
		AtomicInteger checks = node.bean(WatchedDataSource.class).checks;
		EventStreamClient.await().until(() -> checks.get() > 0);
		checks.set(0);
		long start = System.nanoTime();
		EventStreamClient.await().until(() -> checks.get() >= 2);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1500));
		feeds.forEach(EventStreamClient::close);
		EventStreamClient.await().until(() -> node.registry().count() == 0);
		checks.set(0);
		EventStreamClient.await().during(ONE_CHECK).until(() -> checks.get() == 0);
	}

	@Test
	void streamsStayOpenWhileTheStoreDoesNotAnswer(CapturedOutput output) {
		TestServer node = nodes.get(ServerKind.TOMCAT_HANDOFF);
		EventStreamClient feed = new Visitor(node).logIn("ada").open("/feed");
		node.bean(WatchedDataSource.class).failing = true;
		EventStreamClient.await()
			.until(() -> output.toString().contains("The sessions of open streams could not be checked"));
		assertThat(feed.isEnded()).isFalse();
		assertThat(output).doesNotContain("\tat ");
		node.bean(JdbcTemplate.class).update("DELETE FROM SPRING_SESSION");
		node.bean(WatchedDataSource.class).failing = false;
		SessionEndTests.assertExpired(feed, "session", CHECKED);
	}

	/**
	 * Spring Session does not clean up each minute: its threads outlive the application,
	 * and the tables.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableJdbcHttpSession(cleanupCron = Scheduled.CRON_DISABLED)
	@Import(SecuredApplication.class)
	static class Application {

		@Bean
		WatchedDataSource dataSource() {
			return new WatchedDataSource(database);
		}

		@Bean
		PlatformTransactionManager transactionManager(DataSource dataSource) {
			return new DataSourceTransactionManager(dataSource);
		}

		@Bean
		JdbcTemplate jdbc(DataSource dataSource) {
			return new JdbcTemplate(dataSource);
		}

		@Bean
		<S extends Session> SpringSessionBackedSessionRegistry<S> sessionRegistry(
				FindByIndexNameSessionRepository<S> repository) {
			return new SpringSessionBackedSessionRegistry<>(repository);
		}

	}

	/**
	 * Counts how often sessions are looked at, and makes that fail.
	 */
	static final class WatchedDataSource extends DelegatingDataSource {

		private final AtomicInteger checks = new AtomicInteger();

		private volatile boolean failing;

		WatchedDataSource(DataSource dataSource) {
			super(dataSource);
		}

		@Override
		public Connection getConnection() throws SQLException {
			if (Thread.currentThread().getName().startsWith("sse-security-check-")) {
				this.checks.incrementAndGet();
				if (this.failing) {
					throw new SQLException("Not now");
				}
			}
			return super.getConnection();
		}

	}

}
