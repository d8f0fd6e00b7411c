#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# The rules of the house that a program can check; file names come on stdin.
#
# Who may include whom, which kernel names core, chip and tgt may use, where a
# chip may be named, where kernel versions may be asked, and what must not be
# in any file.
use strict;
use warnings;

# Folder => folders of the driver whose headers it may include.
my %may = (
	hw      => [qw(hw)],
	chip    => [qw(chip core hw)],
	core    => [qw(core hw)],
	tgt     => [qw(tgt core include)],
	ini     => [qw(ini core include)],
	include => [qw(include)],
	linux   => [qw(linux core tgt ini chip hw include compat)],
	lio     => [qw(lio include compat)],
	scst    => [qw(scst include compat)],
	compat  => [qw(compat)],
);
# core/ gets the vector of op tables from chip/ by name, nothing else.
my %hw_only = map { $_ => 1 } qw(
	linux/types.h linux/bits.h linux/build_bug.h linux/stddef.h
	linux/compiler.h);
my $shim = 'tests/sim/shim/include';
my $sleepy = qr/\b(?:wait_event\w*|wait_for_completion\w*|init_completion|
	struct\ completion|msleep|ssleep|usleep_range|fsleep|kthread_\w+|
	rcu_\w+|call_rcu|synchronize_\w+|\w*per_?cpu\w*|config_item\w*|
	seq_printf|seq_file|mutex_\w+|struct\ mutex|down_\w+|semaphore|
	schedule\(|schedule_timeout\w*|cond_resched|udelay|mdelay|ndelay)\b/x;
my $chip_name = qr/\b(?:isp|ISP|is_|IS_)?(?:1020|1040|1080|1240|1280|
	12160|2100|2200|2300|2312|2322|2400|2422|2432|2500|2532)\b|
	\b(?:isp|ISP)1000\b|\b(?:isp|ISP)2[0-9]_|\b2[0-9]xx\b/x;
# The third engine proves the contract: it has that header and no more, and is
# small. Module glue and the engine's own header see nothing else of ours.
my %engine_sees = (
	'tests/sim/memeng/memeng.h' => '../../../driver/include/isp_tport.h',
	'tests/sim/memeng/memeng.c' => 'memeng.h',
	'tests/sim/memeng/isp_mem_main.c' => 'memeng.h',
);
my $engine_max = 400;
my $bad = 0;

sub say_bad {
	my ($file, $line, $what) = @_;
	print "$file:$line: $what\n";
	$bad++;
}

sub check_include {
	my ($file, $line, $dir, $inc, $quoted) = @_;

	if (!$quoted) {
		return unless $dir =~ /^(?:hw|chip|core|tgt|ini)$/;
		say_bad($file, $line, "<$inc>: hw is data only")
			if $dir eq 'hw' && !$hw_only{$inc};
		say_bad($file, $line, "<$inc> is not on the list of the shim")
			unless -e "$shim/$inc";
		return;
	}
	my $to = $inc =~ m{^(?:\.\./)*(\w+)/[^/]+$} ? $1 : $dir;
	return if grep { $_ eq $to } @{ $may{$dir} || [] };
	return if $dir eq 'core' && $inc =~ m{include/isp_tport\.h$};
	say_bad($file, $line, "$dir/ may not include \"$inc\"");
}

sub check_driver_line {
	my ($file, $dir, $nr, $code, $raw) = @_;

	if ($raw =~ /^\s*#\s*include\s+([<"])([^>"]+)[>"]/) {
		check_include($file, $nr, $dir, $2, $1 eq '"');
		return;
	}
	if ($dir =~ /^(?:core|chip|tgt|ini|hw)$/) {
		say_bad($file, $nr, "'$1' is not for code that never sleeps")
			if $code =~ /($sleepy)/;
	}
	if ($dir =~ /^(?:core|ini|tgt)$/) {
		# The op tables of the families are the one exception.
		(my $c = $code) =~ s/isp_chip_\d{4}_ops//g;
		say_bad($file, $nr, "chip '$1' is named outside chip/")
			if $c =~ /($chip_name)/;
	}
	say_bad($file, $nr, 'kernel versions are asked in compat/ only')
		if $dir ne 'compat' &&
		$code =~ /LINUX_VERSION_CODE|KERNEL_VERSION/;
	say_bad($file, $nr, 'version arithmetic; use a compile probe')
		if $dir eq 'compat' && $code =~ /LINUX_VERSION_CODE/;
	say_bad($file, $nr, 'isp_mod exports nothing')
		if $code =~ /\bEXPORT_SYMBOL/;
	say_bad($file, $nr, 'no BUG: a fault is a state')
		if $code =~ /\bBUG(?:_ON)?\s*\(/;
	say_bad($file, $nr, 'registers only through isp_rd/isp_wr')
		if $code =~ /\b(?:readl|writel|readw|writew)\s*\(/ &&
		$file !~ m{core/isp_hba\.h$};
	say_bad($file, $nr, 'no C bit-fields')
		if $code =~ /^\s+(?:u8|u16|u32|unsigned\s+int|int|bool)\s+\w+\s*:\s*\d+;/;
	say_bad($file, $nr, 'no __le or __be inside core and the roles')
		if $dir =~ /^(?:core|tgt|ini)$/ &&
		$code =~ /\b(?:__[lb]e(?:16|32|64)|[lb]e(?:16|32|64)_to_cpu|cpu_to_[lb]e(?:16|32|64))\b/ &&
		$file !~ m{core/isp_ct\.};
}

# What must not be in any text file, comments included. The words are put
# together here so that this file does not find itself.
my @never = (
	[ qr/\b(?:TO(?:DO)|FIX(?:ME)|X(?:XX)|HA(?:CK))\b/, 'an unfinished mark' ],
	[ qr{(?<![\w.\$\}"])/(?:wo(?:rk)|ho(?:me))/\w}, 'a path of one machine' ],
	[ qr/\b(?:deb\.deb(?:ian)\.org|py(?:pi)\.org|files\.python(?:hosted)\.org|registry\.np(?:mjs)\.org|crates\.(?:io))\b/,
		'the host of a package registry' ],
);

sub check_file {
	my ($file) = @_;
	my ($dir) = $file =~ m{^driver/(\w+)/};
	my ($nr, $comment) = (0, 0);

	open my $in, '<', $file or return;
	while (my $raw = <$in>) {
		$nr++;
		if ($nr == 1 && $raw =~ /\0/) {
			say_bad($file, 1, 'a binary file');
			last;
		}
		for my $rule (@never) {
			say_bad($file, $nr, $rule->[1]) if $raw =~ $rule->[0];
		}
		next unless $file =~ /\.[ch]$/;
		# Take comments and strings away.
		my $code = $raw;
		if ($comment) {
			if ($code =~ s{^.*?\*/}{}) { $comment = 0 }
			else { next }
		}
		$code =~ s/"(?:[^"\\]|\\.)*"/""/g;
		$code =~ s{/\*.*?\*/}{}g;
		$code =~ s{//.*$}{};
		$comment = 1 if $code =~ s{/\*.*$}{};
		check_driver_line($file, $dir, $nr, $code, $raw) if $dir;
		if ($raw =~ /^\s*#\s*include\s+"([^"]+)"/) {
			my $inc = $1;
			say_bad($file, $nr, "the memory engine may not include \"$inc\"")
				if $file =~ m{^tests/sim/memeng/} &&
				$inc ne ($engine_sees{$file} || '');
			say_bad($file, $nr, 'model and driver never meet')
				if ($file =~ m{^model/} && $inc =~ m{driver/|isp_}) ||
				($file =~ m{^driver/} && $inc =~ m{model/});
		}
	}
	close $in;
	say_bad($file, $nr, "$nr lines; the memory engine has less than $engine_max")
		if $nr >= $engine_max && $file =~ m{^tests/sim/memeng/};
	say_bad($file, $nr, "$nr lines; a file has at most 800")
		if $nr > 800 && $file =~ m{^(?:driver|model|lab|tests)/.*\.[ch]$};
}

# Rule 14: an entry says its size, and where a field behind a reserved or an odd
# one lies.
sub check_wire {
	my ($file) = @_;

	open my $in, '<', $file or return;
	my $text = do { local $/; <$in> };
	close $in;
	$text =~ s{/\*.*?\*/}{ (my $c = $&) =~ s/[^\n]//g; $c }gse;
	while ($text =~ /struct (\w+) \{\n(.*?)\n\} __packed;/gs) {
		my ($name, $body) = ($1, $2);
		my $line = 1 + substr($text, 0, $-[0]) =~ tr/\n//;
		my $gap = 0;

		# What the hardware overlays is asserted as acc.x, rjt.x.
		1 while $body =~ s/\b(?:struct|union) \{[^{}]*\}//;
		say_bad($file, $line, "$name has no WIRE_SIZE")
			if $text !~ /WIRE_SIZE\(\s*struct $name,/;
		for my $field (split /;/, $body) {
			next unless $field =~ /(\w+)((?:\[\w+\])*)\s*$/;
			my ($what, $dim) = ($1, $2);
			my $reserved = $what =~ /^rsvd/;
			say_bad($file, $line, "$name.$what has no WIRE_AT")
				if $gap && !$reserved &&
				$text !~ /WIRE_AT\(\s*struct $name,\s*$what\b/;
			$gap = $reserved || $field =~ /\bu8\b/ &&
				$dim =~ /\[\d*[13579]\]/;
		}
	}
}

while (my $file = <STDIN>) {
	chomp $file;
	next if $file =~ m{^doc/} && $file !~ /\.md$/;
	check_file($file);
	check_wire($file) if $file =~ m{^driver/hw/.*\.h$};
}
exit 0;
