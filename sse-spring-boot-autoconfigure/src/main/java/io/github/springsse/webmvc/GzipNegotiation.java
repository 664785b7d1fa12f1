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

package io.github.springsse.webmvc;

import java.util.Collections;
import java.util.Locale;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.HttpHeaders;

/**
 * Whether a client accepts gzip, by {@code Accept-Encoding} (RFC 9110, section 12.5.3).
 */
final class GzipNegotiation {

	private static final String GZIP = "gzip";

	private GzipNegotiation() {
	}

	/**
	 * Announce gzip in the response if the client accepts it, and nothing encodes the
	 * response already.
	 * @return whether the body is to be compressed
	 */
	static boolean negotiate(HttpServletRequest request, HttpServletResponse response) {
		response.addHeader(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
		if (response.getHeader(HttpHeaders.CONTENT_ENCODING) != null || !accepts(request)) {
			return false;
		}
		response.setHeader(HttpHeaders.CONTENT_ENCODING, GZIP);
		return true;
	}

	/**
	 * NOTE: the weight of gzip itself counts before that of all codings.
	 */
	static boolean accepts(HttpServletRequest request) {
		double gzip = -1;
		double any = 0;
		for (String header : Collections.list(request.getHeaders(HttpHeaders.ACCEPT_ENCODING))) {
			for (String element : header.split(",")) {
				String[] parts = element.split(";");
				String coding = parts[0].trim().toLowerCase(Locale.ROOT);
				if (coding.equals(GZIP)) {
					gzip = weight(parts);
				}
				else if (coding.equals("*")) {
					any = weight(parts);
				}
			}
		}
		return (gzip >= 0) ? gzip > 0 : any > 0;
	}

	/**
	 * NOTE: a weight that cannot be read refuses, since the response without compression
	 * is always right.
	 */
	private static double weight(String[] parts) {
		for (int i = 1; i < parts.length; i++) {
			String parameter = parts[i].trim().toLowerCase(Locale.ROOT);
			if (parameter.startsWith("q=")) {
				try {
					return Double.parseDouble(parameter.substring(2).trim());
				}
				catch (NumberFormatException ex) {
					return 0;
				}
			}
		}
		return 1;
	}

}
