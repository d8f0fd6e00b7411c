#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Prints layouts of structures from BTF: btf.pl [-b BASE] FILE STRUCT...
#
# FILE and BASE are ELF files with a .BTF section, or BTF alone. A module of
# the kernel refers to types and strings of its vmlinux: that is BASE.
# Output: STRUCT <tab> member.path <tab> offset <tab> bytes <tab> type
# and once per structure: STRUCT <tab> - <tab> 0 <tab> bytes <tab> struct
# Numbers are decimal; members of anonymous structures and unions appear as
# their container's own.
# Source: Documentation/bpf/btf.rst of the kernel.
use strict;
use warnings;

use constant {
	INT => 1, PTR => 2, ARRAY => 3, STRUCT => 4, UNION => 5, ENUM => 6,
	TYPEDEF => 8, VOLATILE => 9, CONST => 10, RESTRICT => 11,
	FUNC_PROTO => 13, VAR => 14, DATASEC => 15, DECL_TAG => 17,
	TYPE_TAG => 18, ENUM64 => 19,
};

my (@type, %by_name); # type id => [name, kind, vlen, size or type, extra]

sub slurp {
	my ($file) = @_;

	open my $in, '<:raw', $file or die "$file: $!\n";
	local $/;
	my $data = <$in>;
	close $in;
	return $data;
}

# The .BTF section of an ELF file, or the file itself.
sub btf_section {
	my ($file) = @_;
	my $data = slurp($file);

	return $data if unpack('v', $data) == 0xeb9f;
	die "$file: neither ELF nor BTF\n" unless $data =~ /^\x7fELF/;
	my $shoff = unpack 'Q<', substr $data, 0x28, 8;
	my ($shentsize, $shnum, $shstrndx) =
		unpack 'vvv', substr $data, 0x3a, 6;
	my @sh = map {
		[ unpack 'VVQ<Q<Q<Q<', substr $data, $shoff + $_ * $shentsize, 40 ]
	} 0 .. $shnum - 1;
	for my $s (@sh) {
		my $name = unpack 'Z*',
			substr $data, $sh[$shstrndx][4] + $s->[0], 32;
		return substr $data, $s->[4], $s->[5] if $name eq '.BTF';
	}
	die "$file: no .BTF section\n";
}

sub extra_len {
	my ($kind, $vlen) = @_;

	return 4 if $kind == INT || $kind == VAR || $kind == DECL_TAG;
	return 12 if $kind == ARRAY;
	return 12 * $vlen
		if $kind == STRUCT || $kind == UNION || $kind == DATASEC ||
		$kind == ENUM64;
	return 8 * $vlen if $kind == ENUM || $kind == FUNC_PROTO;
	return 0;
}

# Appends the types of one BTF to @type; returns its strings.
sub load_btf {
	my ($data, $base) = @_;
	my ($magic, $hdr_len, $type_off, $type_len, $str_off, $str_len) =
		unpack 'vx2VVVVV', $data;
	my $str = substr $data, $hdr_len + $str_off, $str_len;
	my $types = substr $data, $hdr_len + $type_off, $type_len;
	my $at = 0;
	my $name_of = sub {
		my ($off) = @_;
		my ($s, $o) = $off < length $base ? ($base, $off) :
			($str, $off - length $base);
		my $end = index $s, "\0", $o;
		return substr $s, $o, $end - $o;
	};

	push @type, ['void', 0, 0, 0, ''] unless @type;
	while ($at < $type_len) {
		my ($name_off, $info, $size) =
			unpack 'VVV', substr $types, $at, 12;
		my ($kind, $vlen) = ($info >> 24 & 0x1f, $info & 0xffff);
		my $len = extra_len($kind, $vlen);
		my $name = $name_off ? $name_of->($name_off) : '';
		my $extra = substr $types, $at + 12, $len;

		push @type, [$name, $kind, $vlen, $size, $extra, $info >> 31,
			$name_of];
		$by_name{$name} = $#type
			if $name ne '' && ($kind == STRUCT || $kind == UNION);
		$at += 12 + $len;
	}
	return $str;
}

# Bytes of a type, and its name as the source has it.
sub describe {
	my ($id) = @_;
	my $t = $type[$id] or die "type $id is not there\n";
	my ($name, $kind, $vlen, $size, $extra) = @$t;

	if ($kind == ARRAY) {
		my ($elem, $index, $nr) = unpack 'VVV', $extra;
		my ($bytes, $text) = describe($elem);
		return ($bytes * $nr, "$text\[$nr]");
	}
	return (8, 'pointer') if $kind == PTR;
	if ($kind == TYPEDEF) {
		my ($bytes) = describe($size);
		return ($bytes, $name);
	}
	return describe($size)
		if $kind == VOLATILE || $kind == CONST || $kind == RESTRICT ||
		$kind == TYPE_TAG;
	return ($size, $name || 'struct')
		if $kind == STRUCT || $kind == UNION;
	return ($size, $name);
}

sub strip {
	my ($id) = @_;

	$id = $type[$id][3] while grep { $type[$id][1] == $_ }
		(TYPEDEF, VOLATILE, CONST, RESTRICT, TYPE_TAG);
	return $id;
}

sub members {
	my ($struct, $id, $path, $base) = @_;
	my ($name, $kind, $vlen, $size, $extra, $flag, $name_of) = @{ $type[$id] };

	for my $i (0 .. $vlen - 1) {
		my ($noff, $mtype, $bits) =
			unpack 'VVV', substr $extra, $i * 12, 12;
		my $mname = $noff ? $name_of->($noff) : '';
		my $width = $flag ? $bits >> 24 : 0;
		my ($bytes, $text) = describe($mtype);
		my $at = $base + (($flag ? $bits & 0xffffff : $bits) >> 3);
		my $here = $path eq '' ? $mname :
			$mname eq '' ? $path : "$path.$mname";
		my $inner = strip($mtype);

		print join("\t", $struct, $here, $at, $bytes,
			$width ? "$text:$width" : $text), "\n" if $mname ne '';
		members($struct, $inner, $here, $at)
			if $type[$inner][1] == STRUCT || $type[$inner][1] == UNION;
	}
}

my $base = '';
if (@ARGV > 2 && $ARGV[0] eq '-b') {
	shift;
	$base = load_btf(btf_section(shift), '');
}
die "usage: btf.pl [-b BASE] FILE STRUCT...\n" if @ARGV < 2;
load_btf(btf_section(shift), $base);
for my $struct (@ARGV) {
	my $id = $by_name{$struct};
	if (!defined $id) {
		print STDERR "no struct $struct\n";
		next;
	}
	print join("\t", $struct, '-', 0, $type[$id][3], 'struct'), "\n";
	members($struct, $id, '', 0);
}
