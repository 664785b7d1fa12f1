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

package io.github.springsse.testsupport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;

/**
 * Compiler of the Java code of the documentation. A block is compiled in the first of
 * these forms that its syntax permits:
 * <ol>
 * <li>types: as they are;
 * <li>members of a class: in a class that extends {@link DocumentedDomain};
 * <li>statements: in a method of such a class.
 * </ol>
 * Each block is a compilation unit in a package of its own, with the same imports.
 */
public final class JavaBlocks implements AutoCloseable {

	private static final List<String> IMPORTS = List.of("static io.github.springsse.testsupport.DocumentedDomain.*",
			"static org.assertj.core.api.Assertions.assertThat", "static org.awaitility.Awaitility.await",
			"static org.springframework.web.servlet.function.RouterFunctions.route",
			// Also of types that move from one of these packages to another
			"io.github.springsse.*", "io.github.springsse.log.*", "io.github.springsse.security.*",
			"io.github.springsse.test.*", "io.github.springsse.testsupport.DocumentedDomain",
			"io.github.springsse.webmvc.*", "io.github.springsse.webmvc.SseAdmission.Decision",
			"io.github.resilience4j.bulkhead.Bulkhead", "io.github.resilience4j.ratelimiter.RateLimiter", "java.io.*",
			"java.net.URI", "java.net.http.HttpClient", "java.net.http.HttpRequest",
			"java.net.http.HttpResponse.BodyHandlers", "java.security.Principal", "java.time.*", "java.util.*",
			"java.util.concurrent.*", "java.util.function.*", "java.util.stream.Stream",
			"org.jspecify.annotations.Nullable", "org.junit.jupiter.api.*",
			"org.springframework.beans.factory.annotation.Autowired",
			"org.springframework.boot.webmvc.test.autoconfigure.WebMvcTest", "org.springframework.context.annotation.*",
			"org.springframework.context.event.EventListener", "org.springframework.http.HttpStatus",
			"org.springframework.http.MediaType", "org.springframework.http.ProblemDetail",
			"org.springframework.http.ResponseEntity", "org.springframework.security.authorization.*",
			"org.springframework.security.authorization.event.AuthorizationDeniedEvent",
			"org.springframework.security.core.Authentication", "org.springframework.stereotype.*",
			"org.springframework.test.context.bean.override.mockito.MockitoBean",
			"org.springframework.test.web.servlet.MockMvc", "org.springframework.test.web.servlet.assertj.*",
			"org.springframework.test.web.servlet.setup.MockMvcBuilders", "org.springframework.transaction.*",
			"org.springframework.transaction.annotation.Transactional",
			"org.springframework.transaction.support.TransactionTemplate", "org.springframework.web.bind.annotation.*",
			"org.springframework.web.servlet.function.*",
			"org.springframework.web.servlet.mvc.method.annotation.SseEmitter", "reactor.core.publisher.*");

	private static final String CLASS = "abstract class Members extends DocumentedDomain { ";

	private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

	/** Shared by all blocks, as it reads the class path only once. */
	private final StandardJavaFileManager files = this.compiler.getStandardFileManager(null, Locale.ROOT, null);

	private final List<String> options;

	/**
	 * Create a compiler.
	 * @param output the folder for class files
	 */
	public JavaBlocks(Path output) {
		this.options = List.of("--release", "17", "-parameters", "-proc:none", "-d", output.toString(), "-cp",
				System.getProperty("java.class.path"));
	}

	/**
	 * Compile blocks, all at once: most of the time goes into the class path, which each
	 * run of the compiler reads anew.
	 * @param blocks the blocks
	 * @return the errors of each block, with their page and line
	 */
	public Map<CodeBlock, List<String>> compile(Collection<CodeBlock> blocks) {
		Map<CodeBlock, Unit> units = new LinkedHashMap<>();
		blocks.forEach((block) -> units.put(block, unit(block)));
		run(units.values().stream().filter((unit) -> unit.errors.isEmpty()).toList(), false);
		Map<CodeBlock, List<String>> errors = new LinkedHashMap<>();
		units.forEach((block, unit) -> errors.put(block, errors(block, unit)));
		return errors;
	}

	/**
	 * Check only the syntax of a block.
	 * @param block the block
	 * @return the errors, each with its page and line
	 */
	public List<String> parse(CodeBlock block) {
		return errors(block, unit(block));
	}

	private static List<String> errors(CodeBlock block, Unit unit) {
		return unit.errors.stream().map((error) -> toString(block, error)).toList();
	}

	/**
	 * Return the first form without errors or, if there is none, the one whose first
	 * error is the furthest from the beginning.
	 */
	private Unit unit(CodeBlock block) {
		List<Unit> units = new ArrayList<>();
		for (Form form : Form.values()) {
			Unit unit = new Unit(block, form);
			run(List.of(unit), true);
			if (unit.errors.isEmpty()) {
				return unit;
			}
			units.add(unit);
		}
		return units.stream()
			.max(Comparator.comparingLong((unit) -> unit.errors.get(0).getPosition() - unit.start))
			.orElseThrow();
	}

	/**
	 * Have the compiler add its errors to the units.
	 */
	private void run(List<Unit> units, boolean parseOnly) {
		if (units.isEmpty()) {
			return;
		}
		DiagnosticCollector<JavaFileObject> diagnostics = new DiagnosticCollector<>();
		JavacTask task = (JavacTask) this.compiler.getTask(null, this.files, diagnostics, this.options, null, units);
		try {
			if (parseOnly) {
				task.parse();
			}
			else {
				task.call();
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		for (Diagnostic<? extends JavaFileObject> diagnostic : diagnostics.getDiagnostics()) {
			if (diagnostic.getKind() == Diagnostic.Kind.ERROR) {
				if (!(diagnostic.getSource() instanceof Unit unit)) {
					throw new IllegalStateException(diagnostic.toString());
				}
				unit.errors.add(diagnostic);
			}
		}
	}

	private static String toString(CodeBlock block, Diagnostic<?> error) {
		long last = block.text().lines().count();
		return block.position(Math.min(error.getLineNumber(), last)) + ": " + error.getMessage(Locale.ROOT);
	}

	@Override
	public void close() {
		try {
			this.files.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private enum Form {

		/** Types of a compilation unit. */
		TYPES("", ""),

		/** Members of a class. */
		MEMBERS(CLASS, "}"),

		/** Statements of a method. */
		STATEMENTS(CLASS + "void statements() throws Exception { ", "}}");

		private final String before;

		private final String after;

		Form(String before, String after) {
			this.before = before;
			this.after = after;
		}

	}

	/**
	 * A block in one form. The code in front of it is on its first line, so that the
	 * lines of errors are those of the block.
	 */
	private static final class Unit extends SimpleJavaFileObject {

		private final String code;

		private final int start;

		private final List<Diagnostic<? extends JavaFileObject>> errors = new ArrayList<>();

		Unit(CodeBlock block, Form form) {
			this(block, "block_" + block.position(1).replaceAll("\\W", "_"), form);
		}

		private Unit(CodeBlock block, String name, Form form) {
			super(URI.create("string:///" + name + "/Block.java"), Kind.SOURCE);
			String before = "package " + name + "; import " + String.join("; import ", IMPORTS) + "; " + form.before;
			this.code = before + block.text() + form.after;
			this.start = before.length();
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.code;
		}

		@Override
		public boolean isNameCompatible(String simpleName, Kind kind) {
			return true;
		}

	}

}
