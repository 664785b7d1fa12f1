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

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import io.github.springsse.log.EventId;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;
import org.jspecify.annotations.Nullable;

/**
 * The state of the two streams of the log, from which a node knows whether they are still
 * the streams that it followed. One script reads it consistently, and its answer is small
 * whatever the size of the entries.
 *
 * @param life the name of the generation of the log, empty if there is none
 * @param log the oldest and the newest entry of the log
 * @param answers the oldest and the newest entry of the stream of answers
 * @param last the newest id that was ever assigned in either stream, even if its entry
 * was removed; {@link StreamIds#ZERO} if there was none
 * @param trimmed entries of sources up to this id may have been trimmed;
 * {@link StreamIds#ZERO} if none was
 * @param refusal why Redis would refuse an entry, empty if it would accept one
 * @param present the requested ids that are entries of either stream
 */
record StreamState(String life, Bounds log, Bounds answers, EventId last, EventId trimmed, String refusal,
		List<EventId> present) {

	/**
	 * The script writes an empty text to a key, which changes nothing, and which is
	 * refused whenever an entry would be: by a replica, or by a server without memory or
	 * disk.
	 */
	private static final byte[] SCRIPT = """
			local nothing = redis.pcall('SETRANGE', KEYS[2], 0, '')
			local refusal = type(nothing) == 'table' and nothing.err or ''
			local result = {redis.call('GET', KEYS[2]) or '', refusal, redis.call('GET', KEYS[4]) or '0-0',
				'0-0', '', '', '0-0', '', ''}
			for stream = 0, 1 do
				local info = redis.pcall('XINFO', 'STREAM', KEYS[1 + 2 * stream])
				for i = 1, #info, 2 do
					if info[i] == 'last-generated-id' then
						result[4 + 3 * stream] = info[i + 1]
					elseif info[i] == 'first-entry' and info[i + 1] then
						result[5 + 3 * stream] = info[i + 1][1]
					elseif info[i] == 'last-entry' and info[i + 1] then
						result[6 + 3 * stream] = info[i + 1][1]
					end
				end
			end
			for i = 1, #ARGV do
				if #redis.call('XRANGE', KEYS[1], ARGV[i], ARGV[i]) > 0
						or #redis.call('XRANGE', KEYS[3], ARGV[i], ARGV[i]) > 0 then
					result[#result + 1] = ARGV[i]
				end
			end
			return result
			""".getBytes(StandardCharsets.US_ASCII);

	/**
	 * Ask for the state.
	 * @param ids the entries to look for
	 * @return the answer, which {@link #of} reads
	 */
	static RedisFuture<List<Object>> ask(RedisClusterAsyncCommands<byte[], byte[]> commands, RedisLogSettings settings,
			Collection<EventId> ids) {
		return commands.eval(SCRIPT, ScriptOutputType.MULTI,
				new byte[][] { settings.log(), settings.life(), settings.answers(), settings.trimmed() },
				ids.stream().map(StreamIds::bytes).toArray(byte[][]::new));
	}

	static StreamState of(List<Object> answer) throws NoReplyException {
		List<String> texts = Replies.texts(answer);
		List<EventId> present = new ArrayList<>();
		texts.stream().skip(9).map(StreamIds::read).forEach(present::add);
		EventId last = StreamIds.max(StreamIds.read(texts.get(3)), StreamIds.read(texts.get(6)));
		return new StreamState(texts.get(0), Bounds.of(texts.get(4), texts.get(5)),
				Bounds.of(texts.get(7), texts.get(8)), last, StreamIds.read(texts.get(2)), texts.get(1), present);
	}

	/**
	 * Return the oldest entry of both streams.
	 * @return its id, {@code null} if there is none
	 */
	@Nullable EventId first() {
		EventId ofLog = this.log.first();
		EventId ofAnswers = this.answers.first();
		return (ofLog == null || (ofAnswers != null && ofLog.isAfter(ofAnswers))) ? ofAnswers : ofLog;
	}

	/**
	 * Throw an exception if the server does not accept entries, for example because it is
	 * a replica.
	 */
	void requireWritable() throws NoReplyException {
		if (!this.refusal.isEmpty()) {
			throw new NoReplyException("Redis does not accept entries: " + this.refusal.strip(), null);
		}
	}

	/**
	 * Throw an exception if the server is a replica, which may follow another primary
	 * now, or none.
	 */
	void requirePrimary() throws NoReplyException {
		if (this.refusal.contains("READONLY")) {
			requireWritable();
		}
	}

	/**
	 * Whether an entry of the log is accounted for: it is in the stream, it has the
	 * newest id, or it was trimmed.
	 */
	boolean accountsFor(EventId id) {
		return this.present.contains(id) || id.equals(this.last) || isTrimmed(id);
	}

	/**
	 * Whether an entry of the log was trimmed. Later entries may have been trimmed too.
	 */
	boolean isTrimmed(EventId id) {
		EventId first = this.log.first();
		return !this.present.contains(id) && this.last.isAfter(id) && (first == null || first.isAfter(id));
	}

	/**
	 * Whether an entry of the stream of answers is accounted for: it is in the stream, it
	 * has the newest id, or it is older than the first entry. Trimming stores up to which
	 * id, and never removes the newest entry.
	 */
	boolean accountsForAnswer(EventId id) {
		EventId first = this.answers.first();
		return this.present.contains(id) || id.equals(this.last) || (first != null && first.isAfter(id));
	}

	/**
	 * The oldest and the newest entry of a stream.
	 *
	 * @param first the oldest, {@code null} if there is none
	 * @param last the newest, {@code null} if there is none
	 */
	record Bounds(@Nullable EventId first, @Nullable EventId last) {

		static Bounds of(String first, String last) {
			return new Bounds(first.isEmpty() ? null : StreamIds.read(first),
					last.isEmpty() ? null : StreamIds.read(last));
		}

	}

}
