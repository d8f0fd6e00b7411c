// SPDX-License-Identifier: GPL-2.0
/*
 * The management server: HBA and port attributes (FDMI), stored as registered
 * and given back on request, and port speeds (GPSC).
 */
#include <stdlib.h>

#include "fabric/fab_int.h"

/* Explanations of FDMI rejects. [FC-GS-5 6.4.4; qla_def.h CT_EXPL_*, O] */
#define FDMI_HBA_REGISTERED 0x10
#define FDMI_DUP_HBA_ATTR 0x12
#define FDMI_BAD_HBA_BLOCK 0x13
#define FDMI_NO_PORT_LIST 0x16
#define FDMI_NO_HBA 0x17
#define FDMI_PORT_REGISTERED 0x20
#define FDMI_NO_PORT 0x21
#define FDMI_DUP_PORT_ATTR 0x22
#define FDMI_BAD_PORT_BLOCK 0x23

#define FCS_NO_SUCH_PORT 0x01 /* invalid name for a port */

/* Port speed codes of GPSC. [FC-GS-5 6.2.3; qla_gs.c, O] */
#define SPEED_1G 0x8000
#define SPEED_2G 0x4000
#define SPEED_4G 0x2000
#define SPEED_8G 0x0800

#define ATTR_HDR 4U /* type and length, both 16 bits */

static uint16_t unable(uint8_t expl)
{
	return CT_RJT(CT_UNABLE, expl);
}

/* ---- attribute blocks ---- */

/* A type may come once; 256 bits cover all standard types. */
static bool seen_before(uint8_t *seen, uint16_t type)
{
	bool was = type < 256 && seen[type / 8] >> type % 8 & 1;

	if (type < 256)
		seen[type / 8] |= (uint8_t)(1U << type % 8);
	return was;
}

/**
 * parse_block() - Check a block: count, then entries of type, length, value.
 * @p: the count
 * @len: bytes from @p to the end of the request
 * @bad: explanation for a broken block
 * @dup: explanation for a repeated attribute
 * @blk: filled, pointing into @p
 *
 * Stock drivers give a longer request than they fill: a tail is no error.
 *
 * Return: 0 or a reject.
 */
static uint16_t parse_block(const uint8_t *p, uint32_t len, uint8_t bad,
			    uint8_t dup, struct fdmi_attr_block *blk)
{
	uint32_t count, i, pos = 4;
	uint8_t seen[32] = { 0 };

	if (len < 4)
		return unable(bad);
	count = get_be32(p);
	for (i = 0; i < count; i++) {
		uint16_t attr_len;

		if (len - pos < ATTR_HDR)
			return unable(bad);
		attr_len = get_be16(p + pos + 2);
		if (attr_len <= ATTR_HDR || attr_len > len - pos)
			return unable(bad);
		if (seen_before(seen, get_be16(p + pos)))
			return unable(dup);
		pos += attr_len;
	}
	blk->data = (uint8_t *)p + 4;
	blk->len = pos - 4;
	blk->count = count;
	return 0;
}

static void store_block(struct fdmi_attr_block *to,
			const struct fdmi_attr_block *from)
{
	uint8_t *data = malloc(from->len ? from->len : 1);

	if (!data)
		abort();
	memcpy(data, from->data, from->len);
	free(to->data);
	*to = *from;
	to->data = data;
}

static void put_block(struct ct_out *out, const struct fdmi_attr_block *blk)
{
	ct_put_be(out, blk->count, 4);
	ct_put(out, blk->data, blk->len);
}

/* ---- database ---- */

static struct fdmi_hba *find_hba(struct fab *fab, uint64_t id)
{
	struct fdmi_hba *hba;

	for (hba = fab->hbas; hba; hba = hba->next)
		if (hba->id == id)
			return hba;
	return NULL;
}

static struct fdmi_port *find_port(struct fab *fab, uint64_t name,
				   struct fdmi_hba **owner)
{
	struct fdmi_hba *hba;
	struct fdmi_port *port;

	for (hba = fab->hbas; hba; hba = hba->next)
		for (port = hba->ports; port; port = port->next)
			if (port->name == name) {
				if (owner)
					*owner = hba;
				return port;
			}
	return NULL;
}

static struct fdmi_port *add_port(struct fdmi_hba *hba, uint64_t name)
{
	struct fdmi_port **pos = &hba->ports;
	struct fdmi_port *port = calloc(1, sizeof(*port));

	if (!port)
		abort();
	port->name = name;
	while (*pos)
		pos = &(*pos)->next;
	*pos = port;
	return port;
}

static void free_port(struct fdmi_hba *hba, struct fdmi_port *port)
{
	struct fdmi_port **pos = &hba->ports;

	while (*pos != port)
		pos = &(*pos)->next;
	*pos = port->next;
	free(port->attr.data);
	free(port);
}

static void free_hba(struct fab *fab, struct fdmi_hba *hba)
{
	struct fdmi_hba **pos = &fab->hbas;

	while (*pos != hba)
		pos = &(*pos)->next;
	*pos = hba->next;
	while (hba->ports)
		free_port(hba, hba->ports);
	free(hba->attr.data);
	free(hba);
}

void fdmi_forget(struct fab *fab, uint64_t wwpn)
{
	struct fdmi_hba *hba = fab->hbas, *next;
	struct fdmi_port *port;

	for (; hba; hba = next) {
		next = hba->next;
		if (hba->owner == wwpn)
			free_hba(fab, hba);
	}
	port = find_port(fab, wwpn, &hba);
	if (port)
		free_port(hba, port);
}

/* ---- registration ---- */

/* Name number @i of the port list of RHBA. */
static uint64_t listed_port(const struct ct_req *req, size_t i)
{
	return get_be64(req->arg + 12 + 8 * i);
}

static uint16_t rhba(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	uint64_t id = get_be64(req->arg);
	uint32_t nr_ports = get_be32(req->arg + 8), i;
	uint32_t room = (req->arg_len - 12) / 8;
	struct fdmi_attr_block blk;
	struct fdmi_hba *hba;
	uint16_t rjt;

	(void)out;
	if (!nr_ports || nr_ports > room)
		return unable(FDMI_NO_PORT_LIST);
	if (find_hba(fab, id))
		return unable(FDMI_HBA_REGISTERED);
	rjt = parse_block(req->arg + 12 + (size_t)8 * nr_ports,
			  req->arg_len - 12 - 8 * nr_ports, FDMI_BAD_HBA_BLOCK,
			  FDMI_DUP_HBA_ATTR, &blk);
	if (rjt)
		return rjt;
	for (i = 0; i < nr_ports; i++)
		if (find_port(fab, listed_port(req, i), NULL))
			return unable(FDMI_PORT_REGISTERED);
	hba = calloc(1, sizeof(*hba));
	if (!hba)
		abort();
	hba->id = id;
	hba->owner = req->sp->ns.port_name;
	store_block(&hba->attr, &blk);
	for (i = 0; i < nr_ports; i++)
		add_port(hba, listed_port(req, i));
	hba->next = fab->hbas;
	fab->hbas = hba;
	return 0;
}

/* Attributes of a port that RHBA has listed. */
static uint16_t rpa(struct fab *fab, const struct ct_req *req,
		    struct ct_out *out)
{
	struct fdmi_port *port = find_port(fab, get_be64(req->arg), NULL);
	struct fdmi_attr_block blk;
	uint16_t rjt;

	(void)out;
	if (!port)
		return unable(FDMI_NO_PORT);
	rjt = parse_block(req->arg + 8, req->arg_len - 8, FDMI_BAD_PORT_BLOCK,
			  FDMI_DUP_PORT_ATTR, &blk);
	if (!rjt)
		store_block(&port->attr, &blk);
	return rjt;
}

/* One more port of an HBA, with its attributes. */
static uint16_t rprt(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_hba *hba = find_hba(fab, get_be64(req->arg));
	uint64_t name = get_be64(req->arg + 8);
	struct fdmi_attr_block blk;
	uint16_t rjt;

	(void)out;
	if (!hba)
		return unable(FDMI_NO_HBA);
	if (find_port(fab, name, NULL))
		return unable(FDMI_PORT_REGISTERED);
	rjt = parse_block(req->arg + 16, req->arg_len - 16, FDMI_BAD_PORT_BLOCK,
			  FDMI_DUP_PORT_ATTR, &blk);
	if (!rjt)
		store_block(&add_port(hba, name)->attr, &blk);
	return rjt;
}

static uint16_t dhba(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_hba *hba = find_hba(fab, get_be64(req->arg));

	(void)out;
	if (!hba)
		return unable(FDMI_NO_HBA);
	free_hba(fab, hba);
	return 0;
}

static uint16_t dprt(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_hba *hba = NULL;
	struct fdmi_port *port = find_port(fab, get_be64(req->arg), &hba);

	(void)out;
	if (!port)
		return unable(FDMI_NO_PORT);
	free_port(hba, port);
	return 0;
}

/* ---- reading back ---- */

static uint16_t grhl(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_hba *hba;
	uint32_t nr = 0;

	(void)req;
	for (hba = fab->hbas; hba; hba = hba->next)
		nr++;
	ct_put_be(out, nr, 4);
	for (hba = fab->hbas; hba; hba = hba->next)
		ct_put_be(out, hba->id, 8);
	return 0;
}

static void put_ports(struct ct_out *out, const struct fdmi_hba *hba)
{
	const struct fdmi_port *port;
	uint32_t nr = 0;

	for (port = hba->ports; port; port = port->next)
		nr++;
	ct_put_be(out, nr, 4);
	for (port = hba->ports; port; port = port->next)
		ct_put_be(out, port->name, 8);
}

static uint16_t ghat(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_hba *hba = find_hba(fab, get_be64(req->arg));

	if (!hba)
		return unable(FDMI_NO_HBA);
	put_ports(out, hba);
	put_block(out, &hba->attr);
	return 0;
}

static uint16_t grpl(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_hba *hba = find_hba(fab, get_be64(req->arg));

	if (!hba)
		return unable(FDMI_NO_HBA);
	put_ports(out, hba);
	return 0;
}

static uint16_t gpat(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	struct fdmi_port *port = find_port(fab, get_be64(req->arg), NULL);

	if (!port)
		return unable(FDMI_NO_PORT);
	put_block(out, &port->attr);
	return 0;
}

/* ---- fabric configuration server ---- */

static uint16_t gpsc(struct fab *fab, const struct ct_req *req,
		     struct ct_out *out)
{
	uint64_t slot = get_be64(req->arg) - FAB_FPORT_WWN;
	uint16_t able = SPEED_1G | SPEED_2G | SPEED_4G | SPEED_8G;
	const struct sw_port *sp;

	if (slot >= fab->nr_slots || !fab->sw[slot].id)
		return unable(FCS_NO_SUCH_PORT);
	sp = &fab->sw[slot];
	ct_put_be(out, able, 2);
	ct_put_be(out, sp->port->speed_gbps >= 8 ? SPEED_8G : SPEED_4G, 2);
	return 0;
}

/* [FC-GS-5 6.4.5, D] */
const struct ct_cmd fdmi_cmds[] = {
	{ 0x0100, "GRHL", 0, grhl },  { 0x0101, "GHAT", 8, ghat },
	{ 0x0102, "GRPL", 8, grpl },  { 0x0110, "GPAT", 8, gpat },
	{ 0x0200, "RHBA", 12, rhba }, { 0x0210, "RPRT", 16, rprt },
	{ 0x0211, "RPA", 8, rpa },    { 0x0300, "DHBA", 8, dhba },
	{ 0x0310, "DPRT", 8, dprt },
};

const size_t fdmi_nr_cmds = ARRAY_SIZE(fdmi_cmds);

/* [FC-GS-5 6.2.3, D] */
const struct ct_cmd fcs_cmds[] = {
	{ 0x0127, "GPSC", 8, gpsc },
};

const size_t fcs_nr_cmds = ARRAY_SIZE(fcs_cmds);
