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
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.springsse.SseException;
import io.github.springsse.log.EventId;
import io.github.springsse.log.LogEntry;
import io.github.springsse.log.SourceLeases.Claim;
import io.github.springsse.redis.Replies.NoReplyException;
import io.lettuce.core.cluster.api.async.RedisClusterAsyncCommands;

/**
 * The operations of leases as Redis scripts. Each script is atomic.
 * <p>
 * A hash has, for each leased topic, the token that holds it, the number of the last
 * entry that was appended with the token, and the id of that entry. A sorted set has the
 * times at which the leases expire. A topic is either in both or in neither. It stays in
 * both until its end is appended or its lease is released; expiry alone does not remove
 * it.
 * <p>
 * For each topic whose last source has ended, a key has the entry that ended it, for as
 * long as this entry is kept. A claim of a first source is then refused. It is not
 * refused if the last source was interrupted, because an interrupted source may be
 * started again as the first one.
 * <p>
 * Entries are appended to the stream of answers. The newest id of the log is always the
 * newest id of both streams, so ids increase across both streams in the order in which
 * entries were appended.
 * <p>
 * Every script may run twice, because the driver sends unanswered commands again. An
 * entry whose number was appended before is not appended again.
 */
final class LeaseScripts {

	private static final String NOW = """
			local time = redis.call('TIME')
			local now = time[1] * 1000 + math.floor(time[2] / 1000)
			""";

	private static final Script ACQUIRE = new Script(NOW + """
			local function newest()
				local info = redis.pcall('XINFO', 'STREAM', KEYS[3])
				for i = 1, #info, 2 do
					if info[i] == 'last-generated-id' then
						return info[i + 1]
					end
				end
				return '0-0'
			end
			local held = redis.call('HGET', KEYS[1], ARGV[1])
			if held then
				return string.match(held, '^%S+') == ARGV[2] and {'ok', newest()} or {'held'}
			end
			local ended = redis.call('GET', KEYS[4])
			if ended and ARGV[4] == 'first' and not string.find(ended, '^interrupted ') then
				return {'ended', string.match(ended, '%S+$')}
			end
			local done = redis.pcall('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' 0 ')
			if type(done) == 'table' then
				return {'refused', done.err}
			end
			redis.call('ZADD', KEYS[2], string.format('%.0f', now + ARGV[3]), ARGV[1])
			if ARGV[5] ~= '' then
				redis.call('HSET', KEYS[5], ARGV[1], ARGV[5])
			end
			return {'ok', newest()}
			""");

	/**
	 * Appends an entry with an id that is greater than all ids in both streams, and sets
	 * it as the newest id of the log too, so that Redis assigns a greater id to the next
	 * entry of the log. If the log does not exist, it is created without an entry.
	 */
	private static final String ADD = NOW + """
			local function add(first, last)
				local id = string.format('%.0f-1', now)
				local millis, sequence
				local info = redis.pcall('XINFO', 'STREAM', KEYS[3])
				for i = 1, #info, 2 do
					if info[i] == 'last-generated-id' then
						millis, sequence = string.match(info[i + 1], '^(%d+)-(%d+)$')
						break
					end
				end
				if millis and tonumber(millis) >= now then
					id = string.format('%s-%.0f', millis, sequence + 1)
				end
				local known
				if millis then
					known = redis.pcall('XSETID', KEYS[3], id)
				else
					known = redis.pcall('XADD', KEYS[3], 'MAXLEN', 0, id, 'v', '0')
				end
				if known.err then
					return known
				end
				return redis.pcall('XADD', KEYS[4], id, unpack(ARGV, first, last))
			end
			""";

	private static final Script APPEND = new Script(ADD + """
			local held = redis.call('HGET', KEYS[1], ARGV[1])
			local token, number, id = string.match(held or '', '^(%S+) (%d+) (%S*)$')
			if token ~= ARGV[2] then
				local ended = redis.call('GET', KEYS[5])
				local last, at, endId = string.match(ended or '', '(%S+) (%d+) (%S+)$')
				if last == ARGV[2] and at == ARGV[3] then
					return {'ok', endId}
				end
				return {'lost'}
			end
			if tonumber(ARGV[3]) <= tonumber(number) then
				return {'ok', id}
			end
			local added = add(6, #ARGV)
			if type(added) == 'table' then
				return {'refused', added.err}
			end
			if ARGV[4] ~= '' then
				redis.call('HDEL', KEYS[1], ARGV[1])
				redis.call('ZREM', KEYS[2], ARGV[1])
				redis.call('HDEL', KEYS[6], ARGV[1])
				local ended = (ARGV[4] == 'interrupted') and 'interrupted ' or ''
				redis.call('SET', KEYS[5], ended .. ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. added, 'PX', ARGV[5])
			else
				redis.call('HSET', KEYS[1], ARGV[1], ARGV[2] .. ' ' .. ARGV[3] .. ' ' .. added)
			end
			return {'ok', added}
			""");

	/** Returns the tokens that no longer hold their topics. */
	private static final Script RENEW = new Script(NOW + """
			local expiry = string.format('%.0f', now + ARGV[1])
			local lost = {}
			for i = 2, #ARGV, 2 do
				local held = redis.call('HGET', KEYS[1], ARGV[i])
				if held and string.match(held, '^%S+') == ARGV[i + 1] then
					redis.call('ZADD', KEYS[2], expiry, ARGV[i])
				else
					lost[#lost + 1] = ARGV[i + 1]
				end
			end
			return lost
			""");

	private static final Script RELEASE = new Script("""
			local held = redis.call('HGET', KEYS[1], ARGV[1])
			if held and string.match(held, '^%S+') == ARGV[2] then
				if ARGV[3] == 'begun' then
					redis.call('ZADD', KEYS[2], 0, ARGV[1])
				else
					redis.call('HDEL', KEYS[1], ARGV[1])
					redis.call('ZREM', KEYS[2], ARGV[1])
					redis.call('HDEL', KEYS[3], ARGV[1])
				end
			end
			return {}
			""");

	private static final Script NEWEST = new Script("""
			local held = redis.call('HGET', KEYS[1], ARGV[1])
			local id = string.match(held or '', '^%S+ %d+ (%S+)$')
			if not id then
				id = string.match(redis.call('GET', KEYS[2]) or '', '%S+$')
			end
			return {id}
			""");

	/**
	 * Repairs the two keys if one of them was evicted: topics of the hash are added to
	 * the sorted set, and topics that are in the sorted set only are removed.
	 */
	private static final Script EXPIRED = new Script(NOW + """
			if redis.call('HLEN', KEYS[1]) ~= redis.call('ZCARD', KEYS[2]) then
				for _, topic in ipairs(redis.call('HKEYS', KEYS[1])) do
					redis.call('ZADD', KEYS[2], 'NX', string.format('%.0f', now + ARGV[3]), topic)
				end
			end
			local result = {}
			local due = string.format('%.0f', now - ARGV[1])
			for _, topic in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', due, 'LIMIT', 0, ARGV[2])) do
				local held = redis.call('HGET', KEYS[1], topic)
				if held then
					result[#result + 1] = topic
					result[#result + 1] = string.match(held, '^%S+')
				else
					redis.call('ZREM', KEYS[2], topic)
				end
			end
			return result
			""");

	private static final Script TAKE_OVER = new Script(ADD + """
			local held = redis.call('HGET', KEYS[1], ARGV[1])
			local expiry = redis.call('ZSCORE', KEYS[2], ARGV[1])
			if not held or string.match(held, '^%S+') ~= ARGV[2] or (expiry and tonumber(expiry) > now) then
				return {'held'}
			end
			local result = {'ok'}
			local at = 5
			while at <= #ARGV do
				local last = at + tonumber(ARGV[at])
				local added = add(at + 1, last)
				if type(added) == 'table' then
					return {'refused', added.err}
				end
				result[#result + 1] = added
				at = last + 1
			end
			redis.call('HDEL', KEYS[1], ARGV[1])
			redis.call('ZREM', KEYS[2], ARGV[1])
			redis.call('HDEL', KEYS[6], ARGV[1])
			local ended = (ARGV[4] == 'interrupted') and 'interrupted ' or ''
			redis.call('SET', KEYS[5], ended .. ARGV[2] .. ' 0 ' .. result[#result], 'PX', ARGV[3])
			return result
			""");

	private final RedisLogSettings settings;

	private final long lifeMillis;

	/** How long Redis keeps the record that a source of a topic has ended. */
	private final long endedMillis;

	LeaseScripts(RedisLogSettings settings, LeaseTimes times) {
		this.settings = settings;
		this.lifeMillis = times.life().toMillis();
		this.endedMillis = settings.answersMaxAge().toMillis();
	}

	/**
	 * Acquire the lease of a topic.
	 * @return whether the token has the lease; if not, whether another token holds it, or
	 * a source of the topic has already ended and the claim requires the first one
	 */
	Acquired acquire(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, String token, Claim claim,
			long nanos) throws NoReplyException {
		List<byte[]> keys = List.of(this.settings.leases(), this.settings.sources(), this.settings.log(),
				this.settings.ended(topic), this.settings.endings());
		List<String> answer = ACQUIRE.run(commands, keys, List.of(utf8(topic), utf8(token), number(this.lifeMillis),
				utf8(claim.startsAgain() ? "" : "first"), LeaseEnding.write(claim.ending())), nanos);
		requireTaken(answer);
		return switch (answer.get(0)) {
			case "ok" -> new Acquired(Acquired.Outcome.TAKEN, StreamIds.read(answer.get(1)));
			case "ended" -> new Acquired(Acquired.Outcome.ENDED, StreamIds.read(answer.get(1)));
			default -> new Acquired(Acquired.Outcome.HELD, StreamIds.ZERO);
		};
	}

	/**
	 * Return the newest entry that was appended to a topic with a lease.
	 * @return its id, empty if none is known
	 */
	Optional<EventId> newest(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, long nanos)
			throws NoReplyException {
		return NEWEST
			.run(commands, List.of(this.settings.leases(), this.settings.ended(topic)), List.of(utf8(topic)), nanos)
			.stream()
			.findFirst()
			.map(StreamIds::read);
	}

	/**
	 * Append an entry, if the token holds the topic.
	 * @param number the number of the entry, greater than those of earlier entries
	 * @return its id, empty if the token does not hold the topic
	 */
	Optional<EventId> append(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, String token,
			long number, LogEntry entry, long nanos) throws NoReplyException {
		List<byte[]> keys = new ArrayList<>(keys());
		keys.add(this.settings.log());
		keys.add(this.settings.answers());
		keys.add(this.settings.ended(topic));
		keys.add(this.settings.endings());
		List<byte[]> arguments = new ArrayList<>(
				List.of(utf8(topic), utf8(token), number(number), utf8(end(entry)), number(this.endedMillis)));
		addFields(arguments, entry);
		List<String> answer = APPEND.run(commands, keys, arguments, nanos);
		requireTaken(answer);
		return answer.get(0).equals("ok") ? Optional.of(StreamIds.read(answer.get(1))) : Optional.empty();
	}

	/**
	 * Renew leases.
	 * @param topics the topics, by their tokens
	 * @return the tokens that no longer hold their topics
	 */
	Collection<String> renew(RedisClusterAsyncCommands<byte[], byte[]> commands, Map<String, String> topics, long nanos)
			throws NoReplyException {
		List<byte[]> arguments = new ArrayList<>();
		arguments.add(number(this.lifeMillis));
		topics.forEach((token, topic) -> {
			arguments.add(utf8(topic));
			arguments.add(utf8(token));
		});
		return RENEW.run(commands, keys(), arguments, nanos);
	}

	/**
	 * Release a lease.
	 * @param begun whether an entry was appended with it: then the lease expires at once,
	 * so that a node ends the topic
	 */
	void release(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, String token, boolean begun,
			long nanos) throws NoReplyException {
		RELEASE.run(commands, List.of(this.settings.leases(), this.settings.sources(), this.settings.endings()),
				List.of(utf8(topic), utf8(token), utf8(begun ? "begun" : "")), nanos);
	}

	boolean isHeld(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, long nanos)
			throws NoReplyException {
		return Replies.ask(() -> commands.hexists(this.settings.leases(), utf8(topic)), nanos);
	}

	/**
	 * Return the entries that the holder of a topic stored for the case that its node
	 * fails.
	 * @return the entries, empty if it stored none
	 */
	List<LogEntry> ending(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, long nanos)
			throws NoReplyException {
		byte[] ending = Replies.ask(() -> commands.hget(this.settings.endings(), utf8(topic)), nanos);
		return (ending != null) ? LeaseEnding.read(ending) : List.of();
	}

	/**
	 * Return topics whose leases have expired.
	 * @param grace the least time since their expiry
	 * @return the topics, with their tokens
	 */
	Map<String, String> expired(RedisClusterAsyncCommands<byte[], byte[]> commands, Duration grace, int max, long nanos)
			throws NoReplyException {
		List<String> answer = EXPIRED.run(commands, keys(),
				List.of(number(grace.toMillis()), number(max), number(this.lifeMillis)), nanos);
		Map<String, String> result = new LinkedHashMap<>();
		for (int i = 0; i < answer.size(); i += 2) {
			result.put(answer.get(i), answer.get(i + 1));
		}
		return result;
	}

	/**
	 * End a topic, if its lease has expired and the token still holds it.
	 * @return the ids of the appended entries, empty if nothing was appended
	 */
	List<EventId> takeOver(RedisClusterAsyncCommands<byte[], byte[]> commands, String topic, String token,
			List<LogEntry> ending, long nanos) throws NoReplyException {
		List<byte[]> keys = new ArrayList<>(keys());
		keys.add(this.settings.log());
		keys.add(this.settings.answers());
		keys.add(this.settings.ended(topic));
		keys.add(this.settings.endings());
		List<byte[]> arguments = new ArrayList<>(List.of(utf8(topic), utf8(token), number(this.endedMillis),
				utf8(ending.stream().map(LeaseScripts::end).reduce("", (before, last) -> last))));
		for (LogEntry entry : ending) {
			List<byte[]> fields = new ArrayList<>();
			addFields(fields, entry);
			arguments.add(number(fields.size()));
			arguments.addAll(fields);
		}
		List<String> answer = TAKE_OVER.run(commands, keys, arguments, nanos);
		requireTaken(answer);
		return answer.stream().skip(1).map(StreamIds::read).toList();
	}

	private List<byte[]> keys() {
		return List.of(this.settings.leases(), this.settings.sources());
	}

	/**
	 * Return how an entry ends its topic, empty if it does not end it.
	 */
	private static String end(LogEntry entry) {
		if (entry.kind() != LogEntry.Kind.END) {
			return "";
		}
		return entry.isInterrupted() ? "interrupted" : "end";
	}

	private static void addFields(List<byte[]> arguments, LogEntry entry) {
		MessageFormat.write(Message.of(entry, null)).forEach((name, value) -> {
			arguments.add(name);
			arguments.add(value);
		});
	}

	/**
	 * Throw an exception if Redis has refused to write.
	 */
	private static void requireTaken(List<String> answer) throws NoReplyException {
		if (answer.get(0).equals("refused")) {
			String refusal = answer.get(1).strip();
			if (Replies.isPassing(refusal)) {
				throw new NoReplyException(refusal, null);
			}
			throw new SseException("Redis refused to append to the event log: " + refusal, null);
		}
	}

	private static byte[] utf8(String text) {
		return text.getBytes(StandardCharsets.UTF_8);
	}

	private static byte[] number(long number) {
		return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
	}

	/**
	 * The result of acquiring a lease.
	 *
	 * @param outcome whether the lease was acquired
	 * @param id the newest id of the log, or the id of the entry that ended the topic
	 */
	record Acquired(Outcome outcome, EventId id) {

		enum Outcome {

			/** The token holds the topic. */
			TAKEN,

			/** Another token holds the topic. */
			HELD,

			/** No token holds the topic, and a source of the topic has ended. */
			ENDED

		}

	}

}
