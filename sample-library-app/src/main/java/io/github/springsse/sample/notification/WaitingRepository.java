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

import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.repository.Repository;

/**
 * The members who wait for copies.
 */
interface WaitingRepository extends Repository<Notification, Long> {

	@Modifying
	@Query("insert into waiting (copy_id, member_id) values (:copyId, :memberId) on conflict do nothing")
	boolean add(long copyId, long memberId);

	@Query("select member_id from waiting where copy_id = :copyId order by member_id")
	List<Long> membersWaitingFor(long copyId);

	@Modifying
	@Query("delete from waiting where copy_id = :copyId")
	void removeAll(long copyId);

}
