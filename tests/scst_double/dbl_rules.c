// SPDX-License-Identifier: GPL-2.0
/* The rules of the contract and the book of their violations. */
#include "dbl.h"
#include "include/scst_double.h"

#include <linux/preempt.h>

static const char *const rule_names[DBL_NR_RULES] = {
	[DBL_RULE_TEMPLATE] = "template",
	[DBL_RULE_ORDER] = "unregister-order",
	[DBL_RULE_SLEEP] = "sleep-in-atomic",
	[DBL_RULE_CONTEXT] = "context",
	[DBL_RULE_DEAD_SESS] = "dead-session",
	[DBL_RULE_CMD_STATE] = "command-state",
	[DBL_RULE_INIT] = "init-values",
	[DBL_RULE_CALLBACK] = "callback-context",
	[DBL_RULE_ABORTED] = "aborted-on-xmit",
	[DBL_RULE_ANSWER] = "answer",
	[DBL_RULE_TMF] = "task-management",
	[DBL_RULE_HELD] = "command-held",
	[DBL_RULE_TID] = "transport-id",
	[DBL_RULE_ENABLE] = "enable",
};

static DEFINE_SPINLOCK(book_lock);
static u64 nr_broken[DBL_NR_RULES]; /* protected by book_lock */
static u64 nr_all; /* protected by book_lock */
static char last[256]; /* protected by book_lock */
static struct dbl_dir *book_dir;

/**
 * dbl_break() - Report that a rule was broken.
 * @rule: which one
 * @fmt:  what happened, without a newline
 *
 * Context: any.
 */
void dbl_break(enum dbl_rule rule, const char *fmt, ...)
{
	char text[200];
	unsigned long flags;
	va_list args;

	va_start(args, fmt);
	vscnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	spin_lock_irqsave(&book_lock, flags);
	nr_broken[rule]++;
	nr_all++;
	scnprintf(last, sizeof(last), "%d %s: %s", rule, rule_names[rule],
		  text);
	spin_unlock_irqrestore(&book_lock, flags);
	pr_err("scst_double: RULE %d (%s): %s\n", rule, rule_names[rule], text);
}

/**
 * scst_double_nr_broken() - How often was a rule broken?
 * @rule: 1..14, 0 for all together
 *
 * Context: any.
 * Return: the count.
 */
u64 scst_double_nr_broken(unsigned int rule)
{
	unsigned long flags;
	u64 nr;

	spin_lock_irqsave(&book_lock, flags);
	nr = !rule ? nr_all : rule < DBL_NR_RULES ? nr_broken[rule] : 0;
	spin_unlock_irqrestore(&book_lock, flags);
	return nr;
}
EXPORT_SYMBOL_GPL(scst_double_nr_broken);

/**
 * dbl_is_atomic() - Must the caller not sleep?
 *
 * Context: any.
 * Return: true in interrupts, with interrupts or preemption off.
 */
bool dbl_is_atomic(void)
{
	return preempt_count() || irqs_disabled();
}

/**
 * dbl_must_sleep() - Check that a call that sleeps may do so.
 * @who: name of the call
 *
 * Context: any; reports rule 3 if it is atomic.
 */
void dbl_must_sleep(const char *who)
{
	if (dbl_is_atomic())
		dbl_break(DBL_RULE_SLEEP, "%s() called where nothing may sleep",
			  who);
}

static ssize_t violations_show(struct kobject *kobj,
			       struct kobj_attribute *attr, char *buf)
{
	return sysfs_emit(buf, "%llu\n", READ_ONCE(nr_all));
}

static ssize_t last_show(struct kobject *kobj, struct kobj_attribute *attr,
			 char *buf)
{
	unsigned long flags;
	int len;

	spin_lock_irqsave(&book_lock, flags);
	len = sysfs_emit(buf, "%s\n", last);
	spin_unlock_irqrestore(&book_lock, flags);
	return len;
}

static ssize_t rules_show(struct kobject *kobj, struct kobj_attribute *attr,
			  char *buf)
{
	unsigned long flags;
	int i, len = 0;

	spin_lock_irqsave(&book_lock, flags);
	for (i = 1; i < DBL_NR_RULES; i++)
		len += sysfs_emit_at(buf, len, "%d %s %llu\n", i, rule_names[i],
				     nr_broken[i]);
	spin_unlock_irqrestore(&book_lock, flags);
	return len;
}

static ssize_t contexts_show(struct kobject *kobj, struct kobj_attribute *attr,
			     char *buf)
{
	static const char *const whats[DBL_NR_WHATS] = { "rdy_to_xfer",
							 "xmit_response",
							 "on_free_cmd" };
	int i, len = 0;

	for (i = 0; i < DBL_NR_WHATS; i++)
		len += sysfs_emit_at(
			buf, len, "%s inline %llu softirq %llu thread %llu\n",
			whats[i], dbl_xfer_nr(i, DBL_HOW_INLINE),
			dbl_xfer_nr(i, DBL_HOW_SOFTIRQ),
			dbl_xfer_nr(i, DBL_HOW_THREAD));
	return len;
}

static struct kobj_attribute violations_attr = __ATTR_RO(violations);
static struct kobj_attribute last_attr = __ATTR_RO(last);
static struct kobj_attribute rules_attr = __ATTR_RO(rules);
static struct kobj_attribute contexts_attr = __ATTR_RO(contexts);

static const struct attribute *const book_attrs[] = {
	&violations_attr.attr,
	&last_attr.attr,
	&rules_attr.attr,
	&contexts_attr.attr,
	NULL,
};

/**
 * dbl_rules_init() - Make scst_tgt/double/.
 *
 * Context: process.
 * Return: 0; -ENOMEM or what sysfs says.
 */
int dbl_rules_init(void)
{
	book_dir = dbl_dir_add(dbl_root, NULL, book_attrs, "double");
	return PTR_ERR_OR_ZERO(book_dir);
}

/**
 * dbl_rules_exit() - Remove it and say how the run went.
 *
 * Context: process.
 */
void dbl_rules_exit(void)
{
	dbl_dir_del(book_dir);
	pr_info("scst_double: rules were broken %llu times\n", nr_all);
}
