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

package io.github.springsse;

import java.util.function.Supplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.util.Assert;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.util.unit.DataSize;

/**
 * The standard implementation of {@link SseOperations}. Publishes events by appending
 * them to the event log. Thread-safe.
 * <p>
 * A template without an explicit {@link PublishingGate} holds events back until the
 * commit of a Spring transaction, if Spring's transaction support is on the class path.
 * If the template is a bean and the application has a {@code PublishingGate} bean, it
 * uses that bean. {@link #immediately()} returns operations that hold nothing back. At
 * level {@code TRACE}, each event is logged.
 *
 * @since 0.1.0
 */
public class SseTemplate implements SseOperations, BeanFactoryAware {

	private static final Log logger = LogFactory.getLog(SseTemplate.class);

	private final EventAppender log;

	private final SsePayloadEncoder encoder;

	private final boolean gateGiven;

	private PublishingGate gate;

	private PublishLimits limits = PublishLimits.DEFAULT;

	private EventDataWriter writer;

	private Supplier<@Nullable SourcePublisher> sources = () -> null;

	private boolean sourcesGiven;

	/**
	 * Create a template that publishes after the commit of a transaction.
	 * @param log the log to append to
	 * @param encoder writes data that is not a {@code String}
	 */
	public SseTemplate(EventAppender log, SsePayloadEncoder encoder) {
		this(log, encoder, DefaultPublishingGate.get(), false);
	}

	/**
	 * Create a template.
	 * @param log the log to append to
	 * @param encoder writes data that is not a {@code String}
	 * @param gate holds publications back
	 */
	public SseTemplate(EventAppender log, SsePayloadEncoder encoder, PublishingGate gate) {
		this(log, encoder, gate, true);
	}

	private SseTemplate(EventAppender log, SsePayloadEncoder encoder, PublishingGate gate, boolean gateGiven) {
		this.log = log;
		this.encoder = encoder;
		this.gate = gate;
		this.gateGiven = gateGiven;
		this.writer = new EventDataWriter(encoder, this.limits);
	}

	/**
	 * Set the maximum size of the data of an event, by default 16 MB. Larger data is
	 * rejected with {@link InvalidSseDataException}. Must be called before anything is
	 * published.
	 * @param maxEventSize the size in UTF-8
	 */
	public void setMaxEventSize(DataSize maxEventSize) {
		Assert.isTrue(maxEventSize.toBytes() > 0, "'maxEventSize' must be positive");
		setLimits(new PublishLimits(maxEventSize.toBytes(), this.limits.topicLength()));
	}

	/**
	 * Set the maximum length of a topic. The default is 512 characters, which is also the
	 * absolute maximum. A longer topic is rejected with {@link InvalidTopicException}.
	 * Must be called before anything is published.
	 * @param maxTopicLength the number of characters
	 */
	public void setMaxTopicLength(int maxTopicLength) {
		Assert.isTrue(maxTopicLength > 0, "'maxTopicLength' must be positive");
		setLimits(new PublishLimits(this.limits.eventSize(), maxTopicLength));
	}

	private void setLimits(PublishLimits limits) {
		this.limits = limits;
		this.writer = new EventDataWriter(this.encoder, limits);
	}

	/**
	 * Use the {@link PublishingGate} of the application, unless this template was created
	 * with one, and the application's {@link SourcePublisher}.
	 */
	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		if (!this.gateGiven) {
			this.gate = beanFactory.getBeanProvider(PublishingGate.class).getIfAvailable(() -> this.gate);
		}
		if (!this.sourcesGiven) {
			this.sources = SingletonSupplier
				.ofNullable(() -> beanFactory.getBeanProvider(SourcePublisher.class).getIfAvailable());
		}
	}

	@Override
	public @Nullable String publish(String topic, Object data) {
		Assert.notNull(data, "'data' must not be null");
		return publish(topic, (data instanceof SseEvent event) ? event : SseEvent.of(data));
	}

	@Override
	public @Nullable String publish(String topic, SseEvent event) {
		Assert.notNull(event, "'event' must not be null");
		Publication publication = new Publication(Topic.of(topic), event);
		this.limits.checkTopic(publication.topic);
		SseData.checkUnread(event.getData(), SseData.Place.PUBLISH);
		if (event.getData() instanceof String text) {
			this.limits.checkData(topic, text);
		}
		return publish(publication);
	}

	@Override
	public void complete(String topic) {
		publish(new Publication(Topic.of(topic), null));
	}

	@Override
	public SsePublication publishAll(String topic, Object source, SsePublishOptions options) {
		Assert.notNull(source, "'source' must not be null");
		Assert.notNull(options, "'options' must not be null");
		Topic checked = Topic.of(topic);
		this.limits.checkTopic(checked);
		return sources().publish(checked, source, options, this.gate);
	}

	@Override
	public void cancel(String topic) {
		sources().cancel(Topic.of(topic));
	}

	private SourcePublisher sources() {
		SourcePublisher result = this.sources.get();
		if (result == null) {
			throw new IllegalStateException("This template has no SourcePublisher. Use the bean of the "
					+ "auto-configuration, or call setSourcePublisher(...)");
		}
		return result;
	}

	/**
	 * Set the publisher of sources. By default, a template that is a bean uses the bean
	 * of that type. Must be called before anything is published.
	 * @param sources the publisher of sources
	 */
	public void setSourcePublisher(SourcePublisher sources) {
		this.sources = () -> sources;
		this.sourcesGiven = true;
	}

	@Override
	public SseOperations immediately() {
		SseTemplate result = new SseTemplate(this.log, this.encoder, PublishingGate.OPEN);
		result.setLimits(this.limits);
		result.sources = this.sources;
		return result;
	}

	private @Nullable String publish(Publication publication) {
		boolean heldBack = this.gate.holdBack(publication);
		if (logger.isTraceEnabled()) {
			logger.trace(publication.describe() + (heldBack ? ", held back" : ""));
		}
		if (heldBack) {
			return null;
		}
		return publication.append();
	}

	private final class Publication implements PublishingGate.Publication {

		private final Topic topic;

		private final @Nullable SseEvent event;

		/** The data as text, {@code null} until it is written. */
		private @Nullable String data;

		Publication(Topic topic, @Nullable SseEvent event) {
			this.topic = topic;
			this.event = event;
		}

		@Override
		public String topic() {
			return this.topic.toString();
		}

		@Override
		public @Nullable SseEvent event() {
			return this.event;
		}

		String describe() {
			if (this.event == null) {
				return "Complete '" + this.topic + "'";
			}
			String name = this.event.getName();
			return "Publish " + ((name != null) ? "'" + name + "'" : "an event without a name") + " to '" + this.topic
					+ "'";
		}

		@Override
		public void write() {
			if (this.event != null && this.data == null) {
				this.data = SseTemplate.this.writer.write(this.topic, this.event);
			}
		}

		@Override
		public void send() {
			append();
		}

		@Nullable String append() {
			write();
			EventAppender log = SseTemplate.this.log;
			if (this.event != null && this.data != null) {
				return log.appendEvent(this.topic, this.event, this.data);
			}
			log.appendEnd(this.topic);
			return null;
		}

	}

}
