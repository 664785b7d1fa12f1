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

package io.github.springsse.webmvc.jetty;

import java.util.Collection;

import org.eclipse.jetty.compression.gzip.GzipCompression;
import org.eclipse.jetty.compression.gzip.GzipEncoderConfig;
import org.eclipse.jetty.compression.server.CompressionConfig;
import org.eclipse.jetty.compression.server.CompressionHandler;
import org.eclipse.jetty.server.Server;

import org.springframework.http.MediaType;

/**
 * Configures Jetty's compression for streams. By default, Jetty holds events back until
 * they fill a block. This class makes it end a block with each write, as Tomcat does.
 * Other responses then become larger by some bytes for each of Jetty's buffers, so this
 * is done only if streams are compressed.
 */
public final class JettyCompression {

	/** The path for which Spring Boot configures compression. */
	private static final String EVERYTHING = "/";

	/**
	 * Make compression flush with each write.
	 * @param server the server, which is not yet started
	 */
	public void customize(Server server) {
		server.getDescendants(CompressionHandler.class)
			.stream()
			.filter(JettyCompression::compressesStreams)
			.map((handler) -> handler.getContainedBeans(GzipCompression.class))
			.flatMap(Collection::stream)
			.forEach(JettyCompression::flush);
	}

	private static boolean compressesStreams(CompressionHandler handler) {
		CompressionConfig config = handler.getConfiguration(EVERYTHING);
		return config != null && config.isCompressMimeTypeSupported(MediaType.TEXT_EVENT_STREAM_VALUE);
	}

	private static void flush(GzipCompression compression) {
		if (compression.getDefaultEncoderConfig() instanceof GzipEncoderConfig config) {
			config.setSyncFlush(true);
		}
	}

}
