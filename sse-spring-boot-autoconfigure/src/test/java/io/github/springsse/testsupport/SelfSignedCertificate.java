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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.springframework.util.FileSystemUtils;

/**
 * A certificate for {@code localhost}, made by the {@code keytool} of the JDK, and
 * clients that trust it.
 */
public final class SelfSignedCertificate {

	private static final String PASSWORD = "changeit";

	private final Path keyStore;

	/**
	 * Return the certificate in a directory that is there until the process ends.
	 * @return the certificate
	 */
	public static SelfSignedCertificate get() {
		return Kept.CERTIFICATE;
	}

	/**
	 * Put the certificate into a directory: the same for all of this process, as it takes
	 * another one to make it.
	 * @param directory the directory for the key store
	 */
	public SelfSignedCertificate(Path directory) {
		this.keyStore = directory.resolve("server.p12");
		try {
			Files.write(this.keyStore, Made.KEY_STORE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Properties of a server that has this certificate.
	 * @param further further properties
	 * @return the properties
	 */
	public String[] properties(String... further) {
		List<String> result = new java.util.ArrayList<>(List.of("server.ssl.key-store=" + this.keyStore,
				"server.ssl.key-store-password=" + PASSWORD, "server.ssl.key-alias=server"));
		result.addAll(List.of(further));
		return result.toArray(String[]::new);
	}

	/**
	 * Properties of an SSL bundle that trusts this certificate, and has it.
	 * @param bundle the name of the bundle
	 * @return the properties
	 */
	public String[] bundle(String bundle) {
		String file = "=file:" + pem();
		return Stream.of("keystore.certificate", "keystore.private-key", "truststore.certificate")
			.map((name) -> "spring.ssl.bundle.pem." + bundle + "." + name + file)
			.toArray(String[]::new);
	}

	/**
	 * Write the certificate and its private key, as servers that are not written in Java
	 * want them.
	 * @return the file that has both
	 */
	public Path pem() {
		try {
			KeyStore store = load();
			StringBuilder pem = new StringBuilder();
			append(pem, "PRIVATE KEY", store.getKey("server", PASSWORD.toCharArray()).getEncoded());
			append(pem, "CERTIFICATE", store.getCertificate("server").getEncoded());
			return Files.writeString(this.keyStore.resolveSibling("server.pem"), pem);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void append(StringBuilder pem, String type, byte[] content) {
		pem.append("-----BEGIN ").append(type).append("-----\n");
		pem.append(Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(content));
		pem.append("\n-----END ").append(type).append("-----\n");
	}

	private KeyStore load() throws IOException, GeneralSecurityException {
		try (InputStream input = Files.newInputStream(this.keyStore)) {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(input, PASSWORD.toCharArray());
			return store;
		}
	}

	/**
	 * A context for clients.
	 * @return the context
	 */
	public SSLContext clientContext() {
		try {
			KeyStore store = load();
			KeyStore trusted = KeyStore.getInstance("PKCS12");
			trusted.load(null, null);
			trusted.setCertificateEntry("server", store.getCertificate("server"));
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trusted);
			SSLContext result = SSLContext.getInstance("TLS");
			result.init(null, factory.getTrustManagers(), null);
			return result;
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Connect to a server.
	 * @param port the port
	 * @param receiveBuffer the size of the receive buffer, 0 for the system's choice
	 * @return the socket
	 */
	public Socket connect(int port, int receiveBuffer) {
		try {
			Socket plain = new Socket();
			if (receiveBuffer > 0) {
				plain.setReceiveBufferSize(receiveBuffer);
			}
			plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			return clientContext().getSocketFactory().createSocket(plain, "localhost", port, true);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static final class Kept {

		static final SelfSignedCertificate CERTIFICATE = create();

		private static SelfSignedCertificate create() {
			try {
				Path directory = Files.createTempDirectory("test-certificate");
				Runtime.getRuntime()
					.addShutdownHook(new Thread(() -> FileSystemUtils.deleteRecursively(directory.toFile())));
				return new SelfSignedCertificate(directory);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	private static final class Made {

		static final byte[] KEY_STORE = make();

		private static byte[] make() {
			try {
				Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
				Path directory = Files.createTempDirectory("test-certificate");
				Path keyStore = directory.resolve("server.p12");
				Process process = new ProcessBuilder(keytool.toString(), "-J-XX:TieredStopAtLevel=1", "-genkeypair",
						"-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
						"SAN=dns:localhost,ip:127.0.0.1", "-validity", "30", "-storetype", "PKCS12", "-keystore",
						keyStore.toString(), "-storepass", PASSWORD)
					.redirectErrorStream(true)
					.start();
				String output = new String(process.getInputStream().readAllBytes());
				if (process.waitFor() != 0) {
					throw new IllegalStateException("keytool: " + output);
				}
				byte[] result = Files.readAllBytes(keyStore);
				FileSystemUtils.deleteRecursively(directory);
				return result;
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				throw new IllegalStateException(ex);
			}
		}

	}

}
