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

package io.github.springsse.sample.lending;

import java.util.List;

import io.github.springsse.SseTopic;
import io.github.springsse.SseTopic.Sharing;

import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/**
 * The live feeds. A client first receives the open loans as the event {@code snapshot},
 * and then every {@code borrowed} and {@code returned} of the branch, or of all branches.
 * A client that reconnects receives the events that it missed, or a snapshot if these are
 * no longer kept. The loans of all branches are read once for all clients that wait for
 * them, because they are the same for every reader.
 */
@RestController
class LoanFeedController {

	private final Lending lending;

	LoanFeedController(Lending lending) {
		this.lending = lending;
	}

	@GetMapping("/branches/{branch}/loans/feed")
	@SseTopic("branches/{branch}/loans")
	List<LoanView> openLoans(@PathVariable String branch) {
		return this.lending.openLoans(branch);
	}

	@GetMapping("/loans/feed")
	@SseTopic(value = "branches/*/loans", snapshot = Sharing.SHARED)
	List<LoanView> openLoans() {
		return this.lending.openLoans();
	}

}
