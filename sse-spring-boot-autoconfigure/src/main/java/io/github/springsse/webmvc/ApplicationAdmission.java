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

package io.github.springsse.webmvc;

import java.security.Principal;
import java.util.List;

import io.github.springsse.delivery.DeliveredStream;
import io.github.springsse.delivery.RefusalReason;
import io.github.springsse.delivery.StreamRefusedException;
import jakarta.servlet.http.HttpServletRequest;

import org.springframework.http.HttpStatus;
import org.springframework.util.Assert;
import org.springframework.web.server.ResponseStatusException;

/**
 * Applies the {@link SseAdmission} rules of the application. Thread-safe if the rules
 * are.
 */
public final class ApplicationAdmission implements StreamAdmission {

	private final List<SseAdmission> rules;

	/**
	 * Create an admission.
	 * @param rules the rules, in the order in which they are applied
	 */
	public ApplicationAdmission(List<SseAdmission> rules) {
		this.rules = List.copyOf(rules);
	}

	@Override
	public void admit(DeliveredStream stream, HttpServletRequest request) throws Exception {
		if (this.rules.isEmpty()) {
			return;
		}
		Principal user = request.getUserPrincipal();
		for (SseAdmission rule : this.rules) {
			SseAdmission.Decision decision = rule.decide(stream.getTopics(), (user != null) ? user.getName() : null,
					request);
			Assert.state(decision != null, () -> "An SseAdmission returned null as its decision: " + rule);
			Runnable release = decision.release();
			if (release != null) {
				stream.onCompletion(release);
			}
			String reason = decision.reason();
			if (reason != null) {
				if (decision.isRetry()) {
					throw new StreamRefusedException(RefusalReason.ADMISSION, reason);
				}
				StreamLog.notOpened(request, reason);
				throw new ResponseStatusException(HttpStatus.FORBIDDEN);
			}
		}
	}

}
