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

package io.github.springsse.log;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.concurrent.locks.ReentrantLock;

import javax.crypto.Cipher;
import javax.crypto.spec.SecretKeySpec;

import org.jspecify.annotations.Nullable;

/**
 * Encrypts event ids, so that the text discloses nothing about them. The text is one
 * block of AES, with a random key that never leaves this object, in the URL-safe alphabet
 * of Base64. A single block needs no mode, and the same id must always have the same
 * text. A text that was encrypted with another key decrypts to 128 random bits, of which
 * 64 would have to match the epoch. Thread-safe; each direction has a lock, which is held
 * for the time of one block.
 */
final class IdCipher {

	private static final int KEY_LENGTH = 16;

	private static final int BLOCK = 16;

	private static final int TEXT = 22;

	private final Direction encrypting;

	private final Direction decrypting;

	/**
	 * Create a cipher with a new key.
	 */
	IdCipher() {
		byte[] key = new byte[KEY_LENGTH];
		new SecureRandom().nextBytes(key);
		this.encrypting = new Direction(Cipher.ENCRYPT_MODE, key);
		this.decrypting = new Direction(Cipher.DECRYPT_MODE, key);
	}

	/**
	 * Encrypt an id.
	 */
	String encrypt(EventId id) {
		byte[] block = ByteBuffer.allocate(BLOCK).putLong(id.epoch()).putLong(id.sequence()).array();
		return new String(Base64.getUrlEncoder().withoutPadding().encode(this.encrypting.apply(block)),
				StandardCharsets.ISO_8859_1);
	}

	/**
	 * Decrypt an id.
	 * @param text any text
	 * @return the id, which is random if the text was encrypted with another key;
	 * {@code null} if the text has not the form of an id
	 */
	@Nullable EventId decrypt(String text) {
		byte[] block = (text.length() == TEXT) ? decode(text) : null;
		if (block == null) {
			return null;
		}
		ByteBuffer id = ByteBuffer.wrap(this.decrypting.apply(block));
		return new EventId(id.getLong(), id.getLong());
	}

	private static byte @Nullable [] decode(String text) {
		try {
			return Base64.getUrlDecoder().decode(text);
		}
		catch (IllegalArgumentException ex) {
			return null;
		}
	}

	/**
	 * One direction of the cipher.
	 */
	private static final class Direction {

		private final ReentrantLock lock = new ReentrantLock();

		/** Guarded by the lock of this object. */
		private final Cipher cipher;

		Direction(int mode, byte[] key) {
			try {
				this.cipher = Cipher.getInstance("AES/ECB/NoPadding");
				this.cipher.init(mode, new SecretKeySpec(key, "AES"));
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("The Java runtime lacks AES, which encrypts event ids", ex);
			}
		}

		/**
		 * Encrypt or decrypt a block in place.
		 */
		byte[] apply(byte[] block) {
			this.lock.lock();
			try {
				this.cipher.doFinal(block, 0, BLOCK, block, 0);
				return block;
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException("A block could not be encrypted or decrypted with AES", ex);
			}
			finally {
				this.lock.unlock();
			}
		}

	}

}
