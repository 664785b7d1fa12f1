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

import java.time.Instant;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.Table;

/**
 * A notification with the data of the book.
 *
 * @param id the id of the notification
 * @param memberId the id of its member
 * @param copyId the id of the copy that is back
 * @param title the title of the book
 * @param branch the code of the branch
 * @param createdAt when the copy came back
 * @since 0.1.0
 */
@Table
public record NotificationView(@Id Long id, Long memberId, Long copyId, String title, String branch,
		Instant createdAt) {

}
