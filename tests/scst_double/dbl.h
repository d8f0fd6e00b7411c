/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The test double of SCST: what its files share.
 *
 * LOCKING
 *   dbl_mutex  targets, groups, devices, LUN maps, the lists of sessions:
 *              whoever changes or walks them in process context. Never held
 *              while a driver is called that may call back.
 *   dbl_lock   the same lists for readers that cannot sleep, commands,
 *              functions, unit attentions, reservations. Taken with
 *              interrupts off; no driver is called under it.
 *   dbl_abort_lock  held, interrupts off, around on_abort_cmd() alone, as
 *              SCST holds its session lists there.
 *
 * LIFETIME
 *   Commands and sessions keep their memory in a quarantine after their end,
 *   so that a late call by a driver is a named violation and no corruption.
 */
#ifndef DBL_H
#define DBL_H

#include <linux/kref.h>
#include <linux/mutex.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "dbl_bytes.h"
#include "include/scst.h"

#define DBL_MAGIC_CMD 0x64636d64
#define DBL_MAGIC_SESS 0x64736573
#define DBL_MAGIC_TGT 0x64746774

/* Bytes of a transport id [SPC-4 7.6.4]; unit attentions kept per LUN. */
#define DBL_TID_LEN 24
#define DBL_MAX_UA 8
/* Commands that a late call can still name. */
#define DBL_QUARANTINE 512

/**
 * struct dbl_dir - a directory in sysfs that is nothing else
 * @kobj:  the directory
 * @owner: what its files are about
 */
struct dbl_dir {
	struct kobject kobj;
	void *owner;
};

/**
 * enum dbl_rule - the clauses of the contract, numbered as they are reported
 * @DBL_RULE_TEMPLATE:  1 what a template must and must not have
 * @DBL_RULE_ORDER:     2 sessions end before targets before templates
 * @DBL_RULE_SLEEP:     3 calls that sleep come from where sleeping is allowed
 * @DBL_RULE_CONTEXT:   4 the context argument is true
 * @DBL_RULE_DEAD_SESS: 5 nothing for a session that is being unregistered
 * @DBL_RULE_CMD_STATE: 6 each call once, in its time
 * @DBL_RULE_INIT:      7 a command is complete at scst_cmd_init_done()
 * @DBL_RULE_CALLBACK:  8 callbacks leave the context as they found it
 * @DBL_RULE_ABORTED:   9 aborted commands are not answered
 * @DBL_RULE_ANSWER:   10 an answer has all its parts
 * @DBL_RULE_TMF:      11 functions name what they are for
 * @DBL_RULE_HELD:     12 aborted commands are given back
 * @DBL_RULE_TID:      13 transport ids
 * @DBL_RULE_ENABLE:   14 enabling and disabling
 * @DBL_NR_RULES:      one more than the last
 */
enum dbl_rule {
	DBL_RULE_TEMPLATE = 1,
	DBL_RULE_ORDER,
	DBL_RULE_SLEEP,
	DBL_RULE_CONTEXT,
	DBL_RULE_DEAD_SESS,
	DBL_RULE_CMD_STATE,
	DBL_RULE_INIT,
	DBL_RULE_CALLBACK,
	DBL_RULE_ABORTED,
	DBL_RULE_ANSWER,
	DBL_RULE_TMF,
	DBL_RULE_HELD,
	DBL_RULE_TID,
	DBL_RULE_ENABLE,
	DBL_NR_RULES,
};

/**
 * enum dbl_handler - device handlers by the names that SCST has
 * @DBL_FILEIO:  vdisk_fileio
 * @DBL_BLOCKIO: vdisk_blockio
 * @DBL_NULLIO:  vdisk_nullio: writes are forgotten
 * @DBL_NR_HANDLERS: how many
 */
enum dbl_handler {
	DBL_FILEIO,
	DBL_BLOCKIO,
	DBL_NULLIO,
	DBL_NR_HANDLERS,
};

/**
 * struct dbl_registrant - one registration of persistent reservations
 * @entry: in dbl_dev.registrants
 * @tid:   transport id of the initiator
 * @tgt_id: relative target port id
 * @key:   reservation key
 */
struct dbl_registrant {
	struct list_head entry;
	u8 tid[DBL_TID_LEN];
	u16 tgt_id;
	u64 key;
};

/**
 * struct dbl_dev - a disk in memory
 * @entry:       in dbl_devs, protected by dbl_mutex
 * @dir:         directory under devices/
 * @exported:    its directory of links
 * @name:        name
 * @handler:     handler
 * @filename:    as given, "" for nullio
 * @block_size:  bytes
 * @nr_blocks:   size
 * @size_given:  the size was in the add_device line
 * @read_only:   writes are refused
 * @nv_cache:    as given
 * @write_through: as given
 * @rotational:  as given
 * @removable:   as given
 * @thin:        as given
 * @t10_id:      T10 vendor identification
 * @usn:         unit serial number
 * @prod_id:     product identification
 * @pages:       contents by page index
 * @nr_cmds:     commands that use it, protected by dbl_lock
 * @idle:        woken when nr_cmds gets 0
 * @registrants: protected by dbl_lock
 * @holder:      registrant that holds the reservation, or NULL
 * @pr_type:     type of the reservation
 * @pr_gen:      generation
 * @reserved_by: session with a RESERVE of SPC-2, or NULL
 */
struct dbl_dev {
	struct list_head entry;
	struct dbl_dir *dir;
	struct dbl_dir *exported;
	char name[SCST_MAX_NAME];
	enum dbl_handler handler;
	char filename[128];
	u32 block_size;
	u64 nr_blocks;
	bool size_given;
	bool read_only;
	bool nv_cache;
	bool write_through;
	bool rotational;
	bool removable;
	bool thin;
	char t10_id[32];
	char usn[32];
	char prod_id[17];
	struct xarray pages;
	unsigned int nr_cmds;
	wait_queue_head_t idle;
	struct list_head registrants;
	struct dbl_registrant *holder;
	u8 pr_type;
	u32 pr_gen;
	struct dbl_sess *reserved_by;
};

/**
 * struct dbl_lun - a device in a group's LUN map
 * @entry:     in dbl_acg.luns
 * @acg:       group
 * @dev:       device
 * @lun:       number
 * @read_only: for this group
 * @dir:       directory in sysfs
 * @link:      name of the link in the device's exported directory
 */
struct dbl_lun {
	struct list_head entry;
	struct dbl_acg *acg;
	struct dbl_dev *dev;
	u64 lun;
	bool read_only;
	struct dbl_dir *dir;
	char link[24];
};

/**
 * struct dbl_ini - an initiator's name or pattern in a group
 * @entry: in dbl_acg.inis
 * @attr:  file in sysfs of that name
 * @name:  the pattern
 */
struct dbl_ini {
	struct list_head entry;
	struct kobj_attribute attr;
	char name[SCST_MAX_EXTERNAL_NAME];
};

/**
 * struct dbl_acg - a group of initiators and what they see
 * @entry:    in dbl_tgt.acgs; the default group is not in it
 * @tgt:      target
 * @name:     name, "" for the default group
 * @luns:     LUN map
 * @inis:     patterns
 * @dir:      directory of a group that is not the default one
 * @luns_dir: directory luns/
 * @inis_dir: directory initiators/
 * @addr_method: form of LUNs in REPORT LUNS
 */
struct dbl_acg {
	struct list_head entry;
	struct dbl_tgt *tgt;
	char name[SCST_MAX_NAME];
	struct list_head luns;
	struct list_head inis;
	struct dbl_dir *dir;
	struct dbl_dir *luns_dir;
	struct dbl_dir *inis_dir;
	int addr_method;
};

/**
 * struct dbl_tgtt - a registered template
 * @entry: in dbl_tgtts
 * @vtt:   the driver's
 * @dir:   directory under targets/
 * @tgts:  targets, protected by dbl_mutex and dbl_lock
 */
struct dbl_tgtt {
	struct list_head entry;
	struct scst_tgt_template *vtt;
	struct dbl_dir *dir;
	struct list_head tgts;
};

/**
 * struct dbl_tgt - a target port
 * @pub:       what the driver sees
 * @magic:     DBL_MAGIC_TGT
 * @tgtt:      template
 * @entry:     in dbl_tgtt.tgts
 * @gone:      its directory has been released
 * @acg:       default group
 * @acgs:      other groups
 * @acgs_dir:  ini_groups/
 * @sess_dir:  sessions/
 * @sessions:  sessions, protected by dbl_mutex and dbl_lock
 * @no_sess:   woken when there is none left
 * @retry:     commands refused by QUEUE_FULL, protected by dbl_lock
 * @retry_work: calls the driver for them again
 * @comment:   text kept for the administrator
 * @releasing: scst_unregister_target() runs
 * @enabled:   answer of the last enable_target() that succeeded
 */
struct dbl_tgt {
	struct scst_tgt pub;
	u32 magic;
	struct dbl_tgtt *tgtt;
	struct list_head entry;
	struct completion gone;
	struct dbl_acg acg;
	struct list_head acgs;
	struct dbl_dir *acgs_dir;
	struct dbl_dir *sess_dir;
	struct list_head sessions;
	wait_queue_head_t no_sess;
	struct list_head retry;
	struct delayed_work retry_work;
	char comment[64];
	bool releasing;
	bool enabled;
};

/**
 * struct dbl_ua - a unit attention
 * @asc:  additional sense code
 * @ascq: its qualifier
 */
struct dbl_ua {
	u8 asc;
	u8 ascq;
};

/**
 * struct dbl_nexus - one LUN of one session
 * @entry: in dbl_sess.nexuses
 * @lun:   entry of the LUN map
 * @ua:    unit attentions, oldest first
 * @nr_ua: how many
 */
struct dbl_nexus {
	struct list_head entry;
	struct dbl_lun *lun;
	struct dbl_ua ua[DBL_MAX_UA];
	unsigned int nr_ua;
};

/**
 * enum dbl_sess_state - life of a session
 * @DBL_SESS_INIT:   being registered, commands wait
 * @DBL_SESS_READY:  in use
 * @DBL_SESS_FAILED: registration failed, commands get BUSY
 * @DBL_SESS_UNREG:  being unregistered
 * @DBL_SESS_GONE:   only its memory is left
 */
enum dbl_sess_state {
	DBL_SESS_INIT,
	DBL_SESS_READY,
	DBL_SESS_FAILED,
	DBL_SESS_UNREG,
	DBL_SESS_GONE,
};

/**
 * struct dbl_sess - a session
 * @pub:       what the driver sees
 * @magic:     DBL_MAGIC_SESS
 * @state:     protected by dbl_lock
 * @entry:     in dbl_tgt.sessions, later in the quarantine
 * @acg:       group
 * @nexuses:   LUNs, protected by dbl_mutex and dbl_lock
 * @cmds:      commands from init_done to their end, protected by dbl_lock
 * @nr_cmds:   commands from rx_cmd to their end, protected by dbl_lock
 * @nr_mcmds:  functions not answered, protected by dbl_lock
 * @waiting:   commands that came before the session was ready
 * @mwaiting:  functions that did
 * @tid:       transport id, from the driver
 * @init_work: the rest of an atomic registration
 * @end_work:  the end
 * @result_fn: told about the end of an atomic registration
 * @result_data: its argument
 * @done_fn:   told about the end of the session
 * @waiter:    completed at the end, or NULL
 * @unreg_at:  jiffies of scst_unregister_session()
 * @held_told: rule 12 has been reported
 * @in_sysfs:  has a directory
 * @dir_nr:    number in its name, 0 for none
 * @end_queued: end_work is under way
 * @gone:      its directory has been released
 * @initial_ua: first unit attention of every LUN
 * @nr_done:   commands finished, for sysfs
 * @visit:     round of dbl_acg_reassign() that has seen it
 */
struct dbl_sess {
	struct scst_session pub;
	u32 magic;
	enum dbl_sess_state state;
	struct list_head entry;
	struct dbl_acg *acg;
	struct list_head nexuses;
	struct list_head cmds;
	unsigned int nr_cmds;
	unsigned int nr_mcmds;
	struct list_head waiting;
	struct list_head mwaiting;
	u8 tid[DBL_TID_LEN];
	struct work_struct init_work;
	struct work_struct end_work;
	void (*result_fn)(struct scst_session *sess, void *data, int result);
	void *result_data;
	void (*done_fn)(struct scst_session *sess);
	struct completion *waiter;
	unsigned long unreg_at;
	bool held_told;
	bool in_sysfs;
	unsigned int dir_nr;
	bool end_queued;
	struct completion gone;
	struct dbl_ua initial_ua;
	u64 nr_done;
	unsigned int visit;
};

/**
 * enum dbl_cmd_state - who has a command and what for
 * @DBL_CMD_NEW:    driver: between scst_rx_cmd() and scst_cmd_init_done()
 * @DBL_CMD_DEFER:  double: the session is not ready
 * @DBL_CMD_PARSE:  double: to be looked at
 * @DBL_CMD_RDY:    double: rdy_to_xfer() is to be called (again)
 * @DBL_CMD_DATA:   driver: fetches data
 * @DBL_CMD_EXEC:   double: to be executed
 * @DBL_CMD_XMIT:   double: xmit_response() is to be called (again)
 * @DBL_CMD_SEND:   driver: sends
 * @DBL_CMD_DONE:   double: ending
 * @DBL_CMD_FREED:  only its memory is left
 */
enum dbl_cmd_state {
	DBL_CMD_NEW,
	DBL_CMD_DEFER,
	DBL_CMD_PARSE,
	DBL_CMD_RDY,
	DBL_CMD_DATA,
	DBL_CMD_EXEC,
	DBL_CMD_XMIT,
	DBL_CMD_SEND,
	DBL_CMD_DONE,
	DBL_CMD_FREED,
};

/**
 * struct dbl_cmd - a command
 * @pub:      what the driver sees
 * @asked:    memory of pub.asked
 * @magic:    DBL_MAGIC_CMD
 * @state:    protected by dbl_lock
 * @ref:      use: the last put ends the command
 * @mem:      memory: held over callbacks, longer than @ref
 * @sess:     session
 * @tgt:      target
 * @entry:    in dbl_sess.cmds
 * @queue:    in a list of work to do, or the quarantine
 * @work:     goes on in a thread
 * @cb_task:  the task that runs a callback for this command
 * @cb_atomic: that callback must not sleep
 * @lun:      LUN, U64_MAX if it cannot be decoded
 * @dev:      device, NULL if there is none at the LUN
 * @read_only: writes to the LUN are refused
 * @cdb_buf:  memory of a CDB that is not longer
 * @op:       how the CDB is handled, set by parsing
 * @cdb_dir:  direction of the CDB
 * @cdb_bytes: bytes that the CDB moves
 * @not_received: bytes of a WRITE that the driver did not get
 * @sense_buf: memory of pub.sense
 * @sg_total: entries as allocated
 * @sg_orders: order of each entry's pages
 * @held_at:  jiffies since when the driver has it
 * @held_told: on_hw_pending_cmd_timeout() was called
 * @xmit_aborted: aborted before xmit_response() was called
 * @waiters:  functions that wait for this command (struct dbl_wait)
 * @in_list:  in dbl_sess.cmds
 * @how:      how the current step came to run, DBL_HOW_*
 */
struct dbl_cmd {
	struct scst_cmd pub;
	unsigned long asked;
	u32 magic;
	enum dbl_cmd_state state;
	refcount_t ref;
	refcount_t mem;
	struct dbl_sess *sess;
	struct dbl_tgt *tgt;
	struct list_head entry;
	struct list_head queue;
	struct work_struct work;
	struct task_struct *cb_task;
	bool cb_atomic;
	u64 lun;
	struct dbl_dev *dev;
	bool read_only;
	u8 cdb_buf[SCST_MAX_CDB_SIZE];
	const struct dbl_op *op;
	scst_data_direction cdb_dir;
	u32 cdb_bytes;
	int not_received;
	u8 sense_buf[SCST_SENSE_BUFFERSIZE];
	int sg_total;
	u8 *sg_orders;
	unsigned long held_at;
	bool held_told;
	bool xmit_aborted;
	struct list_head waiters;
	bool in_list;
	u8 how;
};

/**
 * struct dbl_mcmd - a task management function
 * @pub:     what the driver sees
 * @queue:   in dbl_sess.mwaiting
 * @work:    goes on in the one thread for functions
 * @sess:    session
 * @tag:     command to abort
 * @lun:     LUN
 * @nr_wait: commands that must end first, plus one while they are collected
 * @begun:   the commands have been aborted
 */
struct dbl_mcmd {
	struct scst_mgmt_cmd pub;
	struct list_head queue;
	struct work_struct work;
	struct dbl_sess *sess;
	u64 tag;
	u64 lun;
	atomic_t nr_wait;
	bool begun;
};

/**
 * struct dbl_op - one operation code
 * @code:  first byte of the CDB
 * @name:  for messages
 * @dir:   direction
 * @parse: find cdb_bytes; 0 or a negative value after setting an error
 * @exec:  do it; sets pub.resp_data_len or an error
 * @flags: DBL_OP_*
 */
struct dbl_op {
	u8 code;
	const char *name;
	scst_data_direction dir;
	int (*parse)(struct dbl_cmd *cmd);
	void (*exec)(struct dbl_cmd *cmd);
	unsigned int flags;
};

/*
 * Works without a device at the LUN; is not stopped by a unit attention; nor
 * by a reservation; writes the medium.
 */
#define DBL_OP_NO_LUN BIT(0)
#define DBL_OP_SKIP_UA BIT(1)
#define DBL_OP_SKIP_RESV BIT(2)
#define DBL_OP_MEDIUM BIT(3)

/* How a step of a command came to run; how often is counted. */
enum dbl_how {
	DBL_HOW_INLINE,
	DBL_HOW_SOFTIRQ,
	DBL_HOW_THREAD,
	DBL_NR_HOWS,
};

/* What the counters of dbl_xfer_nr() are about. */
enum dbl_what {
	DBL_WHAT_RDY,
	DBL_WHAT_XMIT,
	DBL_WHAT_FREE,
	DBL_NR_WHATS,
};

extern struct mutex dbl_mutex;
extern spinlock_t dbl_lock;
extern spinlock_t dbl_abort_lock;
extern struct list_head dbl_devs;
extern struct list_head dbl_tgtts;
extern struct kobject *dbl_root;

static inline struct dbl_cmd *dbl_cmd_of(struct scst_cmd *pub)
{
	return container_of(pub, struct dbl_cmd, pub);
}

static inline struct dbl_sess *dbl_sess_of(struct scst_session *pub)
{
	return container_of(pub, struct dbl_sess, pub);
}

static inline struct dbl_tgt *dbl_tgt_of(struct scst_tgt *pub)
{
	return container_of(pub, struct dbl_tgt, pub);
}

static inline void *dbl_owner(struct kobject *kobj)
{
	return container_of(kobj, struct dbl_dir, kobj)->owner;
}

/* dbl_rules.c */
void __printf(2, 3) dbl_break(enum dbl_rule rule, const char *fmt, ...);
void dbl_must_sleep(const char *who);
bool dbl_is_atomic(void);
int dbl_rules_init(void);
void dbl_rules_exit(void);

/* dbl_dice.c */
void dbl_dice_init(void);
u32 dbl_roll(u32 sides);
bool dbl_rx_is_null(void);
unsigned int dbl_sess_delay_ms(void);
bool dbl_sess_fails(void);
unsigned int dbl_held_s(void);

/* dbl_ctx.c */
int dbl_ctx_init(void);
void dbl_ctx_exit(void);
void dbl_ctx_softirq(struct dbl_cmd *cmd);
void dbl_ctx_thread(struct dbl_cmd *cmd);
enum scst_exec_context dbl_ctx_check(struct dbl_cmd *cmd, const char *who,
				     enum scst_exec_context ctx);
void dbl_ctx_go(struct dbl_cmd *cmd, enum scst_exec_context ctx);
void dbl_ctx_mgmt(struct work_struct *work);
void dbl_ctx_tmf(struct work_struct *work);
int dbl_ctx_uid(int (*fn)(void *arg), void *arg);
void dbl_ctx_flush(void);

/* dbl_tgt.c */
bool dbl_tgt_is_valid(const struct scst_tgt *tgt, const char *who);
int dbl_tgt_enable(struct dbl_tgt *tgt, bool on);
struct dbl_tgt *dbl_tgt_find_id(u16 id);
void dbl_tgt_exit(void);

/* dbl_sess.c */
bool dbl_sess_is_valid(const struct scst_session *sess, const char *who);
void dbl_sess_unreg(struct dbl_sess *sess);
void dbl_sess_put_cmd_locked(struct dbl_sess *sess);
struct dbl_nexus *dbl_sess_nexus_locked(struct dbl_sess *sess, u64 lun);
void dbl_sess_check_held(void);
void dbl_sess_rebuild(struct dbl_sess *sess, bool tell);
void dbl_sess_exit(void);

/* dbl_acg.c */
struct dbl_acg *dbl_acg_new(struct dbl_tgt *tgt, const char *name);
void dbl_acg_init(struct dbl_acg *acg, struct dbl_tgt *tgt, const char *name);
void dbl_acg_clear(struct dbl_acg *acg);
int dbl_acg_del(struct dbl_acg *acg);
struct dbl_acg *dbl_acg_find(struct dbl_tgt *tgt, const char *name);
struct dbl_acg *dbl_acg_match(struct dbl_tgt *tgt, const char *initiator);
void dbl_acg_reassign(struct dbl_tgt *tgt);
int dbl_acg_add_lun(struct dbl_acg *acg, const char *dev, u64 lun,
		    bool read_only, bool replace);
int dbl_acg_del_lun(struct dbl_acg *acg, u64 lun);
void dbl_acg_clear_luns(struct dbl_acg *acg);
int dbl_acg_add_ini(struct dbl_acg *acg, const char *name);
int dbl_acg_del_ini(struct dbl_acg *acg, const char *name);
void dbl_acg_clear_inis(struct dbl_acg *acg);
void dbl_acg_drop_dev(struct dbl_dev *dev);

/* dbl_cmd.c */
bool dbl_cmd_is_valid(const struct scst_cmd *cmd, const char *who);
void dbl_cmd_run(struct dbl_cmd *cmd, bool atomic);
void dbl_cmd_set_state(struct dbl_cmd *cmd, enum dbl_cmd_state state);
void dbl_cmd_release(struct dbl_cmd *cmd);
void dbl_cmd_mem_put(struct dbl_cmd *cmd);
void dbl_cmd_undefer(struct dbl_cmd *cmd);
const char *dbl_cmd_state_name(enum dbl_cmd_state state);
void dbl_cmd_exit(void);

/* dbl_xfer.c */
bool dbl_xfer_rdy(struct dbl_cmd *cmd, bool atomic);
void dbl_xfer_xmit(struct dbl_cmd *cmd, bool atomic);
void dbl_xfer_retry(struct work_struct *work);
void dbl_xfer_check_held(void);
void dbl_xfer_on_free(struct dbl_cmd *cmd, const struct scst_tgt_template *vtt);
u64 dbl_xfer_nr(unsigned int what, unsigned int where);

/* dbl_tmf.c */
void dbl_tmf_start(struct dbl_mcmd *mcmd);
void dbl_tmf_cmd_gone(struct dbl_cmd *cmd);
void dbl_tmf_abort(struct list_head *cmds);
void dbl_tmf_mark_locked(struct dbl_cmd *cmd, struct dbl_mcmd *mcmd,
			 struct list_head *cmds);

/* dbl_buf.c */
int dbl_buf_alloc(struct dbl_cmd *cmd, u32 len, gfp_t gfp);
void dbl_buf_free(struct dbl_cmd *cmd);
void dbl_buf_cut(struct dbl_cmd *cmd, u32 len);
u32 dbl_buf_put(struct dbl_cmd *cmd, const void *from, u32 len);
u32 dbl_buf_get(struct dbl_cmd *cmd, void *to, u32 len);

/* dbl_sense.c */
void dbl_sense_set(struct dbl_cmd *cmd, u8 key, u8 asc, u8 ascq);
void dbl_sense_fill(u8 *buf, u8 key, u8 asc, u8 ascq);
void dbl_ua_add_locked(struct dbl_nexus *nexus, u8 asc, u8 ascq);
bool dbl_ua_take_locked(struct dbl_nexus *nexus, struct dbl_ua *ua);
void dbl_ua_drop_locked(struct dbl_nexus *nexus, u8 asc, u8 ascq);

/* dbl_op.c */
int dbl_op_parse(struct dbl_cmd *cmd);
void dbl_op_exec(struct dbl_cmd *cmd);
void dbl_op_bad_field(struct dbl_cmd *cmd);
void dbl_op_reply(struct dbl_cmd *cmd, const void *data, u32 len);
const struct dbl_op *dbl_op_find(u8 code);

/* dbl_spc.c */
void dbl_spc_inquiry(struct dbl_cmd *cmd);
void dbl_spc_report_luns(struct dbl_cmd *cmd);
void dbl_spc_request_sense(struct dbl_cmd *cmd);
void dbl_spc_mode_sense(struct dbl_cmd *cmd);
void dbl_spc_supported_ops(struct dbl_cmd *cmd);
void dbl_spc_reserve(struct dbl_cmd *cmd);
void dbl_spc_release(struct dbl_cmd *cmd);

/* dbl_disk.c */
void dbl_disk_capacity10(struct dbl_cmd *cmd);
void dbl_disk_service_in(struct dbl_cmd *cmd);
void dbl_disk_read(struct dbl_cmd *cmd);
void dbl_disk_write(struct dbl_cmd *cmd);
void dbl_disk_verify(struct dbl_cmd *cmd);
int dbl_disk_parse_rw(struct dbl_cmd *cmd);
int dbl_disk_parse_verify(struct dbl_cmd *cmd);
void dbl_disk_free(struct dbl_dev *dev);

/* dbl_pr.c */
void dbl_pr_in(struct dbl_cmd *cmd);
void dbl_pr_out(struct dbl_cmd *cmd);
bool dbl_pr_conflicts(struct dbl_cmd *cmd);
void dbl_pr_free(struct dbl_dev *dev);

/* dbl_dev.c */
int dbl_dev_add(enum dbl_handler handler, char *words);
int dbl_dev_del(enum dbl_handler handler, const char *name);
struct dbl_dev *dbl_dev_find(const char *name);
void dbl_dev_get_locked(struct dbl_dev *dev);
void dbl_dev_put_locked(struct dbl_dev *dev);
const char *dbl_dev_handler_name(enum dbl_handler handler);
void dbl_dev_exit(void);

/* dbl_sysfs.c */
struct dbl_dir *dbl_dir_add(struct kobject *parent, void *owner,
			    const struct attribute *const *attrs,
			    const char *name);
void dbl_dir_del(struct dbl_dir *dir);
int dbl_files_add(struct kobject *kobj, const struct attribute *const *attrs);
ssize_t dbl_emit_key(char *buf, ssize_t len, bool key);
int dbl_sysfs_init(void);
void dbl_sysfs_exit(void);
struct kobject *dbl_sysfs_handler(enum dbl_handler handler);
struct kobject *dbl_sysfs_devices(void);
struct kobject *dbl_sysfs_targets(void);
int dbl_lock_config(void);

/* dbl_sysfs_tgt.c */
int dbl_sysfs_add_tgtt(struct dbl_tgtt *tgtt);
int dbl_sysfs_add_tgt(struct dbl_tgt *tgt);
void dbl_sysfs_del_tgt(struct dbl_tgt *tgt);
int dbl_sysfs_add_sess(struct dbl_sess *sess);
void dbl_sysfs_del_sess(struct dbl_sess *sess);
void dbl_sysfs_link_sess(struct dbl_sess *sess);

/* dbl_sysfs_acg.c */
int dbl_sysfs_add_acg(struct dbl_acg *acg);
void dbl_sysfs_del_acg(struct dbl_acg *acg);
int dbl_sysfs_add_lun(struct dbl_lun *lun);
void dbl_sysfs_del_lun(struct dbl_lun *lun);
int dbl_sysfs_add_ini(struct dbl_acg *acg, struct dbl_ini *ini);
void dbl_sysfs_del_ini(struct dbl_acg *acg, struct dbl_ini *ini);
extern const struct attribute *const dbl_acgs_attrs[];

/* dbl_sysfs_dev.c */
int dbl_sysfs_add_dev(struct dbl_dev *dev);
void dbl_sysfs_del_dev(struct dbl_dev *dev);
extern const struct attribute *const dbl_handler_attrs[];

#endif /* DBL_H */
