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

package io.github.springsse.webmvc.tomcat;

import java.lang.reflect.Field;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;

import io.github.springsse.webmvc.transport.AsyncContainer;
import jakarta.servlet.ServletRequest;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

/**
 * Tomcat's own processing of an asynchronous request, which continues for some
 * microseconds after the last call of a listener has returned. If a write of another
 * thread fails meanwhile, Tomcat closes the connection without ending the request: no
 * listener is notified, and graceful shutdown waits for a request that no longer exists.
 * <p>
 * Tomcat holds a lock while it processes the request: the lock of the socket, or with
 * HTTP/2 the lock of the stream. There is no public access to this lock, so it is read
 * from private fields. In a version of Tomcat with other fields, {@link #awaitEnd} does
 * not wait, and a warning is logged.
 */
final class TomcatProcessing implements AsyncContainer.Processing {

	private static final Log logger = LogFactory.getLog(TomcatProcessing.class);

	private static final AtomicBoolean warned = new AtomicBoolean();

	private final @Nullable Lock lock;

	private TomcatProcessing(@Nullable Lock lock) {
		this.lock = lock;
	}

	/**
	 * Return the processing of a request.
	 * @param request the request, as Tomcat passes it to applications
	 * @return the processing
	 */
	static TomcatProcessing of(ServletRequest request) {
		Lock lock = null;
		Exception failure = null;
		try {
			lock = lock(request);
		}
		catch (RuntimeException ex) {
			failure = ex;
		}
		if (lock == null && warned.compareAndSet(false, true)) {
			logger
				.warn("If a client disconnects during a write, its request may never end, and delays graceful shutdown: "
						+ "the lock of a request was not found in this version of Tomcat. Use the version that Spring Boot "
						+ "manages, or serve streams with sse.transport=auto over HTTP/1.1, or with Jetty", failure);
		}
		return new TomcatProcessing(lock);
	}

	@Override
	public void awaitEnd() {
		if (this.lock != null) {
			this.lock.lock();
			this.lock.unlock();
		}
	}

	private static @Nullable Lock lock(ServletRequest facade) {
		Object processor = value(value(value(facade, "request"), "coyoteRequest"), "hook");
		Object ofStream = value(processor, "processLock");
		Object socket = value(processor, "socketWrapper");
		if (ofStream == null && socket instanceof SocketWrapperBase<?> wrapper) {
			return wrapper.getLock();
		}
		return (ofStream instanceof Lock lock) ? lock : null;
	}

	private static @Nullable Object value(@Nullable Object object, String name) {
		Field field = (object != null) ? ReflectionUtils.findField(object.getClass(), name) : null;
		if (field == null) {
			return null;
		}
		ReflectionUtils.makeAccessible(field);
		return ReflectionUtils.getField(field, object);
	}

}
