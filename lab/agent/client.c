// SPDX-License-Identifier: GPL-2.0
// The host's end of the lab's sockets: commands in a guest, ctl, QMP, console.
#include "proto.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define EXIT_LAB 125 /* the lab failed, not the command */
#define EXIT_TIMEOUT 124 /* as timeout(1) has it */
#define FREE_CHANNEL_MS 60000 /* how long all channels may be in use */
#define HELLO_AGAIN_MS 10000
#define ANSWER_MS 30000 /* ctl and QMP */
#define CONSOLE_ESCAPE 0x1d /* Ctrl-] */
#define TSC_LOOKS 9

static __attribute__((noreturn, format(printf, 2, 3))) void
fail(int status, const char *format, ...)
{
	va_list args;

	fputs("lab: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(status);
}

static long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int connect_to(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(addr.sun_path))
		fail(EXIT_LAB, "%s: path too long for a socket", path);
	strcpy(addr.sun_path, path);
	if (fd < 0 || connect(fd, (void *)&addr, sizeof(addr)) < 0)
		fail(EXIT_LAB, "%s: %s (is the lab up?)", path,
		     strerror(errno));
	return fd;
}

static void write_all(int fd, const void *data, size_t len)
{
	const char *at = data;

	while (len > 0) {
		ssize_t n = write(fd, at, len);
		struct pollfd p = { .fd = fd, .events = POLLOUT };

		if (n < 0 && errno == EAGAIN) {
			poll(&p, 1, -1);
			continue;
		}
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			exit(EXIT_LAB);
		at += n;
		len -= n;
	}
}

/* One command in a guest. */
struct session {
	int fd; /* the channel's socket, non-blocking */
	const char *vm;
	uint8_t nonce[LAB_NONCE_SIZE];
	bool greeted;
	bool stdin_open;
	long unacked; /* bytes of input that the command did not take yet */
	char *tx;
	size_t tx_len, tx_size;
	uint8_t rx[65536 + LAB_PAYLOAD_MAX];
	size_t rx_len;
};

static void queue_bytes(struct session *s, const void *data, size_t len)
{
	if (s->tx_len + len > s->tx_size) {
		s->tx_size = (s->tx_len + len) * 2;
		s->tx = realloc(s->tx, s->tx_size);
		if (!s->tx)
			fail(EXIT_LAB, "out of memory");
	}
	memcpy(s->tx + s->tx_len, data, len);
	s->tx_len += len;
}

static void queue_frame(struct session *s, enum lab_type type, const void *data,
			size_t len)
{
	struct lab_hdr hdr = { .magic = LAB_MAGIC, .type = type, .len = len };

	queue_bytes(s, &hdr, sizeof(hdr));
	queue_bytes(s, data, len);
}

static void queue_hello(struct session *s)
{
	static const char zeros[LAB_PAD];

	queue_bytes(s, zeros, sizeof(zeros));
	queue_frame(s, LAB_HELLO, s->nonce, sizeof(s->nonce));
}

static void queue_command(struct session *s, char **argv)
{
	size_t len, piece, total = 0;
	const char *word;

	for (; *argv; argv++) {
		word = *argv;
		len = strlen(word) + 1;
		total += len;
		for (; len > 0; len -= piece, word += piece) {
			piece = len < LAB_PAYLOAD_MAX ? len : LAB_PAYLOAD_MAX;
			queue_frame(s, LAB_ARGV, word, piece);
		}
	}
	if (total > LAB_ARGV_MAX)
		fail(EXIT_LAB, "the command line is longer than %d bytes",
		     LAB_ARGV_MAX);
	queue_frame(s, LAB_EXEC, "", 0);
}

static void got_frame(struct session *s, const struct lab_hdr *hdr,
		      const uint8_t *data)
{
	uint32_t value = 0;

	if (hdr->type == LAB_HELLO && hdr->len == LAB_NONCE_SIZE) {
		if (memcmp(data, s->nonce, LAB_NONCE_SIZE) == 0)
			s->greeted = true;
		else if (s->greeted)
			fail(EXIT_LAB, "%s restarted before the command ended",
			     s->vm);
		else
			queue_hello(s);
	}
	/* Before the greeting: the rest of what a dead client had asked for. */
	if (!s->greeted)
		return;
	if (hdr->len == sizeof(value))
		memcpy(&value, data, sizeof(value));
	switch (hdr->type) {
	case LAB_STDOUT:
		write_all(STDOUT_FILENO, data, hdr->len);
		break;
	case LAB_STDERR:
		write_all(STDERR_FILENO, data, hdr->len);
		break;
	case LAB_STDIN_ACK:
		s->unacked -= value;
		break;
	case LAB_EXIT:
		exit(value);
	}
}

static void parse(struct session *s)
{
	size_t at = 0;

	while (s->rx_len - at >= sizeof(struct lab_hdr)) {
		struct lab_hdr hdr;

		memcpy(&hdr, s->rx + at, sizeof(hdr));
		if (hdr.magic != LAB_MAGIC || hdr.len > LAB_PAYLOAD_MAX) {
			at++;
			continue;
		}
		if (s->rx_len - at < sizeof(hdr) + hdr.len)
			break;
		got_frame(s, &hdr, s->rx + at + sizeof(hdr));
		at += sizeof(hdr) + hdr.len;
	}
	s->rx_len -= at;
	memmove(s->rx, s->rx + at, s->rx_len);
}

/* Reads standard input as long as the guest keeps up with it. */
static void read_input(struct session *s)
{
	char data[LAB_PAYLOAD_MAX];
	ssize_t n = read(STDIN_FILENO, data, sizeof(data));

	if (n > 0) {
		queue_frame(s, LAB_STDIN, data, n);
		s->unacked += n;
	} else if (n == 0 || errno != EINTR) {
		queue_frame(s, LAB_STDIN_END, "", 0);
		s->stdin_open = false;
	}
}

/* One turn of the loop: waits up to @wait_ms and moves what can be moved. */
static void turn(struct session *s, int wait_ms)
{
	struct pollfd p[2] = {
		{ .fd = s->fd, .events = POLLIN },
		{ .fd = -1, .events = POLLIN },
	};
	ssize_t n;

	if (s->tx_len > 0)
		p[0].events |= POLLOUT;
	if (s->greeted && s->stdin_open &&
	    s->unacked + LAB_PAYLOAD_MAX <= LAB_WINDOW)
		p[1].fd = STDIN_FILENO;
	poll(p, 2, wait_ms);
	if (p[0].revents & POLLOUT) {
		n = write(s->fd, s->tx, s->tx_len);
		if (n > 0) {
			s->tx_len -= n;
			memmove(s->tx, s->tx + n, s->tx_len);
		}
	}
	if (p[0].revents & (POLLIN | POLLHUP)) {
		n = read(s->fd, s->rx + s->rx_len, sizeof(s->rx) - s->rx_len);
		if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
			fail(EXIT_LAB, "%s is gone before the command ended",
			     s->vm);
		if (n > 0) {
			s->rx_len += n;
			parse(s);
		}
	}
	if (p[1].revents)
		read_input(s);
}

/* Milliseconds to wait for @deadline (0: none), at most @most. */
static int wait_of(long deadline, int most)
{
	long left = deadline - now_ms();

	if (!deadline || left > most)
		return most;
	return left > 0 ? left : 0;
}

static void greet(struct session *s, long deadline)
{
	long again = 0;

	if (getrandom(s->nonce, sizeof(s->nonce), 0) != sizeof(s->nonce))
		fail(EXIT_LAB, "no random bytes");
	while (!s->greeted) {
		if (deadline && now_ms() >= deadline)
			fail(EXIT_TIMEOUT, "%s does not answer", s->vm);
		if (now_ms() >= again) {
			queue_hello(s);
			again = now_ms() + HELLO_AGAIN_MS;
		}
		turn(s, wait_of(deadline, wait_of(again, HELLO_AGAIN_MS)));
	}
}

/*
 * Takes a channel that no other client uses. Each channel's lock is a file
 * beside its socket, and ends with this process however that ends.
 */
static int take_channel(const char *prefix, const char *vm)
{
	long deadline = now_ms() + FREE_CHANNEL_MS;
	char path[256];
	int i, fd;

	for (;;) {
		for (i = 0;; i++) {
			snprintf(path, sizeof(path), "%s.%d.lock", prefix, i);
			fd = open(path, O_RDWR | O_CLOEXEC);
			if (fd < 0)
				break;
			if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
				snprintf(path, sizeof(path), "%s.%d", prefix,
					 i);
				return connect_to(path);
			}
			close(fd);
		}
		if (i == 0)
			fail(EXIT_LAB, "no machine '%s' in this lab", vm);
		if (now_ms() > deadline)
			fail(EXIT_LAB, "all %d channels of %s are in use", i,
			     vm);
		poll(NULL, 0, 50);
	}
}

/* exec PREFIX VM TIMEOUT_S STDIN? WORD...: timeout 0 means none. */
static int do_exec(char **args)
{
	static struct session s;
	long seconds = atol(args[2]);
	long deadline = seconds ? now_ms() + seconds * 1000 : 0;

	s.vm = args[1];
	s.fd = take_channel(args[0], s.vm);
	fcntl(s.fd, F_SETFL, O_NONBLOCK);
	s.stdin_open = strcmp(args[3], "stdin") == 0;
	greet(&s, deadline);
	queue_command(&s, args + 4);
	if (!s.stdin_open)
		queue_frame(&s, LAB_STDIN_END, "", 0);
	while (!deadline || now_ms() < deadline)
		turn(&s, wait_of(deadline, 60000));
	fail(EXIT_TIMEOUT, "%s: the command ran longer than %ld s", s.vm,
	     seconds);
}

/* Reads one line within the deadline; it stays valid until the next call. */
static const char *read_line(int fd, const char *path)
{
	static char *line;
	static size_t size, len, used;
	long deadline = now_ms() + ANSWER_MS;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char *end;
	ssize_t n;

	len -= used;
	if (line)
		memmove(line, line + used, len);
	used = 0;
	while (!line || !(end = memchr(line, '\n', len))) {
		if (len + 1 >= size) {
			size = size ? size * 2 : 65536;
			line = realloc(line, size);
			if (!line)
				fail(EXIT_LAB, "out of memory");
		}
		if (poll(&p, 1, wait_of(deadline, ANSWER_MS)) <= 0 &&
		    now_ms() >= deadline)
			fail(EXIT_TIMEOUT, "%s: no answer in %d s", path,
			     ANSWER_MS / 1000);
		n = read(fd, line + len, size - len - 1);
		if (n <= 0)
			fail(EXIT_LAB, "%s: hung up without an answer", path);
		len += n;
	}
	*end = '\0';
	used = end - line + 1;
	return line;
}

/* ctl SOCKET JSON: one line there, one line back. */
static int do_ctl(char **args)
{
	int fd = connect_to(args[0]);
	const char *line;

	write_all(fd, args[1], strlen(args[1]));
	write_all(fd, "\n", 1);
	line = read_line(fd, args[0]);
	puts(line);
	return strstr(line, "\"ok\":true") || strstr(line, "\"ok\": true") ? 0 :
									     1;
}

/* qmp SOCKET JSON: the same through QEMU's greeting, past its events. */
static int do_qmp(char **args)
{
	static const char hello[] = "{\"execute\":\"qmp_capabilities\"}\n";
	int fd = connect_to(args[0]);
	const char *line;

	read_line(fd, args[0]);
	write_all(fd, hello, strlen(hello));
	while (strncmp(read_line(fd, args[0]), "{\"return\"", 9) != 0)
		;
	write_all(fd, args[1], strlen(args[1]));
	write_all(fd, "\n", 1);
	do {
		line = read_line(fd, args[0]);
	} while (strncmp(line, "{\"return\"", 9) != 0 &&
		 strncmp(line, "{\"error\"", 8) != 0);
	puts(line);
	return strncmp(line, "{\"return\"", 9) != 0;
}

/* Ticks of this processor's counter; 0 where there is none. */
static uint64_t ticks(void)
{
#ifdef __x86_64__
	return __builtin_ia32_rdtsc();
#else
	return 0;
#endif
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

/*
 * tsc-khz: what the counter that TCG shows to guests runs at; the middle of some
 * looks, as any of them may have been interrupted.
 */
static int do_tsc_khz(char **args)
{
	const struct timespec pause = { .tv_nsec = 10000000 };
	uint64_t khz[TSC_LOOKS], from, began;
	size_t i;

	(void)args;
	for (i = 0; i < TSC_LOOKS; i++) {
		began = now_ns();
		from = ticks();
		nanosleep(&pause, NULL);
		khz[i] = (ticks() - from) * 1000000 / (now_ns() - began);
	}
	qsort(khz, TSC_LOOKS, sizeof(khz[0]), by_size);
	printf("%llu\n", (unsigned long long)khz[TSC_LOOKS / 2]);
	return 0;
}

static struct termios console_saved;

static void console_restore(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &console_saved);
}

/* console SOCKET: the terminal becomes the guest's serial line. */
static int do_console(char **args)
{
	struct pollfd p[2] = { { .fd = connect_to(args[0]), .events = POLLIN },
			       { .fd = STDIN_FILENO, .events = POLLIN } };
	struct termios raw;
	char data[4096];
	ssize_t n;

	if (tcgetattr(STDIN_FILENO, &console_saved) == 0) {
		atexit(console_restore);
		raw = console_saved;
		cfmakeraw(&raw);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	for (;;) {
		poll(p, 2, -1);
		if (p[0].revents) {
			n = read(p[0].fd, data, sizeof(data));
			if (n <= 0)
				return 0;
			write_all(STDOUT_FILENO, data, n);
		}
		if (p[1].revents) {
			n = read(STDIN_FILENO, data, sizeof(data));
			if (n <= 0 || memchr(data, CONSOLE_ESCAPE, n))
				return 0;
			write_all(p[0].fd, data, n);
		}
	}
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		int nr_args;
		int (*run)(char **args);
	} commands[] = {
		{ "exec", 5, do_exec },	      { "ctl", 2, do_ctl },
		{ "qmp", 2, do_qmp },	      { "console", 1, do_console },
		{ "tsc-khz", 0, do_tsc_khz },
	};
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (argc >= commands[i].nr_args + 2 &&
		    strcmp(argv[1], commands[i].name) == 0)
			return commands[i].run(argv + 2);
	}
	fail(2, "this program is a part of lab/lab, which see");
}
