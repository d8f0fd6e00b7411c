// SPDX-License-Identifier: GPL-2.0
/*
 * The rings shared with the chip: sending entries and taking what it sends.
 *
 * LOCKING
 * The request ring and the handle table share one lock, innermost of all, held
 * while an entry is written. Response and ATIO ring are drained by whoever
 * sets bit 0 of @busy; who comes second sets bit 1 and leaves, and the first
 * looks again. No lock is held while a role is called.
 *
 * EMPTY OR NOT
 * An entry that was taken is poisoned in its first and in its last dword. It
 * is new when both differ. The last dword of an ATIO is initiator data and may
 * imitate the poison, and the chip's write may be seen half done: if only one
 * differs, the chip's in-pointer decides, at the price of one register read.
 */
#include "isp_ring.h"

#include <linux/bitops.h>
#include <linux/bug.h>
#include <linux/dma-mapping.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "isp_dispatch.h"
#include "isp_hba.h"

/* The dword whose poison tells a new entry together with the entry type. */
#define LAST_DWORD (ISP_ENTRY_SIZE / 4 - 1)

/* A ring that was full is looked at again after this long. */
#define SPACE_POLL_MS 10

enum ring_busy_bit {
	RING_DRAINING,
	RING_AGAIN,
};

static const u16 ring_entries[ISP_NR_RINGS] = {
	[ISP_RING_REQ] = ISP_REQ_ENTRIES,
	[ISP_RING_RSP] = ISP_RSP_ENTRIES,
	[ISP_RING_ATIO] = ISP_ATIO_ENTRIES,
};

static void *ring_entry(const struct isp_ring *ring, u16 idx)
{
	return (u8 *)ring->va + (size_t)idx * ISP_ENTRY_SIZE;
}

static void poison(void *entry)
{
	u32 *word = entry;

	WRITE_ONCE(word[0], ISP_RING_POISON);
	WRITE_ONCE(word[LAST_DWORD], ISP_RING_POISON);
}

/* Does the entry type, the first byte in memory, differ from the poison? */
static bool type_is_new(const void *entry)
{
	static const u32 poison_word = ISP_RING_POISON;

	return READ_ONCE(*(const u8 *)entry) != *(const u8 *)&poison_word;
}

/**
 * isp_ring_alloc() - Get memory for the rings.
 * @hba: the adapter
 *
 * Context: process, may sleep.
 * Return: 0 or -ENOMEM; what was got is freed by isp_ring_free().
 */
int isp_ring_alloc(struct isp_hba *hba)
{
	struct isp_ring *ring;
	unsigned int i;

	for (i = 0; i < ISP_NR_RINGS; i++) {
		ring = &hba->ring[i];
		spin_lock_init(&ring->lock);
		ring->nr = ring_entries[i];
		ring->va = dma_alloc_coherent(hba->dev,
					      (size_t)ring->nr * ISP_ENTRY_SIZE,
					      &ring->dma, GFP_KERNEL);
		if (!ring->va)
			return -ENOMEM;
	}
	return 0;
}

/**
 * isp_ring_free() - Free what isp_ring_alloc() got.
 * @hba: the adapter, chip stopped
 *
 * Context: process, may sleep.
 */
void isp_ring_free(struct isp_hba *hba)
{
	struct isp_ring *ring;
	unsigned int i;

	for (i = 0; i < ISP_NR_RINGS; i++) {
		ring = &hba->ring[i];
		if (ring->va)
			dma_free_coherent(hba->dev,
					  (size_t)ring->nr * ISP_ENTRY_SIZE,
					  ring->va, ring->dma);
		ring->va = NULL;
	}
}

/**
 * isp_ring_is_busy() - Is somebody taking entries?
 * @hba: the adapter
 *
 * Context: any.
 * Return: true while a response or ATIO ring is being drained.
 */
bool isp_ring_is_busy(struct isp_hba *hba)
{
	return test_bit(RING_DRAINING, &hba->ring[ISP_RING_RSP].busy) ||
	       test_bit(RING_DRAINING, &hba->ring[ISP_RING_ATIO].busy);
}

/**
 * isp_ring_reset() - Empty the rings before the chip is told of them.
 * @hba: the adapter, not live, isp_ring_is_busy() is false
 *
 * Context: process (life worker).
 */
void isp_ring_reset(struct isp_hba *hba)
{
	struct isp_ring *ring;
	unsigned int i, j;

	for (i = 0; i < ISP_NR_RINGS; i++) {
		ring = &hba->ring[i];
		ring->idx = 0;
		ring->posted = 0;
		ring->tail = 0;
		ring->starved = false;
		memset(ring->va, 0, (size_t)ring->nr * ISP_ENTRY_SIZE);
		if (i == ISP_RING_REQ)
			continue;
		for (j = 0; j < ring->nr; j++)
			poison(ring_entry(ring, j));
	}
	hba->ring[ISP_RING_REQ].life++;
	wmb(); /* before the init mailbox */
}

/**
 * isp_cursor_next() - The next reserved request entry, zeroed.
 * @cur: cursor
 *
 * Context: any, request ring locked.
 * Return: the entry; NULL when the encoder takes more than was reserved.
 */
void *isp_cursor_next(struct isp_cursor *cur)
{
	struct isp_ring *req = cur->ring;
	void *entry;

	if (WARN_ON_ONCE(!cur->left))
		return NULL;
	cur->left--;
	entry = ring_entry(req, req->idx);
	req->idx = (req->idx + 1) & (req->nr - 1);
	req->nr_queued++;
	memset(entry, 0, ISP_ENTRY_SIZE);
	return entry;
}

static unsigned int req_room(const struct isp_ring *req)
{
	return req->nr - 1 - ((req->idx - req->tail) & (req->nr - 1));
}

/* Completions tell of most of the room; only a full ring asks the chip. */
static bool req_has_room(struct isp_hba *hba, unsigned int nr)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	u32 out;

	if (req_room(req) >= nr)
		return true;
	if (req->posted != req->idx) {
		hba->chip->ptr_write(hba, ISP_RING_REQ, req->idx);
		hba->stats.nr_doorbell++;
		req->posted = req->idx;
	}
	out = hba->chip->ptr_read(hba, ISP_RING_REQ);
	hba->stats.nr_ptr_read++;
	if (out >= req->nr) {
		isp_hba_fault(hba, "request ring pointer out of range");
		return false;
	}
	req->tail = out;
	return req_room(req) >= nr;
}

/*
 * Reserve entries and a handle; the encoder is to take them all. @life is that
 * of the exchange which the entries name, or NULL: they name none.
 */
static int reserve_locked(struct isp_hba *hba, unsigned int nr,
			  enum isp_owner_kind kind, void *owner,
			  const u32 *life, struct isp_cursor *cur, u32 *handle)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];

	lockdep_assert_held(&req->lock);
	if (!hba->live || (life && *life != req->life))
		return -ESHUTDOWN;
	if (!req_has_room(hba, nr))
		return -EAGAIN;
	*handle = ISP_HANDLE_NONE;
	if (kind != ISP_OWNER_FREE) {
		*handle = isp_handle_get_locked(hba, kind, owner,
						req->nr_queued + nr);
		if (*handle == ISP_HANDLE_NONE)
			return -EAGAIN;
	}
	cur->ring = req;
	cur->left = nr;
	hba->stats.nr_req += nr;
	return 0;
}

/*
 * What each kind of entry is made of; the family's op does the work. @what is
 * the native struct of that kind.
 */
typedef void (*encode_fn)(const struct isp_chip_ops *chip,
			  struct isp_cursor *cur, const void *what, u32 handle);

static void encode_ctio(const struct isp_chip_ops *chip, struct isp_cursor *cur,
			const void *what, u32 handle)
{
	chip->ctio_encode(cur, what, handle);
}

/* Two CTIOs that are queued together or not at all. */
struct ctio_pair {
	const struct isp_ctio *first, *last;
};

static void encode_ctio_pair(const struct isp_chip_ops *chip,
			     struct isp_cursor *cur, const void *what,
			     u32 handle)
{
	const struct ctio_pair *pair = what;

	chip->ctio_encode(cur, pair->first, ISP_HANDLE_NONE);
	chip->ctio_encode(cur, pair->last, handle);
}

static void encode_ack(const struct isp_chip_ops *chip, struct isp_cursor *cur,
		       const void *what, u32 handle)
{
	chip->ack_encode(cur, what, handle);
}

static void encode_abts_rsp(const struct isp_chip_ops *chip,
			    struct isp_cursor *cur, const void *what,
			    u32 handle)
{
	chip->abts_rsp_encode(cur, what, handle);
}

static void encode_logio(const struct isp_chip_ops *chip,
			 struct isp_cursor *cur, const void *what, u32 handle)
{
	chip->logio_encode(cur, what, handle);
}

static void encode_ct(const struct isp_chip_ops *chip, struct isp_cursor *cur,
		      const void *what, u32 handle)
{
	chip->ct_encode(cur, what, handle);
}

static void encode_marker(const struct isp_chip_ops *chip,
			  struct isp_cursor *cur, const void *what, u32 handle)
{
	const u8 *vp_idx = what;

	chip->marker_encode(cur, *vp_idx, handle);
}

/* Queue @nr entries; no doorbell. A full ring is looked at again. */
static int send(struct isp_hba *hba, unsigned int nr, enum isp_owner_kind kind,
		void *owner, encode_fn encode, const void *what,
		const u32 *life)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	struct isp_cursor cur;
	unsigned long flags;
	u32 handle;
	int err;

	spin_lock_irqsave(&req->lock, flags);
	err = reserve_locked(hba, nr, kind, owner, life, &cur, &handle);
	if (!err)
		encode(hba->chip, &cur, what, handle);
	spin_unlock_irqrestore(&req->lock, flags);
	if (err != -EAGAIN)
		return err;
	WRITE_ONCE(req->starved, true);
	hba->stats.nr_ring_full++;
	queue_delayed_work(hba->wq, &hba->space_work,
			   msecs_to_jiffies(SPACE_POLL_MS));
	return err;
}

/**
 * isp_ring_send_ctio() - Queue one step of a target command.
 * @hba:   the adapter
 * @ctio:  the step; not kept, but its scatterlist is the chip's until done
 * @owner: comes back with ctio_done(); NULL: nobody wants to hear of it
 *
 * Context: any. No doorbell is rung.
 * Return: 0; -EAGAIN: no room, ring_space() follows; -ESHUTDOWN: the chip is
 *         not live, or was reset since it named the exchange; -EINVAL: data
 *         and status do not fit one entry, or the list is longer than the ring.
 */
int isp_ring_send_ctio(struct isp_hba *hba, const struct isp_ctio *ctio,
		       void *owner)
{
	unsigned int nr = hba->chip->ctio_entries(ctio);
	enum isp_owner_kind kind = ISP_OWNER_CTIO;

	if (nr > U8_MAX || !hba->chip->ctio_one_step(ctio))
		return -EINVAL;
	if (ctio->flags & ISP_CTIO_NO_CPL)
		kind = ISP_OWNER_FREE;
	return send(hba, nr, kind, owner, encode_ctio, ctio, &ctio->life);
}

/**
 * isp_ring_send_ctio_pair() - Queue data and status of a READ that do not fit
 *	one entry.
 * @hba:    the adapter
 * @data:   the data, flag NO_CPL: the chip does not say when it has gone
 * @status: the status
 * @owner:  comes back with ctio_done(), for both
 *
 * Both or none: of a half that waits for room nobody could say whether the chip
 * still reads the data.
 *
 * Context: any. No doorbell is rung.
 * Return: 0 or an error as isp_ring_send_ctio().
 */
int isp_ring_send_ctio_pair(struct isp_hba *hba, const struct isp_ctio *data,
			    const struct isp_ctio *status, void *owner)
{
	const struct isp_chip_ops *chip = hba->chip;
	struct ctio_pair pair = { .first = data, .last = status };
	unsigned int nr = chip->ctio_entries(data);

	if (nr > U8_MAX || !chip->ctio_one_step(data) ||
	    !chip->ctio_one_step(status))
		return -EINVAL;
	return send(hba, nr + chip->ctio_entries(status), ISP_OWNER_CTIO, owner,
		    encode_ctio_pair, &pair, &status->life);
}

/**
 * isp_ring_send_ack() - Queue the answer to a notify.
 * @hba:   the adapter
 * @ack:   the answer; not kept
 * @owner: comes back with ack_done(); NULL: nobody wants to hear of it
 *
 * Context: any. No doorbell is rung.
 * Return: 0, -EAGAIN or -ESHUTDOWN as isp_ring_send_ctio().
 */
int isp_ring_send_ack(struct isp_hba *hba, const struct isp_ack *ack,
		      void *owner)
{
	return send(hba, 1, ISP_OWNER_ACK, owner, encode_ack, ack,
		    &ack->notify->life);
}

/**
 * isp_ring_send_abts_rsp() - Queue the answer to an ABTS.
 * @hba:   the adapter
 * @rsp:   the answer; not kept
 * @owner: comes back with abts_done(); NULL: nobody wants to hear of it
 *
 * Context: any. No doorbell is rung.
 * Return: 0, -EAGAIN or -ESHUTDOWN as isp_ring_send_ctio().
 */
int isp_ring_send_abts_rsp(struct isp_hba *hba, const struct isp_abts_rsp *rsp,
			   void *owner)
{
	return send(hba, 1, ISP_OWNER_ABTS_RSP, owner, encode_abts_rsp, rsp,
		    &rsp->abts->life);
}

/**
 * isp_ring_send_logio() - Queue a login or logout for a role.
 * @hba:   the adapter
 * @logio: what; not kept
 * @life:  the life of the chip in which the role wanted that
 * @owner: comes back with logio_done(); NULL: nobody wants to hear of it
 *
 * Context: any. No doorbell is rung.
 * Return: 0, -EAGAIN or -ESHUTDOWN as isp_ring_send_ctio().
 */
int isp_ring_send_logio(struct isp_hba *hba, const struct isp_logio *logio,
			u32 life, void *owner)
{
	return send(hba, 1, ISP_OWNER_LOGIO, owner, encode_logio, logio, &life);
}

/**
 * isp_ring_send_fabric() - Queue an entry of core's own and ring the doorbell.
 * @hba:   the adapter
 * @logio: a login, or NULL
 * @ct:    a CT request, or NULL
 * @io:    told of the end by isp_link_io_done()
 *
 * Context: any.
 * Return: 0, -EAGAIN or -ESHUTDOWN as isp_ring_send_ctio().
 */
int isp_ring_send_fabric(struct isp_hba *hba, const struct isp_logio *logio,
			 const struct isp_ct *ct, struct isp_link_io *io)
{
	int err;

	if (logio)
		err = send(hba, 1, ISP_OWNER_FABRIC, io, encode_logio, logio,
			   NULL);
	else
		err = send(hba, 1, ISP_OWNER_FABRIC, io, encode_ct, ct, NULL);
	if (!err)
		isp_ring_doorbell(hba);
	return err;
}

/**
 * isp_ring_send_marker() - Tell the firmware that nothing is outstanding.
 * @hba:    the adapter
 * @vp_idx: channel
 *
 * Context: any. Rings the doorbell.
 * Return: 0, -EAGAIN or -ESHUTDOWN as isp_ring_send_ctio().
 */
int isp_ring_send_marker(struct isp_hba *hba, u8 vp_idx)
{
	int err;

	err = send(hba, 1, ISP_OWNER_MARKER, NULL, encode_marker, &vp_idx,
		   NULL);
	if (!err)
		isp_ring_doorbell(hba);
	return err;
}

/**
 * isp_ring_doorbell() - Tell the chip of everything that was queued.
 * @hba: the adapter
 *
 * One posted write, or none when nothing is new.
 *
 * Context: any. Takes the request ring's lock.
 */
void isp_ring_doorbell(struct isp_hba *hba)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	unsigned long flags;

	spin_lock_irqsave(&req->lock, flags);
	if (hba->live && req->posted != req->idx) {
		req->posted = req->idx;
		hba->stats.nr_doorbell++;
		hba->chip->ptr_write(hba, ISP_RING_REQ, req->idx);
	}
	spin_unlock_irqrestore(&req->lock, flags);
}

/**
 * isp_ring_space() - Tell the roles when a full ring has room again.
 * @hba: the adapter
 *
 * Context: any. Takes the request ring's lock, calls up without it.
 */
void isp_ring_space(struct isp_hba *hba)
{
	struct isp_ring *req = &hba->ring[ISP_RING_REQ];
	const struct isp_role_ops *ops;
	unsigned long flags;
	bool tell = false;
	unsigned int i;

	if (!READ_ONCE(req->starved))
		return;
	spin_lock_irqsave(&req->lock, flags);
	if (req->starved && hba->live && hba->handles.free &&
	    req_has_room(hba, req->nr / 4)) {
		req->starved = false;
		tell = true;
	}
	spin_unlock_irqrestore(&req->lock, flags);
	if (!tell) {
		if (hba->live)
			queue_delayed_work(hba->wq, &hba->space_work,
					   msecs_to_jiffies(SPACE_POLL_MS));
		return;
	}
	for (i = 0; i < ARRAY_SIZE(hba->role_ops); i++) {
		ops = hba->role_ops[i];
		if (ops && ops->ring_space)
			ops->ring_space(hba);
	}
}

/* Has the chip's in-pointer passed @nr entries from our index? */
static bool in_passed(struct isp_hba *hba, enum isp_ring_id id, unsigned int nr)
{
	struct isp_ring *ring = &hba->ring[id];
	u32 in = hba->chip->ptr_read(hba, id);

	hba->stats.nr_ptr_read++;
	if (in >= ring->nr) {
		isp_hba_fault(hba, "ring pointer out of range");
		return false;
	}
	return ((in - ring->idx) & (ring->nr - 1)) >= nr;
}

/* Number of entries of what lies at our index, 0: nothing yet. */
static unsigned int ready_entries(struct isp_hba *hba, enum isp_ring_id id)
{
	struct isp_ring *ring = &hba->ring[id];
	const u32 *word = ring_entry(ring, ring->idx);
	bool first, last;
	u8 count;

	first = type_is_new(word);
	last = READ_ONCE(word[LAST_DWORD]) != ISP_RING_POISON;
	if (!first && !last)
		return 0;
	if (first != last && !in_passed(hba, id, 1))
		return 0;
	dma_rmb(); /* the rest of the entry after its marks */
	count = hba->chip->entry_count(word);
	if (!count || count > ISP_MAX_RSP_COUNT) {
		isp_hba_fault(hba, "ring entry with an impossible count");
		return 0;
	}
	if (count > 1 && !in_passed(hba, id, count))
		return 0;
	return count;
}

/* What takes @nr entries, in one piece; the usual case is not copied. */
static const void *gather(struct isp_ring *ring, unsigned int nr)
{
	unsigned int i;

	if (nr == 1)
		return ring_entry(ring, ring->idx);
	for (i = 0; i < nr; i++)
		memcpy(ring->gather + i * ISP_ENTRY_SIZE,
		       ring_entry(ring, (ring->idx + i) & (ring->nr - 1)),
		       ISP_ENTRY_SIZE);
	return ring->gather;
}

/* Say of which life the name of an exchange is. */
static void stamp(struct isp_rsp *rsp, u32 life)
{
	if (rsp->kind == ISP_RSP_ATIO)
		rsp->atio.life = life;
	else if (rsp->kind == ISP_RSP_NOTIFY)
		rsp->notify.life = life;
	else if (rsp->kind == ISP_RSP_ABTS)
		rsp->abts.life = life;
}

static unsigned int drain_once(struct isp_hba *hba, enum isp_ring_id id)
{
	struct isp_ring *ring = &hba->ring[id];
	unsigned int nr, total = 0;
	struct isp_rsp rsp;

	while (READ_ONCE(hba->live)) {
		nr = ready_entries(hba, id);
		if (!nr)
			break;
		hba->chip->decode(id, gather(ring, nr), nr, &rsp);
		/* No reset before the drain has ended: see quiesce(). */
		stamp(&rsp, hba->ring[ISP_RING_REQ].life);
		if (!total)
			isp_dispatch_begin(hba);
		total += nr;
		while (nr--) {
			poison(ring_entry(ring, ring->idx));
			ring->idx = (ring->idx + 1) & (ring->nr - 1);
		}
		/* A long batch must not make the ring look full to the chip. */
		if (((ring->idx - ring->posted) & (ring->nr - 1)) >
		    ring->nr / 4) {
			ring->posted = ring->idx;
			hba->chip->ptr_write(hba, id, ring->idx);
		}
		isp_dispatch(hba, &rsp);
	}
	if (!total)
		return 0;
	if (hba->live && ring->posted != ring->idx) {
		ring->posted = ring->idx;
		hba->chip->ptr_write(hba, id, ring->idx);
	}
	if (id == ISP_RING_ATIO)
		hba->stats.nr_atio += total;
	else
		hba->stats.nr_rsp += total;
	isp_dispatch_end(hba);
	return total;
}

/**
 * isp_ring_drain() - Take everything that the chip put on a ring.
 * @hba: the adapter
 * @id:  ISP_RING_RSP or ISP_RING_ATIO
 *
 * The out-pointer is written once per batch.
 *
 * Context: any; when somebody else drains, that one does our work too.
 * Return: true if something was there.
 */
bool isp_ring_drain(struct isp_hba *hba, enum isp_ring_id id)
{
	struct isp_ring *ring = &hba->ring[id];
	bool found = false;

	set_bit(RING_AGAIN, &ring->busy);
	while (test_bit(RING_AGAIN, &ring->busy)) {
		if (test_and_set_bit(RING_DRAINING, &ring->busy))
			return found;
		clear_bit(RING_AGAIN, &ring->busy);
		smp_mb__after_atomic(); /* clear before looking */
		if (drain_once(hba, id))
			found = true;
		smp_mb__before_atomic(); /* what we did, then let go */
		clear_bit(RING_DRAINING, &ring->busy);
		smp_mb__after_atomic(); /* let go, then look again */
	}
	return found;
}
