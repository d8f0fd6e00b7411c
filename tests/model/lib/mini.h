/* SPDX-License-Identifier: GPL-2.0 */
/* A whole small model for tests of the control commands: two cards, no VM. */
#ifndef TESTS_MODEL_MINI_H
#define TESTS_MODEL_MINI_H

#include <cjson/cJSON.h>

#include "ev/ev.h"
#include "model.h"

/**
 * mini_start() - Build "target" (2532, two ports) and "initiator" (2432).
 * @m: overwritten
 * @clock: kind of time
 */
void mini_start(struct model *m, enum ev_clock clock);

/**
 * mini_stop() - Free all of it.
 * @m: model
 */
void mini_stop(struct model *m);

#endif
