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

package io.github.springsse.starter;

import io.github.springsse.SseOperations;
import io.github.springsse.SseTopic;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/**
 * The smallest application. It says on which web server and port it is.
 */
@SpringBootApplication
@RestController
public class StarterApplication {

	private final SseOperations sse;

	StarterApplication(SseOperations sse) {
		this.sse = sse;
	}

	public static void main(String[] args) {
		WebServerApplicationContext context = (WebServerApplicationContext) SpringApplication
			.run(StarterApplication.class, args);
		System.out.printf("%s on port %d%n", context.getWebServer().getClass().getSimpleName(),
				context.getWebServer().getPort());
	}

	@GetMapping("/feed")
	@SseTopic("greetings")
	void feed() {
	}

	@PostMapping("/greetings")
	void greet(@RequestBody Greeting greeting) {
		this.sse.publish("greetings", greeting);
	}

	record Greeting(String text) {

	}

}
