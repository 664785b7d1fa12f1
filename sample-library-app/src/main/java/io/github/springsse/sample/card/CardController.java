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

package io.github.springsse.sample.card;

import io.github.springsse.SseCluster;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.context.event.EventListener;
import org.springframework.http.HttpStatus;
import org.springframework.security.authentication.event.LogoutSuccessEvent;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

@RestController
class CardController {

	private final SseCluster cluster;

	CardController(SseCluster cluster) {
		this.cluster = cluster;
	}

	/**
	 * NOTE: not by the filter of Spring Security, which comes before the one that reads
	 * the cookie, and so does not know who it is that signs out.
	 */
	@PostMapping("/me/sign-out")
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void signOut(HttpServletRequest request) throws ServletException {
		request.logout();
	}

	/**
	 * Close the streams of who has signed out, on all nodes: what a stream may carry was
	 * checked when it was opened, and is not again.
	 */
	@EventListener
	void signedOut(LogoutSuccessEvent event) {
		this.cluster.closeUser(event.getAuthentication().getName());
	}

}
