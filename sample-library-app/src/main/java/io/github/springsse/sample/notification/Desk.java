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

package io.github.springsse.sample.notification;

import java.util.List;

import io.github.springsse.SseEvent;
import io.github.springsse.SseOperations;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The desk of the librarian, which shows the members who wait for copies. Only librarians
 * may subscribe to its topic.
 */
@Component
class Desk {

	static final String WAITING = "desk/waiting";

	private static final String SELECT = "select copy_id, title, branch, member from waiting_view ";

	private final JdbcClient jdbc;

	private final SseOperations sse;

	Desk(JdbcClient jdbc, SseOperations sse) {
		this.jdbc = jdbc;
		this.sse = sse;
	}

	List<WaitingView> waiting() {
		return this.jdbc.sql(SELECT + "order by title, copy_id, member").query(WaitingView.class).list();
	}

	void waits(long copyId, long memberId) {
		this.sse.publish(WAITING,
				SseEvent.of("waiting",
						this.jdbc.sql(SELECT + "where copy_id = ? and member_id = ?")
							.param(copyId)
							.param(memberId)
							.query(WaitingView.class)
							.single()));
	}

	void isBack(long copyId) {
		this.sse.publish(WAITING, SseEvent.of("back", copyId));
	}

}
