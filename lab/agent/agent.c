// SPDX-License-Identifier: GPL-2.0
// The first process of a lab guest: runs what the host asks for, reaps the dead.
#include "proto.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define MAX_CHANNELS 16
#define KILL_GRACE_MS 500
#define HANGUP_MS 300 /* a hang-up that lasts so long is one */
#define PIPE_PIECES 64 /* reads that empty a full pipe for sure */

/* One process serves one channel; this is all it knows. */
struct chan {
	int port; /* the virtio port, non-blocking */
	int epoll;
	bool in_session; /* a HELLO came and nobody hung up since */
	uint8_t nonce[LAB_NONCE_SIZE];
	uint8_t rx[sizeof(struct lab_hdr) + LAB_PAYLOAD_MAX];
	size_t rx_len;
	char *argv_bytes;
	size_t argv_len;
	pid_t pid; /* of the command, 0 when none runs */
	int pidfd, in, out, err; /* -1 when closed */
	bool in_end; /* close @in once @pending is empty */
	uint8_t pending[LAB_WINDOW];
	size_t pending_len;
};

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static void watch(struct chan *c, int fd, uint32_t events)
{
	struct epoll_event ev = { .events = events, .data.fd = fd };

	if (epoll_ctl(c->epoll, EPOLL_CTL_ADD, fd, &ev) < 0 && errno == EEXIST)
		epoll_ctl(c->epoll, EPOLL_CTL_MOD, fd, &ev);
}

/* Ends the command, if any, and forgets all about it. */
static void stop_command(struct chan *c)
{
	struct pollfd p = { .fd = c->pidfd, .events = POLLIN };

	if (c->pid > 0) {
		kill(-c->pid, SIGTERM);
		poll(&p, 1, KILL_GRACE_MS);
		kill(-c->pid, SIGKILL);
		waitpid(c->pid, NULL, WNOHANG);
	}
	close_fd(&c->pidfd);
	close_fd(&c->in);
	close_fd(&c->out);
	close_fd(&c->err);
	c->pid = 0;
	c->argv_len = 0;
	c->pending_len = 0;
	c->in_end = false;
}

static void end_session(struct chan *c)
{
	c->in_session = false;
	stop_command(c);
}

/*
 * Has the host hung up for good? Hang-ups and the data of the next client come
 * by two queues, so the news of the last hang-up may arrive after the greeting
 * of the next client; then the news that somebody is there follows at once.
 */
static bool host_is_gone(struct chan *c)
{
	struct pollfd p = { .fd = c->port, .events = POLLOUT };
	int waited_ms;

	for (waited_ms = 0; waited_ms < HANGUP_MS; waited_ms += 10) {
		p.revents = 0;
		poll(&p, 1, 0);
		if (!(p.revents & (POLLHUP | POLLERR)))
			return false;
		poll(NULL, 0, 10);
	}
	return true;
}

/* Sends it all or ends the session: a host that hung up wants nothing more. */
static bool port_write(struct chan *c, const void *data, size_t len)
{
	const uint8_t *at = data;

	while (len > 0) {
		ssize_t n = write(c->port, at, len);
		struct pollfd p = { .fd = c->port, .events = POLLOUT };

		if (n > 0) {
			at += n;
			len -= n;
			continue;
		}
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return false;
		poll(&p, 1, 1000);
		if ((p.revents & (POLLHUP | POLLERR)) && host_is_gone(c))
			return false;
	}
	return true;
}

static void send_frame(struct chan *c, enum lab_type type, const void *data,
		       size_t len)
{
	uint8_t frame[sizeof(struct lab_hdr) + LAB_PAYLOAD_MAX];
	struct lab_hdr hdr = { .magic = LAB_MAGIC, .type = type, .len = len };

	if (!c->in_session)
		return;
	memcpy(frame, &hdr, sizeof(hdr));
	memcpy(frame + sizeof(hdr), data, len);
	if (!port_write(c, frame, sizeof(hdr) + len))
		end_session(c);
}

static void send_u32(struct chan *c, enum lab_type type, uint32_t value)
{
	send_frame(c, type, &value, sizeof(value));
}

static void send_text(struct chan *c, const char *text)
{
	send_frame(c, LAB_STDERR, text, strlen(text));
}

/* In the child: becomes the command, never returns. */
static void become(char **argv, int in, int out, int err)
{
	sigset_t none;

	setsid();
	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(err, STDERR_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	in = errno == ENOENT ? 127 : 126;
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(in);
}

static char **split_words(struct chan *c)
{
	size_t nr = 0, at = 0;
	char **argv;

	argv = calloc(c->argv_len + 1, sizeof(*argv));
	if (!argv)
		return NULL;
	while (at < c->argv_len) {
		argv[nr++] = c->argv_bytes + at;
		at += strlen(c->argv_bytes + at) + 1;
	}
	return argv;
}

static void start_command(struct chan *c)
{
	int in[2], out[2], err[2];
	char **argv;

	/* The byte behind the words ends the last one, whatever was sent. */
	c->argv_bytes[c->argv_len] = '\0';
	argv = split_words(c);
	if (!argv || !argv[0] || c->pid || pipe2(in, O_CLOEXEC) ||
	    pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC)) {
		free(argv);
		send_text(c, "lab agent: cannot start a command\n");
		send_u32(c, LAB_EXIT, 125);
		return;
	}
	c->pid = fork();
	if (c->pid == 0)
		become(argv, in[0], out[1], err[1]);
	free(argv);
	close(in[0]);
	close(out[1]);
	close(err[1]);
	c->in = in[1];
	c->out = out[0];
	c->err = err[0];
	if (c->pid < 0) {
		c->pid = 0;
		stop_command(c);
		send_text(c, "lab agent: fork failed\n");
		send_u32(c, LAB_EXIT, 125);
		return;
	}
	c->pidfd = syscall(SYS_pidfd_open, c->pid, 0);
	fcntl(c->in, F_SETFL, O_NONBLOCK);
	fcntl(c->out, F_SETFL, O_NONBLOCK);
	fcntl(c->err, F_SETFL, O_NONBLOCK);
	watch(c, c->pidfd, EPOLLIN);
	watch(c, c->out, EPOLLIN);
	watch(c, c->err, EPOLLIN);
}

/* Moves what the host sent into the command, as far as the pipe takes it. */
static void feed_command(struct chan *c)
{
	ssize_t n;

	while (c->in >= 0 && c->pending_len > 0) {
		n = write(c->in, c->pending, c->pending_len);
		if (n < 0 && errno == EAGAIN) {
			watch(c, c->in, EPOLLOUT | EPOLLONESHOT);
			return;
		}
		if (n < 0) {
			close_fd(&c->in);
			break;
		}
		c->pending_len -= n;
		memmove(c->pending, c->pending + n, c->pending_len);
		send_u32(c, LAB_STDIN_ACK, n);
	}
	if (c->in < 0 && c->pending_len > 0) {
		/* Nobody reads it any more; let the host go on all the same. */
		send_u32(c, LAB_STDIN_ACK, c->pending_len);
		c->pending_len = 0;
	}
	if (c->in_end && c->pending_len == 0)
		close_fd(&c->in);
}

/* Passes on one piece of output. False when there is none right now. */
static bool drain(struct chan *c, int *fd, enum lab_type type)
{
	uint8_t data[LAB_PAYLOAD_MAX];
	ssize_t n;

	if (*fd < 0)
		return false;
	n = read(*fd, data, sizeof(data));
	if (n > 0) {
		send_frame(c, type, data, n);
		return true;
	}
	if (n == 0 || errno != EAGAIN)
		close_fd(fd);
	return false;
}

/*
 * What the command wrote before its end is passed on; what it left running in
 * the background is not waited for.
 */
static void finish_command(struct chan *c)
{
	int status = 0, i;

	if (waitpid(c->pid, &status, WNOHANG) != c->pid)
		return;
	for (i = 0; i < PIPE_PIECES && drain(c, &c->out, LAB_STDOUT); i++)
		;
	for (i = 0; i < PIPE_PIECES && drain(c, &c->err, LAB_STDERR); i++)
		;
	c->pid = 0;
	stop_command(c);
	send_u32(c, LAB_EXIT,
		 WIFEXITED(status) ? WEXITSTATUS(status) :
				     128 + WTERMSIG(status));
}

static void got_hello(struct chan *c, const uint8_t *nonce)
{
	/* The host repeats its HELLO when the guest is slow to answer. */
	if (c->in_session && memcmp(c->nonce, nonce, LAB_NONCE_SIZE) == 0)
		return;
	stop_command(c);
	memcpy(c->nonce, nonce, LAB_NONCE_SIZE);
	c->in_session = true;
	send_frame(c, LAB_HELLO, nonce, LAB_NONCE_SIZE);
}

static void got_frame(struct chan *c, const struct lab_hdr *hdr,
		      const uint8_t *data)
{
	if (hdr->type == LAB_HELLO && hdr->len == LAB_NONCE_SIZE)
		got_hello(c, data);
	if (!c->in_session)
		return;
	switch (hdr->type) {
	case LAB_ARGV:
		if (c->argv_len + hdr->len <= LAB_ARGV_MAX) {
			memcpy(c->argv_bytes + c->argv_len, data, hdr->len);
			c->argv_len += hdr->len;
		}
		break;
	case LAB_EXEC:
		start_command(c);
		break;
	case LAB_STDIN:
		if (c->pending_len + hdr->len <= LAB_WINDOW) {
			memcpy(c->pending + c->pending_len, data, hdr->len);
			c->pending_len += hdr->len;
		}
		feed_command(c);
		break;
	case LAB_STDIN_END:
		c->in_end = true;
		feed_command(c);
		break;
	}
}

static bool hdr_is_sane(const struct lab_hdr *hdr)
{
	return hdr->magic == LAB_MAGIC && hdr->type > 0 &&
	       hdr->type < LAB_NR_TYPES && hdr->len <= LAB_PAYLOAD_MAX;
}

/* Takes the frames out of what came; skips bytes that begin none. */
static void parse(struct chan *c)
{
	size_t at = 0;

	while (c->rx_len - at >= sizeof(struct lab_hdr)) {
		struct lab_hdr hdr;

		memcpy(&hdr, c->rx + at, sizeof(hdr));
		if (!hdr_is_sane(&hdr)) {
			at++;
			continue;
		}
		if (c->rx_len - at < sizeof(hdr) + hdr.len)
			break;
		got_frame(c, &hdr, c->rx + at + sizeof(hdr));
		at += sizeof(hdr) + hdr.len;
	}
	c->rx_len -= at;
	memmove(c->rx, c->rx + at, c->rx_len);
}

/* The port is watched for edges, so it must be read until it is empty. */
static void port_read(struct chan *c)
{
	ssize_t n;

	for (;;) {
		n = read(c->port, c->rx + c->rx_len, sizeof(c->rx) - c->rx_len);
		if (n <= 0)
			break;
		c->rx_len += n;
		parse(c);
	}
}

static void handle_event(struct chan *c, int fd, uint32_t events)
{
	if (fd == c->port) {
		if (events & EPOLLIN)
			port_read(c);
		if ((events & EPOLLHUP) && host_is_gone(c))
			end_session(c);
	} else if (fd == c->out) {
		drain(c, &c->out, LAB_STDOUT);
	} else if (fd == c->err) {
		drain(c, &c->err, LAB_STDERR);
	} else if (fd == c->in) {
		feed_command(c);
	} else if (fd == c->pidfd) {
		finish_command(c);
	}
}

/*
 * Serves one port for ever. While no host is connected the port reads as hung
 * up all the time, so it is watched for edges and not for levels.
 */
static int serve(const char *path)
{
	static struct chan c = { .pidfd = -1, .in = -1, .out = -1, .err = -1 };
	struct epoll_event ev;

	signal(SIGPIPE, SIG_IGN);
	c.argv_bytes = malloc(LAB_ARGV_MAX + 1);
	c.port = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	c.epoll = epoll_create1(EPOLL_CLOEXEC);
	if (!c.argv_bytes || c.port < 0 || c.epoll < 0) {
		fprintf(stderr, "lab agent: %s: %s\n", path, strerror(errno));
		return 1;
	}
	watch(&c, c.port, EPOLLIN | EPOLLHUP | EPOLLET);
	/* Whoever waits for an answer of the guest's former life will get none. */
	c.in_session = true;
	send_frame(&c, LAB_HELLO, c.nonce, LAB_NONCE_SIZE);
	end_session(&c);
	port_read(&c);
	for (;;) {
		if (epoll_wait(c.epoll, &ev, 1, -1) == 1)
			handle_event(&c, ev.data.fd, ev.events);
	}
}

/* Fills @paths with the device nodes of the ports named lab.0, lab.1, ... */
static int find_ports(char paths[][64])
{
	DIR *dir = opendir("/sys/class/virtio-ports");
	struct dirent *d;
	int nr = 0;

	while (dir && nr < MAX_CHANNELS && (d = readdir(dir))) {
		char name[320], text[32] = "";
		FILE *f;

		snprintf(name, sizeof(name), "/sys/class/virtio-ports/%s/name",
			 d->d_name);
		f = fopen(name, "r");
		if (!f)
			continue;
		if (fgets(text, sizeof(text), f) &&
		    strncmp(text, "lab.", 4) == 0 && text[4] >= '0' &&
		    text[4] <= '9')
			snprintf(paths[nr++], 64, "/dev/%.50s", d->d_name);
		fclose(f);
	}
	if (dir)
		closedir(dir);
	return nr;
}

int main(void)
{
	static char paths[MAX_CHANNELS][64];
	pid_t pids[MAX_CHANNELS] = { 0 };
	struct timespec now;
	int i, nr;

	setenv("PATH", "/lab/bin:/usr/sbin:/usr/bin:/sbin:/bin", 1);
	setenv("HOME", "/root", 1);
	setenv("LC_ALL", "C.UTF-8", 1);
	setenv("TERM", "linux", 0);
	if (chdir("/root") < 0)
		perror("lab agent: /root");
	nr = find_ports(paths);
	clock_gettime(CLOCK_BOOTTIME, &now);
	printf("lab: ready after %ld.%ld s with %d channels\n",
	       (long)now.tv_sec, now.tv_nsec / 100000000, nr);
	fflush(stdout);
	for (;;) {
		pid_t gone;

		for (i = 0; i < nr; i++) {
			if (pids[i])
				continue;
			pids[i] = fork();
			if (pids[i] == 0)
				_exit(serve(paths[i]));
		}
		gone = waitpid(-1, NULL, 0);
		for (i = 0; i < nr; i++) {
			if (gone > 0 && pids[i] == gone)
				pids[i] = 0;
		}
		if (gone < 0)
			sleep(1);
	}
}
