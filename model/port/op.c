// SPDX-License-Identifier: GPL-2.0
/* Requests of several steps, and how requests are answered. */
#include "port/port_int.h"

#include <errno.h>
#include <stdlib.h>

static enum book_kind book_of(uint8_t type)
{
	switch (type) {
	case ENTRY_CTIO7:
		return BOOK_CTIO;
	case ENTRY_NOTIFY_ACK:
		return BOOK_NOTIFY_ACK;
	case ENTRY_MARKER:
		return BOOK_MARKER;
	case ENTRY_ABORT:
	case ENTRY_ABTS_RSP:
		return BOOK_ABTS;
	default:
		return BOOK_COMMAND;
	}
}

/**
 * port_answer() - Give a request back, or its result.
 * @p: port
 * @entry: 64 bytes
 * @by_mbox: the request came by mailbox 54h: the result overwrites it
 */
void port_answer(struct port *p, const uint8_t *entry, bool by_mbox)
{
	uint16_t out[CHIP_NR_MBOX] = { CHIP_MB_OK };

	if (!by_mbox) {
		book_return(p->jp, book_of(entry[HDR_TYPE]));
		chip_rsp_push(p->chip, entry);
		return;
	}
	if (pcidev_dma_write(p->dev, p->mbox_iova, entry, ENTRY_SIZE))
		out[0] = CHIP_MB_HOST_ERR;
	if (p->mbox_busy)
		p->mbox_status = out[0];
	else
		chip_mbox_done(p->chip, out);
}

/**
 * port_reject() - Give a request back unexecuted.
 * @p: port
 * @req: its first entry
 * @by_mbox: as port_answer()
 * @status: ENTRY_ST_*
 */
void port_reject(struct port *p, const uint8_t *req, bool by_mbox,
		 uint8_t status)
{
	uint8_t e[ENTRY_SIZE];

	if (!by_mbox) {
		book_return(p->jp, book_of(req[HDR_TYPE]));
		chip_entry_reject(p->chip, req, status);
		return;
	}
	memcpy(e, req, ENTRY_SIZE);
	e[HDR_STATUS] = status;
	port_answer(p, e, true);
}

static void op_timer(struct ev_timer *t)
{
	struct op *op = container_of(t, struct op, timer);

	op->rx(op, NULL);
}

/**
 * op_get() - Begin a request.
 * @p: port
 * @req: its first entry, copied; NULL: the firmware's own
 * @by_mbox: came by mailbox 54h
 *
 * Return: the request; ends by op_answer() or op_end().
 */
struct op *op_get(struct port *p, const uint8_t *req, bool by_mbox)
{
	struct op *op = p->free_op;

	if (op)
		p->free_op = op->next;
	else
		op = malloc(sizeof(*op));
	if (!op)
		abort();
	memset(op, 0, sizeof(*op));
	op->port = p;
	op->by_mbox = by_mbox;
	op->own = !req;
	if (req)
		memcpy(op->req, req, ENTRY_SIZE);
	ev_timer_init(&op->timer, p->ev, op_timer);
	op->next = p->ops;
	op->prev = &p->ops;
	if (p->ops)
		p->ops->prev = &op->next;
	p->ops = op;
	return op;
}

/**
 * op_end() - End a request without a word.
 * @op: request; gone afterwards
 */
void op_end(struct op *op)
{
	struct port *p = op->port;

	ev_timer_stop(&op->timer);
	if (op->ini && op->ini->abort == op)
		op->ini->abort = NULL;
	else if (op->ini)
		ini_put(p, op->ini);
	*op->prev = op->next;
	if (op->next)
		op->next->prev = op->prev;
	op->next = p->free_op;
	p->free_op = op;
}

/**
 * op_answer() - Answer with what is in @op->req, and end.
 * @op: request; gone afterwards
 */
void op_answer(struct op *op)
{
	struct port *p = op->port;
	uint8_t e[ENTRY_SIZE];
	bool by_mbox = op->by_mbox;
	bool own = op->own;

	memcpy(e, op->req, ENTRY_SIZE);
	op_end(op);
	if (!own)
		port_answer(p, e, by_mbox);
}

/**
 * op_end_all() - Forget all requests (chip reset).
 * @p: port
 */
void op_end_all(struct port *p)
{
	while (p->ops)
		op_end(p->ops);
}

/**
 * op_send() - Send a frame in a new exchange and wait for the answer.
 * @op: request; its exchange before is closed
 * @rp: remote port or NULL
 * @f: frame but for its OX_ID; gone afterwards
 * @timeout_ns: then @op->rx is called with NULL
 *
 * Return: 0; -ENOSPC: no exchange is left.
 */
int op_send(struct op *op, struct rport *rp, struct fab_frame *f,
	    uint64_t timeout_ns)
{
	struct port *p = op->port;
	struct ini *x;

	if (op->ini)
		ini_put(p, op->ini);
	x = ini_get(p, INI_OP);
	op->ini = x;
	if (!x) {
		fab_frame_put(p->fab, f);
		return -ENOSPC;
	}
	x->op = op;
	x->rp = rp;
	x->d_id = f->d_id;
	if (!op->own && !op->by_mbox)
		ini_set_handle(p, x, get_le32(op->req + HDR_HANDLE));
	xchg_deadline(p, &x->deadline_ns, timeout_ns);
	f->ox_id = x->ox_id;
	frame_tx(p, f);
	return 0;
}
