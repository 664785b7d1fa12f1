/*
 * The events of a response, for streams that are read with fetch.
 */

export async function* eventsOf(body) {
	const reader = body.pipeThrough(new TextDecoderStream()).getReader();
	let rest = '';
	let event = { name: 'message', data: [] };
	while (true) {
		const { done, value } = await reader.read();
		if (done) {
			return;
		}
		const lines = (rest + value).split('\n');
		rest = lines.pop();
		for (const line of lines.map((each) => each.replace(/\r$/, ''))) {
			if (line) {
				readField(line, event);
				continue;
			}
			if (event.data.length || event.id !== undefined) {
				yield { ...event, data: event.data.join('\n') };
			}
			event = { name: 'message', data: [] };
		}
	}
}

function readField(line, event) {
	const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
	if (field === 'event') {
		event.name = value;
	}
	else if (field === 'data') {
		event.data.push(value);
	}
	else if (field === 'id') {
		event.id = value;
	}
}
