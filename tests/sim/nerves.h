/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between isp_mod and the memory engine: what lets a test keep commands, be
 * slow with sessions, turn initiators away, and see in which order commands
 * come. The engine knows nothing of it: to the engine this is isp_mod, to
 * isp_mod it is an engine.
 */
#ifndef TESTS_SIM_NERVES_H
#define TESTS_SIM_NERVES_H

#include <stdbool.h>
#include <stdint.h>

struct isp_tport_binding;
struct nerves;

/**
 * nerves_new() - A memory engine on a channel, with nerves.
 * @bind: the channel
 * @disk: content of the LUN, the caller's
 * @nr_blocks: of 512 bytes
 *
 * Return: it, attached; NULL: no memory, or refused.
 */
struct nerves *nerves_new(const struct isp_tport_binding *bind, void *disk,
			  uint32_t nr_blocks);

/**
 * nerves_free() - Detach and free, engine and all.
 * @n: the nerves
 */
void nerves_free(struct nerves *n);

/** nerves_enable() - As isp_tport_ops.enable. Return: 0 or -errno. */
int nerves_enable(struct nerves *n);
/** nerves_disable() - As isp_tport_ops.disable. Return: 0 or -errno. */
int nerves_disable(struct nerves *n);
/** nerves_enabled() - Is the channel on? Return: true after its event. */
bool nerves_enabled(const struct nerves *n);
/** nerves_busy() - Until the event that ends it. Return: true meanwhile. */
bool nerves_busy(const struct nerves *n);
/** nerves_sessions() - Accepted and not gone. Return: number. */
unsigned int nerves_sessions(const struct nerves *n);

/**
 * nerves_hold() - Keep commands, and WRITEs whose data has come.
 * @n: the nerves
 * @on: false: let all go on
 */
void nerves_hold(struct nerves *n, bool on);

/**
 * nerves_stubborn() - Keep commands even when their session has gone.
 * @n: the nerves
 * @on: as a slow disk does; they go on once nerves_hold() ends
 */
void nerves_stubborn(struct nerves *n, bool on);

/**
 * nerves_lazy() - Let sessions wait to be accepted and to be closed.
 * @n: the nerves
 * @on: false: do it for all
 */
void nerves_lazy(struct nerves *n, bool on);

/**
 * nerves_refuse() - Turn sessions away.
 * @n: the nerves
 * @nr: the next so many
 */
void nerves_refuse(struct nerves *n, unsigned int nr);

/**
 * nerves_drop() - The engine wants its oldest session ended.
 * @n: the nerves
 *
 * Whether or not it has heard that this session is gone.
 */
void nerves_drop(struct nerves *n);

/**
 * nerves_misordered() - Commands that overtook an older one of their session.
 * @n: the nerves
 *
 * An initiator of the simulation numbers its commands in those bytes of a CDB
 * that mean nothing in READ (10) and WRITE (10).
 *
 * Return: number.
 */
unsigned int nerves_misordered(const struct nerves *n);

#endif
