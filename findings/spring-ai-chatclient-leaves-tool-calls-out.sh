#!/usr/bin/env bash
# Shows that the stream of a Spring AI ChatClient leaves out that a tool was
# called if the client calls tools, and that an entry "toolCalls" in the metadata
# of a response has the client call what it names.
#
# A page that shows what a model does wants to tell "looks a book up" while that
# happens. chatResponse() of ChatClient.stream() gives each response of the
# model, and without tools those that ask for a tool are among them. Where the
# options of the model are ToolCallingChatOptions, an advisor of the client
# (ToolCallingAdvisor) calls the tools and asks the model again. It drops the
# responses that ask for a tool: the text before and after comes, and nothing in
# between. Nor is there a response for what the tool has found. An advisor behind
# it sees both, and can put a response of its own before: with the calls in the
# metadata of that response, under a name that is not "toolCalls". Calls under
# that name are taken for calls of the model, and the tool is called twice.
#
# Seen with spring-ai-client-chat 2.0.1 on Java 17, a model that says "Let me
# see", asks for the tool once, and says "Two" when it has been told:
#
#     responses that ask for a tool, by the client     0
#     responses that ask for a tool, at the model      1
#     calls of the tool                                1
#     the same, with "shown" in the metadata           1
#     the same, with "toolCalls" in the metadata       2
#
# Needs java (17 or later) and mvn. Exits with 0 while this is so.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

cat >pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
	<modelVersion>4.0.0</modelVersion>
	<groupId>finding</groupId>
	<artifactId>finding</artifactId>
	<version>1</version>
	<dependencies>
		<dependency>
			<groupId>org.springframework.ai</groupId>
			<artifactId>spring-ai-client-chat</artifactId>
			<version>2.0.1</version>
		</dependency>
		<dependency>
			<groupId>org.slf4j</groupId>
			<artifactId>slf4j-nop</artifactId>
			<version>2.0.17</version>
		</dependency>
	</dependencies>
</project>
END
timeout 240 mvn -B -q -ntp \
	org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DoutputDirectory=lib \
	>maven.log 2>&1 || { cat maven.log; exit 1; }

cat >Show.java <<'END'
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import reactor.core.publisher.Flux;

public class Show {

	public static void main(String[] args) {
		AtomicInteger asked = new AtomicInteger();
		AtomicInteger called = new AtomicInteger();
		ChatClient client = ChatClient.builder(new Model(asked)).defaultTools(new Tools(called)).build();
		long seen = client.prompt().user("How many?").stream().chatResponse().toStream()
			.filter(ChatResponse::hasToolCalls).count();
		System.out.println("responses that ask for a tool, by the client     " + seen);
		System.out.println("responses that ask for a tool, at the model      " + asked);
		System.out.println("calls of the tool                                " + called);
		int shown = callsWithMetadata("shown");
		System.out.println("the same, with \"shown\" in the metadata           " + shown);
		int toolCalls = callsWithMetadata("toolCalls");
		System.out.println("the same, with \"toolCalls\" in the metadata       " + toolCalls);
		boolean asStated = seen == 0 && asked.get() == 1 && called.get() == 1 && shown == 1 && toolCalls == 2;
		System.out.println(asStated ? "As stated." : "CHANGED: see the lines above.");
		System.exit(asStated ? 0 : 1);
	}

	/** Counts the calls of the tool if an advisor puts a response before the one that asks for it. */
	static int callsWithMetadata(String key) {
		AtomicInteger called = new AtomicInteger();
		ChatClient.builder(new Model(new AtomicInteger())).defaultTools(new Tools(called))
			.defaultAdvisors(new Announcing(key)).build()
			.prompt().user("How many?").stream().chatResponse().blockLast();
		return called.get();
	}

	static class Tools {

		private final AtomicInteger called;

		Tools(AtomicInteger called) {
			this.called = called;
		}

		@Tool(description = "Counts")
		public String count() {
			this.called.incrementAndGet();
			return "2";
		}

	}

	record Model(AtomicInteger asked) implements ChatModel {

		@Override
		public ChatOptions getOptions() {
			return ToolCallingChatOptions.builder().build();
		}

		@Override
		public ChatResponse call(Prompt prompt) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			if (prompt.getInstructions().stream().anyMatch(ToolResponseMessage.class::isInstance)) {
				return Flux.just(response(new AssistantMessage("Two")));
			}
			this.asked.incrementAndGet();
			return Flux.just(response(new AssistantMessage("Let me see")), response(AssistantMessage.builder()
				.content("").toolCalls(List.of(new ToolCall("1", "function", "count", "{}"))).build()));
		}

		private static ChatResponse response(AssistantMessage message) {
			return new ChatResponse(List.of(new Generation(message)));
		}

	}

	record Announcing(String key) implements StreamAdvisor {

		@Override
		public String getName() {
			return "announcing";
		}

		@Override
		public int getOrder() {
			return ToolCallingAdvisor.DEFAULT_ORDER + 1;
		}

		@Override
		public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
			return chain.nextStream(request).concatMap(response -> response.chatResponse().hasToolCalls()
					? Flux.just(new ChatClientResponse(ChatResponse.builder().generations(List.of())
						.metadata(this.key, response.chatResponse().getResult().getOutput().getToolCalls()).build(),
							Map.of()), response)
					: Flux.just(response));
		}

	}

}
END
timeout 90 java -XX:TieredStopAtLevel=1 -cp 'lib/*' Show.java
