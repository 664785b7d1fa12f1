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

package io.github.springsse.delivery;

import java.util.ArrayList;
import java.util.List;

import io.github.springsse.codec.CompressedFrame;
import io.github.springsse.codec.EventForms;
import io.github.springsse.codec.Frame;
import io.github.springsse.codec.FrameCompressor;
import io.github.springsse.history.StoredEvent;
import org.jspecify.annotations.Nullable;

/**
 * The compression state of one stream: which form of each frame it gets, and what the
 * trailer of its gzip stream says. Owned by the thread of the loop.
 * <p>
 * Forms are chosen when frames are copied for a write, since the choice depends on the
 * frames before, and a queue may drop some of those that wait.
 * <p>
 * <em>Invariant:</em> a form that refers back is chosen only if the frames it refers to
 * are the last ones that the stream got. A frame that has left in part keeps its form.
 */
final class GzipStream {

	/** Stands in the queue for the trailer, whose bytes depend on all before. */
	static final Frame TRAILER = new Frame(new byte[1]);

	private final Compression compression;

	private final Choices choices;

	/** The id of the last event that the stream got, if nothing else came after it. */
	private @Nullable Object last;

	/** How many events of one topic the stream got last, one directly after the other. */
	private int run;

	private int checksum;

	private long textSize;

	/** The choice for a frame that has left in part. */
	private @Nullable Choice partial;

	/**
	 * Create the state of a stream that has got nothing.
	 * @param compression compresses frames
	 * @param choices shared by the streams of the loop
	 */
	GzipStream(Compression compression, Choices choices) {
		this.compression = compression;
		this.choices = choices;
	}

	/**
	 * Begin to choose, at the first frame that waits.
	 */
	void begin() {
		this.choices.list.clear();
	}

	/**
	 * Choose the form of the next frame.
	 */
	Frame choose(Frame frame) {
		List<Choice> chosen = this.choices.list;
		Choice choice;
		if (chosen.isEmpty()) {
			choice = (this.partial != null) ? this.partial
					: choose(frame, this.last, this.run, this.checksum, this.textSize);
		}
		else {
			Choice before = chosen.get(chosen.size() - 1);
			choice = choose(frame, before.last, before.run, before.checksum, before.textSize);
		}
		chosen.add(choice);
		return choice.form;
	}

	/**
	 * Return the form that was chosen for a frame.
	 * @param index the index of the frame, 0 for the first that waits
	 */
	Frame chosen(int index) {
		return this.choices.list.get(index).form;
	}

	/**
	 * Note how much has left.
	 * @param frames the number of frames that have left
	 * @param inPart whether some bytes of the next one have left
	 */
	void taken(int frames, boolean inPart) {
		List<Choice> chosen = this.choices.list;
		if (frames > 0) {
			Choice choice = chosen.get(frames - 1);
			this.last = choice.last;
			this.run = choice.run;
			this.checksum = choice.checksum;
			this.textSize = choice.textSize;
		}
		this.partial = inPart ? chosen.get(frames) : null;
		chosen.clear();
	}

	private Choice choose(Frame frame, @Nullable Object last, int run, int checksum, long textSize) {
		if (frame == TRAILER) {
			return new Choice(FrameCompressor.trailer(checksum, textSize), null, 0, checksum, textSize);
		}
		if (frame == FrameCompressor.HEADER || frame == Frame.LAST_CHUNK) {
			return new Choice(frame, null, 0, checksum, textSize);
		}
		EventForms forms = (frame instanceof StoredEvent event) ? this.compression.forms(event) : null;
		if (forms != null) {
			CompressedFrame form = forms.form(last, run);
			int newRun = forms.follows(last) ? run + 1 : 1;
			return new Choice(form, forms.id(), newRun, form.checksumAfter(checksum), textSize + form.textSize());
		}
		CompressedFrame form = this.compression.compress(frame);
		return new Choice(form, null, 0, form.checksumAfter(checksum), textSize + form.textSize());
	}

	/**
	 * What was chosen for a frame, and the state after it.
	 */
	private record Choice(Frame form, @Nullable Object last, int run, int checksum, long textSize) {

	}

	/**
	 * The choices of the write that is going on, of whichever stream of a loop. Owned by
	 * the thread of the loop.
	 */
	static final class Choices {

		private final List<Choice> list = new ArrayList<>();

	}

}
