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

package io.github.springsse.clients;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps how requests were answered.
 */
final class Responses extends OncePerRequestFilter {

	private final List<Response> responses = new CopyOnWriteArrayList<>();

	@Override
	protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
			throws ServletException, IOException {
		chain.doFilter(request, response);
		this.responses.add(new Response(request.getMethod(), request.getRequestURI(), response.getStatus()));
	}

	/**
	 * Return how requests of some paths were answered, in the order of the answers.
	 * @param end what the paths end with
	 * @return the responses
	 */
	List<Response> ofPath(String end) {
		return this.responses.stream().filter((response) -> response.path().endsWith(end)).toList();
	}

	/**
	 * How a request was answered.
	 *
	 * @param method the method of the request
	 * @param path the path of the request
	 * @param status the status of the response
	 */
	record Response(String method, String path, int status) {

	}

}
