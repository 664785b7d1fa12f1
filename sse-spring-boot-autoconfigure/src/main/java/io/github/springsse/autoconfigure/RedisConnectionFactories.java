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

package io.github.springsse.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.data.redis.connection.RedisConnectionFactory;

/**
 * Explains why the event log of an application is in memory although Redis is present.
 */
final class RedisConnectionFactories {

	private static final Log logger = LogFactory.getLog(RedisConnectionFactories.class);

	private RedisConnectionFactories() {
	}

	/**
	 * Log a warning if there are several connection factories and none is primary.
	 */
	static void warnOfSeveral(ListableBeanFactory beans) {
		String[] names = BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beans, RedisConnectionFactory.class, true,
				false);
		if (names.length > 1) {
			logger.warn("The event log is in memory, because there are several RedisConnectionFactory beans, "
					+ String.join(", ", names) + ", and none is primary: an event reaches only the streams of the node "
					+ "that it was published on, and is lost when the node stops. Mark one as primary to have "
					+ "the log in Redis, or set sse.event-log to memory");
		}
	}

}
