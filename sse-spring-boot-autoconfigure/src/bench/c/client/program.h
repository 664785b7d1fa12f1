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

/*
 * Time, and how a command fails.
 */

#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdint.h>

/* Nanoseconds of a clock that only goes forward. */
int64_t now(void);

void sleep_micros(int64_t micros);

/* End the command that is carried out: something is wrong. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* End the command that is carried out: the server does not answer. */
_Noreturn void stall(void);

#endif
