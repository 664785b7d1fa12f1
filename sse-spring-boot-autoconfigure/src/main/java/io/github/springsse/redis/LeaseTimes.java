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

package io.github.springsse.redis;

import java.time.Duration;

/**
 * The times of leases.
 *
 * @param life the time from a renewal to the expiry of a lease, by the clock of Redis
 * @param renewal the interval at which leases are renewed
 * @param look the interval at which nodes look for expired leases
 */
record LeaseTimes(Duration life, Duration renewal, Duration look) {

	static final LeaseTimes DEFAULT = new LeaseTimes(Duration.ofSeconds(10), Duration.ofSeconds(3),
			Duration.ofSeconds(1));

}
