// SPDX-License-Identifier: GPL-2.0
/* The control commands: answers, refusals with hints, and the socket. */
#include "mini.h"
#include "tap.h"

#include "ctl/cmds.h"
#include "ctl/ctl.h"
#include "fault/fault.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static struct model m;
static cJSON *last;

/* Carry out one command; the answer stays in @last until the next. */
static bool run(const char *line)
{
	cJSON_Delete(last);
	last = ctl_run(&m, line);
	return cJSON_IsTrue(cJSON_GetObjectItem(last, "ok"));
}

/* Is it refused, with a sentence that contains @word? */
static bool refused(const char *line, const char *word)
{
	const cJSON *error, *hint;

	if (run(line))
		return false;
	error = cJSON_GetObjectItem(last, "error");
	hint = cJSON_GetObjectItem(last, "hint");
	return cJSON_IsString(error) &&
	       (strstr(error->valuestring, word) ||
		(cJSON_IsString(hint) && strstr(hint->valuestring, word)));
}

/* Member at a path such as "ports/target.0/link" of the last answer. */
static const cJSON *at(const char *path)
{
	const cJSON *v = last;
	char part[64];

	while (v && *path) {
		size_t len = strcspn(path, "/");

		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		v = cJSON_IsArray(v) ?
			    cJSON_GetArrayItem(v, atoi(part)) :
			    cJSON_GetObjectItemCaseSensitive(v, part);
		path += len + (path[len] == '/');
	}
	return v;
}

static double num(const char *path)
{
	const cJSON *v = at(path);

	return cJSON_IsNumber(v) ? v->valuedouble : -1;
}

static bool is_str(const char *path, const char *want)
{
	const cJSON *v = at(path);

	return cJSON_IsString(v) && !strcmp(v->valuestring, want);
}

static void begin(void)
{
	mini_start(&m, EV_CLOCK_VIRTUAL);
}

static void end(void)
{
	cJSON_Delete(last);
	last = NULL;
	mini_stop(&m);
}

static void test_ping(void)
{
	begin();
	ok(run("{\"cmd\":\"ping\"}"));
	ok(is_str("version", MODEL_VERSION));
	ok(num("uptime_ms") == 0);
	ok(is_str("ports/0", "target.0") && is_str("ports/1", "target.1") &&
	   is_str("ports/2", "initiator.0"));
	ok(run("{\"cmd\":\"help\"}"));
	ok(cJSON_GetArraySize(at("commands")) > 10);
	end();
}

static void test_refusals(void)
{
	begin();
	ok(refused("", "JSON"));
	ok(refused("nonsense", "JSON"));
	ok(refused("[1,2]", "JSON"));
	ok(refused("\"ping\"", "JSON"));
	ok(refused("{}", "cmd"));
	ok(refused("{\"cmd\":5}", "cmd"));
	ok(refused("{\"cmd\":\"fly\"}", "help"));
	ok(refused("{\"cmd\":\"ping\",\"port\":\"target.0\"}", "member"));
	ok(refused("{\"cmd\":\"state\",\"prot\":\"target.0\"}", "port"));
	ok(refused("{\"cmd\":\"state\",\"port\":\"target\"}", "target.0"));
	ok(refused("{\"cmd\":\"state\",\"port\":7}", "string"));
	ok(refused("{\"cmd\":\"trace\",\"last\":-1}", "last"));
	ok(refused("{\"cmd\":\"trace\",\"last\":1.5}", "last"));
	ok(refused("{\"cmd\":\"trace\",\"last\":1e300}", "last"));
	ok(refused("{\"cmd\":\"trace\",\"last\":\"1\"}", "last"));
	ok(refused("{\"cmd\":\"counters\",\"reset\":1}", "true or false"));
	ok(refused("{\"cmd\":\"label\",\"port\":\"target.0\",\"who\":\"me\"}",
		   "stock"));
	ok(refused("{\"cmd\":\"link\",\"port\":\"target.0\"}", "state"));
	ok(refused("{\"cmd\":\"link\",\"port\":\"target.0\",\"state\":\"x\"}",
		   "up or down"));
	ok(refused("{\"cmd\":\"rscn\",\"port\":\"target.0\"}", "link"));
	ok(refused("{\"cmd\":\"zone\",\"zone\":1}", "port"));
	ok(refused("{\"cmd\":\"zone\",\"port\":\"target.0\",\"zone\":33}",
		   "zone"));
	ok(refused("{\"cmd\":\"lip\",\"port\":\"target.0\"}", "loop"));
	ok(refused("{\"cmd\":\"lip\",\"port\":\"target.0\",\"kind\":\"x\"}",
		   "init"));
	ok(refused("{\"cmd\":\"fault\"}", "what"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"rot\"}", "corrupt"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"drop\",\"frame\":\"x\"}",
		   "xfer_rdy"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"drop\",\"nth\":0}", "nth"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"delay\"}", "ms"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"drop\",\"from\":\"x\"}",
		   "ping"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"fw_hang\"}", "port"));
	ok(refused("{\"cmd\":\"fault\",\"what\":\"fw_hang\",\"nth\":1,"
		   "\"port\":\"target.0\"}",
		   "frames"));
	ok(refused("{\"cmd\":\"prli_delay\",\"port\":\"target.0\","
		   "\"ms\":99999999999}",
		   "ms"));
	end();
}

static void test_counters(void)
{
	begin();
	m.cards[0]->dev[0].jp->n.reg_reads[0x1c / 2] = 3;
	m.cards[0]->dev[0].jp->n.reg_reads[0x44 / 2] = 4;
	m.cards[0]->dev[0].jp->n.irqs[1] = 5;
	m.cards[0]->dev[0].jp->n.irqs_intx = 1;
	m.cards[0]->dev[0].jp->n.entries_in[0x18] = 6;
	m.cards[0]->dev[0].jp->n.mbox[0x69] = 7;
	m.cards[0]->dev[0].jp->n.ctio_status[0x29] = 8;
	m.cards[0]->dev[0].jp->n.cmd_status[0x15] = 9;
	ok(run("{\"cmd\":\"counters\",\"port\":\"target.0\"}"));
	ok(num("ports/target.0/reg_reads/1C") == 3);
	ok(num("ports/target.0/reg_reads_total") == 7);
	ok(num("ports/target.0/reg_writes_total") == 0);
	ok(num("ports/target.0/irqs/0") == 0);
	ok(num("ports/target.0/irqs/1") == 5);
	ok(num("ports/target.0/irqs/intx") == 1);
	ok(num("ports/target.0/irqs_total") == 6);
	ok(num("ports/target.0/entries_in/18") == 6);
	ok(num("ports/target.0/mbox/0069") == 7);
	ok(num("ports/target.0/ctio_status/29") == 8);
	ok(num("ports/target.0/cmd_status/15") == 9);
	ok(num("ports/target.0/fcp_cmds_tgt") == 0);
	ok(!at("ports/target.1"));
	ok(run("{\"cmd\":\"counters\",\"reset\":true}"));
	ok(num("ports/target.0/irqs/1") == 5);
	ok(num("ports/target.1/irqs_total") == 0);
	ok(run("{\"cmd\":\"counters\"}"));
	ok(num("ports/target.0/irqs/1") == 0);
	end();
}

static void test_state(void)
{
	begin();
	ok(run("{\"cmd\":\"state\"}"));
	ok(is_str("ports/target.0/chip", "2532"));
	ok(is_str("ports/initiator.0/chip", "2432"));
	ok(is_str("ports/target.0/link", "down"));
	ok(is_str("ports/target.0/irq_mode", "intx"));
	ok(num("ports/target.0/open_exchanges_tgt") == 0);
	ok(cJSON_IsFalse(at("ports/target.0/vm_connected")));
	ok(run("{\"cmd\":\"label\",\"port\":\"target.0\",\"who\":\"ours\"}"));
	ok(run("{\"cmd\":\"state\",\"port\":\"target.0\"}"));
	ok(is_str("ports/target.0/label", "ours"));
	ok(!at("ports/target.1"));
	end();
}

static void test_books(void)
{
	struct judge_port *jp;

	begin();
	jp = m.cards[0]->dev[1].jp;
	ok(run("{\"cmd\":\"books\"}") && cJSON_IsTrue(at("balanced")));
	book_give(jp, BOOK_CTIO);
	ok(run("{\"cmd\":\"books\"}") && cJSON_IsFalse(at("balanced")));
	ok(cJSON_IsTrue(at("ports/target.0/balanced")));
	ok(cJSON_IsFalse(at("ports/target.1/balanced")));
	ok(num("ports/target.1/ctio/open") == 1);
	book_return(jp, BOOK_CTIO);
	ok(run("{\"cmd\":\"books\"}") && cJSON_IsTrue(at("balanced")));
	ok(num("ports/target.1/ctio/given") == 1);
	end();
}

static void test_trace(void)
{
	struct judge_port *jp;
	unsigned int i;

	begin();
	jp = m.cards[1]->dev[0].jp;
	/* Later than what power-on left in the other ports' traces. */
	ev_run_until(m.ev, EV_MS);
	for (i = 0; i < TRACE_LEN + 100; i++)
		trace_add(jp, TRACE_MBOX, i, 1, 2, 3);
	ok(run("{\"cmd\":\"trace\",\"last\":3}"));
	ok(cJSON_GetArraySize(at("trace")) == 3);
	ok(num("trace/2/opcode") == TRACE_LEN + 99);
	ok(num("trace/0/opcode") == TRACE_LEN + 97);
	ok(is_str("trace/0/what", "mbox"));
	ok(is_str("trace/0/port", "initiator.0"));
	ok(run("{\"cmd\":\"trace\",\"last\":1000000,"
	       "\"port\":\"initiator.0\"}"));
	ok(cJSON_GetArraySize(at("trace")) == TRACE_LEN);
	judge_raise(jp, VERDICT_DMA_PROT, "here");
	ok(run("{\"cmd\":\"trace\",\"last\":1}"));
	ok(is_str("trace/0/name", "DMA_PROT"));
	end();
}

static void test_verdicts(void)
{
	begin();
	ok(run("{\"cmd\":\"verdicts\"}") && num("total") == 0);
	judge_raise(m.cards[0]->dev[0].jp, VERDICT_DMA_PROT, "at %d", 5);
	judge_raise(m.cards[0]->dev[0].jp, VERDICT_DMA_PROT, "at %d", 6);
	ok(run("{\"cmd\":\"verdicts\",\"clear\":true}") && num("total") == 2);
	ok(is_str("verdicts/0/name", "DMA_PROT"));
	ok(is_str("verdicts/0/port", "target.0"));
	ok(is_str("verdicts/0/first_detail", "at 5"));
	ok(num("verdicts/0/count") == 2);
	ok(run("{\"cmd\":\"verdicts\"}") && num("total") == 0);
	end();
}

static void test_coverage(void)
{
	const cJSON *e;
	bool found = false;

	begin();
	m.cards[0]->dev[0].jp->who = COVER_OURS;
	cover_hit(m.cards[0]->dev[0].jp, COVER_MBOX, 0x69);
	ok(run("{\"cmd\":\"coverage\"}"));
	cJSON_ArrayForEach(e, at("coverage")) {
		const cJSON *code = cJSON_GetObjectItem(e, "code");
		const cJSON *kind = cJSON_GetObjectItem(e, "kind");

		if (strcmp(code->valuestring, "0069") != 0 ||
		    strcmp(kind->valuestring, "mbox") != 0)
			continue;
		found = true;
		ok(cJSON_GetObjectItem(e, "ours")->valuedouble == 1);
		ok(cJSON_GetObjectItem(e, "stock")->valuedouble == 0);
	}
	ok(found);
	end();
}

static void test_faults(void)
{
	begin();
	ok(run("{\"cmd\":\"fault\",\"what\":\"delay\",\"frame\":\"cmnd\","
	       "\"nth\":3,\"count\":2,\"ms\":50,\"from\":\"initiator.0\"}"));
	ok(num("id") > 0);
	ok(run("{\"cmd\":\"fault\",\"what\":\"all_ones\","
	       "\"port\":\"target.1\"}"));
	ok(m.cards[0]->dev[1].gone && !m.cards[0]->dev[0].gone);
	ok(run("{\"cmd\":\"faults\"}"));
	ok(is_str("frames/0/what", "delay") &&
	   is_str("frames/0/frame", "cmnd"));
	ok(num("frames/0/nth") == 3 && num("frames/0/count") == 2);
	ok(num("frames/0/ms") == 50 && num("frames/0/fired") == 0);
	ok(is_str("frames/0/from", "initiator.0"));
	ok(is_str("ports/0/port", "target.1"));
	ok(is_str("ports/0/what", "all_ones"));
	ok(run("{\"cmd\":\"fault\",\"what\":\"all_ones\","
	       "\"port\":\"target.1\",\"clear\":true}"));
	ok(!m.cards[0]->dev[1].gone);
	ok(run("{\"cmd\":\"faults\",\"clear\":true}"));
	ok(run("{\"cmd\":\"faults\"}"));
	ok(cJSON_GetArraySize(at("frames")) == 0);
	ok(run("{\"cmd\":\"prli_delay\",\"port\":\"target.0\",\"ms\":500}"));
	ok(run("{\"cmd\":\"link\",\"port\":\"target.0\",\"state\":\"down\","
	       "\"ms\":100}"));
	ok(num("open_exchanges") == 0);
	end();
}

/* ---- the socket ---- */

static struct ctl *ctl;
static char path[64];

static int dial(void)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(addr.sun_path, sizeof(addr.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&addr, sizeof(addr)))
		return -1;
	return fd;
}

/* Run the loop, and read up to @len bytes if any are there. */
static size_t take(int fd, char *buf, size_t len)
{
	size_t got = 0;
	unsigned int i;

	for (i = 0; i < 40; i++) {
		ssize_t n;

		ev_run_until(m.ev, ev_now_ns(m.ev) + EV_MS / 4);
		n = recv(fd, buf + got, len - 1 - got, MSG_DONTWAIT);
		if (n > 0)
			got += (size_t)n;
		if (n == 0)
			break;
	}
	buf[got] = '\0';
	return got;
}

static void say(int fd, const char *text, size_t len)
{
	while (len) {
		ssize_t n = send(fd, text, len, MSG_DONTWAIT | MSG_NOSIGNAL);

		if (n > 0) {
			text += n;
			len -= (size_t)n;
		} else if (errno != EAGAIN) {
			return;
		}
		ev_run_until(m.ev, ev_now_ns(m.ev) + EV_MS / 4);
	}
}

static unsigned int lines(const char *text)
{
	unsigned int nr = 0;

	for (; *text; text++)
		nr += *text == '\n';
	return nr;
}

static void test_socket(void)
{
	static const char two[] = "{\"cmd\":\"ping\"}\n{\"cmd\":\"pi";
	static char buf[1 << 20];
	static char junk[200000];
	struct ctl *other;
	int fd, fd2;

	mini_start(&m, EV_CLOCK_REAL);
	snprintf(path, sizeof(path), "/tmp/ctl_test.%d", getpid());
	ok(!ctl_new(&m, path, &ctl));
	ok(ctl_new(&m, path, &other) == -EADDRINUSE);
	fd = dial();
	fd2 = dial();
	ok(fd >= 0 && fd2 >= 0);
	say(fd, two, strlen(two));
	ok(take(fd, buf, sizeof(buf)) && lines(buf) == 1);
	say(fd2, "\n\n{}\n", 5);
	ok(take(fd2, buf, sizeof(buf)) && lines(buf) == 1);
	ok(strstr(buf, "\"ok\":false"));
	say(fd, "ng\"}\n", 5);
	ok(take(fd, buf, sizeof(buf)) && strstr(buf, "\"ok\":true"));
	/* A NUL in a line, and a line that never ends. */
	say(fd, "{\"cmd\"\0:\"ping\"}\n", 16);
	ok(take(fd, buf, sizeof(buf)) && strstr(buf, "\"ok\":false"));
	memset(junk, '[', sizeof(junk));
	say(fd, junk, sizeof(junk));
	take(fd, buf, sizeof(buf));
	ok(strstr(buf, "\"ok\":false"));
	close(fd);
	/* Ask and hang up: the other client is still served. */
	fd = dial();
	say(fd, "{\"cmd\":\"counters\"}\n", 19);
	close(fd);
	say(fd2, "{\"cmd\":\"ping\"}\n", 15);
	ok(take(fd2, buf, sizeof(buf)) && strstr(buf, "\"ok\":true"));
	/* Half closed: the answer still comes, then the end. */
	say(fd2, "{\"cmd\":\"ping\"}\n", 15);
	shutdown(fd2, SHUT_WR);
	ok(take(fd2, buf, sizeof(buf)) && strstr(buf, "\"ok\":true"));
	ok(recv(fd2, buf, 1, MSG_DONTWAIT) == 0);
	close(fd2);
	ctl_free(ctl);
	ok(access(path, F_OK) != 0);
	mini_stop(&m);
}

static void test_quit(void)
{
	static char buf[256];
	uint64_t start;
	int fd;

	mini_start(&m, EV_CLOCK_REAL);
	snprintf(path, sizeof(path), "/tmp/ctl_test.%d", getpid());
	ok(!ctl_new(&m, path, &ctl));
	fd = dial();
	ok(send(fd, "{\"cmd\":\"quit\"}\n", 15, 0) == 15);
	start = ev_now_ns(m.ev);
	ev_run_until(m.ev, start + 10 * EV_SEC);
	ok(ev_now_ns(m.ev) < start + 5 * EV_SEC);
	ctl_free(ctl);
	ok(recv(fd, buf, sizeof(buf) - 1, MSG_DONTWAIT) > 0);
	ok(strstr(buf, "\"ok\":true"));
	close(fd);
	mini_stop(&m);
}

/* Nobody stands in the way of the other clients by not listening. */
static void test_deaf(void)
{
	static const char line[] = "{\"cmd\":\"coverage\"}\n";
	static char buf[1 << 20];
	unsigned int i;
	int deaf, fd;

	mini_start(&m, EV_CLOCK_REAL);
	snprintf(path, sizeof(path), "/tmp/ctl_test.%d", getpid());
	ok(!ctl_new(&m, path, &ctl));
	deaf = dial();
	for (i = 0; i < 100; i++)
		say(deaf, line, strlen(line));
	fd = dial();
	say(fd, "{\"cmd\":\"ping\"}\n", 15);
	ok(take(fd, buf, sizeof(buf)) && strstr(buf, "\"ok\":true"));
	close(fd);
	close(deaf);
	ctl_free(ctl);
	mini_stop(&m);
}

static void test_cards(void)
{
	static const char *const bad[] = {
		"",
		"name=a",
		"chip=2532",
		"name=,chip=2532",
		"name=a,chip=2600",
		"name=a/b,chip=2532",
		"name=a,chip=2532,ports=0",
		"name=a,chip=2532,ports=3",
		"name=a,chip=2532,rev=256",
		"name=a,chip=2532,wwpn=21",
		"name=a,chip=2532,subvendor=12345",
		"name=a,chip=2532,irq=no",
		"name=a,chip=2532,nvram=good",
		"name=a,chip=2532,colour=red",
		"name=a,chip=2532,flag",
		"name=0123456789012345678901234,chip=2532",
		"name=a,chip=2532,wwpn=000000000000000g",
	};
	struct card_spec s;
	char err[128];
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		err[0] = '\0';
		ok(card_spec_parse(&s, bad[i], err, sizeof(err)) == -EINVAL);
		ok(err[0]);
	}
	ok(!card_spec_parse(&s, "name=a,chip=2432", err, sizeof(err)));
	ok(s.revision == 3 && s.nr_ports == 1 && s.irq == PCIDEV_IRQ_MSIX);
	ok(card_wwpn(&s, 0) >> 24 == 0x2100001b32);
	ok(card_wwpn(&s, 1) >> 24 == 0x2101001b32);
	ok(card_wwnn(&s, 0) >> 24 == 0x2000001b32);
	card_spec_free(&s);
	ok(!card_spec_parse(&s,
			    "name=b,chip=2532,wwpn=2100001b32000001,rev=7,"
			    "ports=2,socket=/x,flash-fw=/y,irq=msi,nvram=bad",
			    err, sizeof(err)));
	ok(card_wwpn(&s, 0) == 0x2100001b32000001 && s.revision == 7);
	ok(s.nvram_bad && s.irq == PCIDEV_IRQ_MSI && s.nr_ports == 2);
	ok(!strcmp(s.socket, "/x") && !strcmp(s.flash_fw, "/y"));
	ok(!card_new(&s, NULL, NULL, NULL, NULL, err, sizeof(err)));
	card_spec_free(&s);
}

int main(void)
{
	tap_run(test_ping, "ping and help");
	tap_run(test_refusals, "what is not understood is refused with a hint");
	tap_run(test_counters, "counters: keys, totals, reset");
	tap_run(test_state, "state and label");
	tap_run(test_books, "books balance or do not");
	tap_run(test_trace, "trace: newest last, all ports merged");
	tap_run(test_verdicts, "verdicts: first detail, clear");
	tap_run(test_coverage, "coverage by label");
	tap_run(test_faults, "faults of frames and ports, link, prli_delay");
	tap_run(test_socket, "socket: lines, pieces, junk, half closed");
	tap_run(test_quit, "quit ends the loop and is still answered");
	tap_run(test_deaf, "a client that does not listen harms nobody");
	tap_run(test_cards, "descriptions of cards");
	return tap_end();
}
