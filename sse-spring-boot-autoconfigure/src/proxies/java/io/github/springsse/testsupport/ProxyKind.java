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

package io.github.springsse.testsupport;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * Reverse proxies, each with what it needs to run without any file of the system. In the
 * texts, {@code {configuration}}, {@code {directory}}, {@code {file}} and {@code {port}}
 * are replaced.
 */
public enum ProxyKind {

	/** Apache httpd. */
	APACHE("apache2", "apache.conf", null, replace("Timeout 60", "Timeout 1"), """
			ServerRoot {directory}
			DefaultRuntimeDir {directory}
			PidFile {directory}/apache.pid
			ErrorLog /dev/stderr
			ServerName localhost
			User nobody
			Group nogroup
			LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
			LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
			LoadModule proxy_module /usr/lib/apache2/modules/mod_proxy.so
			LoadModule proxy_http_module /usr/lib/apache2/modules/mod_proxy_http.so
			StartServers 1
			Listen 127.0.0.1:{port}
			Timeout 60
			{configuration}
			""", "-DFOREGROUND", "-f", "{file}"),

	/** Caddy, which has no read timeout unless one is configured. */
	CADDY("caddy", "Caddyfile", replace(":80 ", ":{port} "), null, """
			{
				admin off
				auto_https off
				default_bind 127.0.0.1
				grace_period 1s
			}
			{configuration}
			""", "run", "--adapter", "caddyfile", "--config", "{file}"),

	/** Proxy of the project h2o. */
	H2O("h2o", "h2o.conf", replace("listen: 80", "listen: {host: 127.0.0.1, port: {port}}"),
			replace("proxy.timeout.io: 30000", "proxy.timeout.io: 1000"), """
					num-threads: 1
					pid-file: {directory}/h2o.pid
					proxy.timeout.io: 30000
					{configuration}
					""", "--conf", "{file}"),

	/** HAProxy. */
	HAPROXY("haproxy", "haproxy.cfg", replace("bind :80", "bind 127.0.0.1:{port}"), replace("50s", "1s"),
			"{configuration}", "-db", "-f", "{file}"),

	/** Web server lighttpd, which has no read timeout unless one is configured. */
	LIGHTTPD("lighttpd", "lighttpd.conf",
			replace("server.port = 80", "server.port = {port}\nserver.bind = \"127.0.0.1\""),
			replace("\"host\" =>", "\"read-timeout\" => 1, \"host\" =>"), "{configuration}", "-D", "-f", "{file}"),

	/** Proxy of the project nghttp2. */
	NGHTTPX("nghttpx", "nghttpx.conf", replace("*,80", "127.0.0.1,{port}"),
			replace("backend-read-timeout=1m", "backend-read-timeout=1s"), """
					errorlog-file=/dev/stderr
					accesslog-file=/dev/null
					single-process=yes
					single-thread=yes
					backend-read-timeout=1m
					{configuration}
					""", "--conf={file}"),

	/** Web server nginx. */
	NGINX("nginx", "nginx.conf", replace("listen 80", "listen 127.0.0.1:{port}"),
			replace("proxy_read_timeout 60s", "proxy_read_timeout 1s"), """
					daemon off;
					master_process off;
					pid {directory}/nginx.pid;
					error_log stderr;
					events { }
					http {
						access_log off;
						client_body_temp_path {directory}/body;
						proxy_temp_path {directory}/proxy;
						fastcgi_temp_path {directory}/fastcgi;
						uwsgi_temp_path {directory}/uwsgi;
						scgi_temp_path {directory}/scgi;
						proxy_read_timeout 60s;
						{configuration}
					}
					""", "-p", "{directory}", "-e", "stderr", "-c", "{file}"),

	/**
	 * Squid as an accelerator, which counts whole seconds: one second ends when the next
	 * begins.
	 */
	SQUID("squid", "squid.conf", replace("http_port 80", "http_port 127.0.0.1:{port}"),
			replace("read_timeout 15 minutes", "read_timeout 2 seconds"), """
					pid_filename none
					access_log none
					cache_log {directory}/cache.log
					coredump_dir {directory}
					netdb_filename none
					pinger_enable off
					shutdown_lifetime 0 seconds
					max_filedescriptors 1024
					visible_hostname localhost
					read_timeout 15 minutes
					{configuration}
					""", "-N", "-d", "1", "-f", "{file}"),

	/** Varnish, of which the address and the timeout are options of the command. */
	VARNISH("varnishd", "varnish.vcl", null, replace("pipe_timeout=60", "pipe_timeout=1"), "{configuration}", "-F",
			"-j", "none", "-n", "{directory}/work", "-a", "127.0.0.1:{port}", "-T", "none", "-s", "malloc,10m", "-p",
			"pipe_timeout=60", "-f", "{file}");

	private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin");

	private final String command;

	private final String file;

	private final @Nullable Replacement listen;

	private final @Nullable Replacement timeout;

	private final String frame;

	private final List<String> arguments;

	ProxyKind(String command, String file, @Nullable Replacement listen, @Nullable Replacement timeout, String frame,
			String... arguments) {
		this.command = command;
		this.file = file;
		this.listen = listen;
		this.timeout = timeout;
		this.frame = frame;
		this.arguments = List.of(arguments);
	}

	/**
	 * Return the name of the file with the configuration that the documentation shows.
	 * @return the name
	 */
	public String file() {
		return this.file;
	}

	/**
	 * Return the executable.
	 * @return the executable, empty if the proxy is not installed
	 */
	public Optional<Path> executable() {
		return FOLDERS.stream().map((folder) -> Path.of(folder, this.command)).filter(Files::isExecutable).findFirst();
	}

	/**
	 * Return whether the proxy has a read timeout in front of an application.
	 * @return whether there is one
	 */
	public boolean hasTimeout() {
		return this.timeout != null;
	}

	/**
	 * Return whether the proxy closes its connection to the application as soon as a
	 * client has left, and not only after it has failed to send to that client.
	 * @return whether it does
	 */
	public boolean noticesDepartures() {
		return switch (this) {
			case CADDY, HAPROXY, NGHTTPX, NGINX, SQUID, VARNISH -> true;
			case APACHE, H2O, LIGHTTPD -> false;
		};
	}

	/**
	 * Return a configuration with the ports of a test.
	 * @param configuration the configuration, for port 80 and an application on port 8080
	 * @param port the port of the proxy
	 * @param application the port of the application
	 * @return the configuration
	 */
	public String withPorts(String configuration, int port, int application) {
		String result = configuration.replace("localhost", "127.0.0.1").replace("8080", String.valueOf(application));
		return (this.listen != null) ? this.listen.in(result).replace("{port}", String.valueOf(port)) : result;
	}

	/**
	 * Return the whole text of the file.
	 */
	String text(String configuration, boolean shortTimeout) {
		String text = this.frame.replace("{configuration}", configuration);
		return (shortTimeout && this != VARNISH) ? this.timeout.in(text) : text;
	}

	/**
	 * Return the arguments of the command.
	 */
	List<String> arguments(boolean shortTimeout) {
		return this.arguments.stream()
			.map((argument) -> (shortTimeout && this == VARNISH) ? argument.replace(this.timeout.text, this.timeout.by)
					: argument)
			.toList();
	}

	private static Replacement replace(String text, String by) {
		return new Replacement(text, by);
	}

	private record Replacement(String text, String by) {

		String in(String code) {
			if (!code.contains(this.text)) {
				throw new IllegalArgumentException("'%s' is not in%n%s".formatted(this.text, code));
			}
			return code.replace(this.text, this.by);
		}

	}

}
