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

package io.github.springsse;

import java.io.IOException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import io.github.springsse.testsupport.EventStreamClient;
import io.github.springsse.testsupport.ServerKind;
import io.github.springsse.testsupport.TestServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compiles and runs the Java code of the guide "Getting started".
 */
class GettingStartedTests {

	private static final Pattern BLOCK = Pattern.compile("```java\n(.+?)```", Pattern.DOTALL);

	private static final Pattern CLASS = Pattern.compile("^class (\\w+)", Pattern.MULTILINE);

	private static final String IMPORTS = """
			package guide;
			import static org.assertj.core.api.Assertions.assertThat;
			import static org.awaitility.Awaitility.await;
			import io.github.springsse.*;
			import java.util.*;
			import org.junit.jupiter.api.Test;
			import org.springframework.beans.factory.annotation.Autowired;
			import org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest;
			import org.springframework.context.annotation.*;
			import org.springframework.http.MediaType;
			import org.springframework.stereotype.Service;
			import org.springframework.test.context.bean.override.mockito.MockitoBean;
			import org.springframework.test.web.servlet.assertj.*;
			import org.springframework.transaction.annotation.Transactional;
			import org.springframework.web.bind.annotation.*;
			""";

	/** The code that the guide assumes. */
	private static final String APPLICATION = """
			@Configuration(proxyBeanMethods = false)
			@Import({LoanFeedController.class, Lending.class, LoanRepository.class})
			public class Application {
			}
			record Loan(String branch, long copyId, long memberId) {
			}
			class LoanRepository {
				private final List<Loan> loans = new ArrayList<>();
				synchronized Loan save(Loan loan) {
					this.loans.add(loan);
					return loan;
				}
				synchronized List<Loan> findOpen(String branch) {
					return List.copyOf(this.loans);
				}
			}
			""";

	@TempDir
	private Path directory;

	@Test
	void codeOfTheGuideWorks() throws Exception {
		compile();
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		try (URLClassLoader loader = new URLClassLoader(new URL[] { this.directory.toUri().toURL() }, before)) {
			Thread.currentThread().setContextClassLoader(loader);
			try (TestServer server = TestServer.start(ServerKind.TOMCAT_HANDOFF,
					loader.loadClass("guide.Application"))) {
				Class<?> lending = loader.loadClass("guide.Lending");
				Method borrow = lending.getMethod("borrow", String.class, long.class, long.class);
				borrow.setAccessible(true);
				borrow.invoke(server.bean(lending), "north", 7, 3);
				try (EventStreamClient client = EventStreamClient.open(server.uri("/branches/north/loans/feed"))) {
					client.awaitEvents(1);
					borrow.invoke(server.bean(lending), "north", 8, 3);
					client.awaitEvents(2);
					assertThat(client.events()).extracting(EventStreamClient.Event::name)
						.containsExactly("snapshot", "borrowed");
					assertThat(client.data()).containsExactly("[{\"branch\":\"north\",\"copyId\":7,\"memberId\":3}]",
							"{\"branch\":\"north\",\"copyId\":8,\"memberId\":3}");
				}
			}
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	private void compile() throws IOException {
		write("Application", APPLICATION);
		List<String> blocks = BLOCK.matcher(Files.readString(Path.of("docs", "getting-started.md")))
			.results()
			.map((MatchResult block) -> block.group(1))
			.toList();
		assertThat(blocks).hasSize(3);
		for (String block : blocks) {
			write(CLASS.matcher(block).results().findFirst().orElseThrow().group(1), block);
		}
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
				Stream<Path> sources = Files.list(this.directory.resolve("guide"))) {
			List<String> options = List.of("-parameters", "-proc:none", "-d", this.directory.toString(), "-cp",
					System.getProperty("java.class.path"));
			Iterable<? extends JavaFileObject> units = files.getJavaFileObjectsFromPaths(sources.toList());
			assertThat(compiler.getTask(null, files, null, options, null, units).call()).isTrue();
		}
	}

	private void write(String name, String code) throws IOException {
		Path source = this.directory.resolve("guide").resolve(name + ".java");
		Files.createDirectories(source.getParent());
		Files.writeString(source, IMPORTS + code);
	}

}
