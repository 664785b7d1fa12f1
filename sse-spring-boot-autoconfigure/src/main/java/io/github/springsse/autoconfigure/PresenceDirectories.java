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

import java.util.Collection;
import java.util.List;

import io.github.springsse.PresenceDirectory;
import io.github.springsse.Topic;
import io.github.springsse.delivery.Delivery;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Creates the presence directory of a node that may not deliver streams.
 */
final class PresenceDirectories {

	private PresenceDirectories() {
	}

	/**
	 * Return the directory of this node.
	 * @param delivery the delivery that has the streams, if this node delivers at all;
	 * looked up at each call of the directory
	 */
	static PresenceDirectory local(ObjectProvider<Delivery> delivery) {
		return new PresenceDirectory() {

			@Override
			public Collection<Subscribers> subscribers() {
				return local().subscribers();
			}

			@Override
			public Collection<Subscribers> subscribers(Topic topic) {
				return local().subscribers(topic);
			}

			private PresenceDirectory local() {
				Delivery available = delivery.getIfAvailable();
				return (available != null) ? available.presence() : List::of;
			}

		};
	}

}
