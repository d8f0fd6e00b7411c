#!/usr/bin/perl
# SPDX-License-Identifier: GPL-2.0
# Prints the layout of structures from BTF, one member per line:
#   struct TAB member.path TAB offset in bytes (hex) TAB bytes TAB byte order
# usage: layout.pl FILE [BASE]: BTF section data as objcopy --dump-section leaves
# it (or pahole --btf_encode_detached); BASE is the kernel's if FILE is a
# module's.
use strict;
use warnings;

use constant { INT => 1, PTR => 2, ARRAY => 3, STRUCT => 4, UNION => 5,
	       ENUM => 6, FWD => 7, TYPEDEF => 8, FUNC_PROTO => 13, VAR => 14,
	       DATASEC => 15, DECL_TAG => 17, ENUM64 => 19 };

# Bytes after the common 12 of a type, fixed part and per element.
my %tail = (INT, [4, 0], ARRAY, [12, 0], STRUCT, [0, 12], UNION, [0, 12],
	    ENUM, [0, 8], FUNC_PROTO, [0, 8], VAR, [4, 0], DATASEC, [0, 12],
	    DECL_TAG, [4, 0], ENUM64, [0, 12]);

my (@types, $strings);
$types[0] = { kind => 0, name => 'void', size => 0 };
$strings = '';

sub name_at {
	my ($off) = @_;
	return $off ? unpack('Z*', substr($strings, $off)) : '';
}

sub load {
	my ($file) = @_;
	open(my $fh, '<:raw', $file) or die "$file: $!\n";
	my $raw = do { local $/; <$fh> };
	my ($magic, undef, undef, $hlen, $toff, $tlen, $soff, $slen) =
		unpack('vCCVVVVV', $raw);
	die "$file: no BTF\n" unless $magic == 0xeb9f;
	$strings .= substr($raw, $hlen + $soff, $slen);
	my $t = substr($raw, $hlen + $toff, $tlen);
	my $pos = 0;
	while ($pos < $tlen) {
		my ($name, $info, $size) = unpack('VVV', substr($t, $pos, 12));
		my $kind = $info >> 24 & 0x1f;
		my $vlen = $info & 0xffff;
		my ($fix, $each) = @{ $tail{$kind} // [0, 0] };
		my $len = $fix + $each * $vlen;
		push @types, { kind => $kind, name => name_at($name),
			       size => $size, flag => $info >> 31,
			       nr => $vlen, file => $file,
			       more => substr($t, $pos + 12, $len) };
		$pos += 12 + $len;
	}
}

sub members {
	my ($t) = @_;
	my @m;
	for my $i (0 .. $t->{nr} - 1) {
		my ($n, $type, $off) =
			unpack('VVV', substr($t->{more}, 12 * $i, 12));
		push @m, [name_at($n), $type,
			  $t->{flag} ? $off & 0xffffff : $off];
	}
	return @m;
}

# Follows typedefs and qualifiers: (type, byte order that a name told).
sub resolve {
	my ($id) = @_;
	my $order = '';
	my $t = $types[$id];
	while ($t->{kind} >= TYPEDEF && $t->{kind} <= 11) {
		if ($t->{kind} == TYPEDEF) {
			$order ||= 'le' if $t->{name} =~ /^__le\d/;
			$order ||= 'be' if $t->{name} =~ /^__be\d/;
		}
		$t = $types[$t->{size}];
	}
	return ($t, $order);
}

sub size_of {
	my ($id) = @_;
	my ($t) = resolve($id);
	return 8 if $t->{kind} == PTR;
	return $t->{size} unless $t->{kind} == ARRAY;
	my ($elem, undef, $nr) = unpack('VVV', $t->{more});
	return $nr * size_of($elem);
}

sub walk {
	my ($struct, $path, $id, $off) = @_;
	my ($t, $order) = resolve($id);
	my $size = size_of($id);
	if ($t->{kind} == ARRAY) {
		my ($elem, undef, $nr) = unpack('VVV', $t->{more});
		my ($et, $eo) = resolve($elem);
		my $bytes = size_of($elem) == 1 ? 'bytes' : $eo;
		printf "%s\t%s\t%02x\t%u\t%s\n", $struct, $path, $off, $size,
			$bytes;
		return if size_of($elem) == 1;
		# Of many, and of those that nobody has counted, one is enough.
		my $last = $nr > 16 || !$nr ? 0 : $nr - 1;
		walk($struct, "$path\[$_]", $elem, $off + $_ * size_of($elem))
			for 0 .. $last;
		return;
	}
	if ($t->{kind} == STRUCT || $t->{kind} == UNION) {
		printf "%s\t%s\t%02x\t%u\t\n", $struct, $path, $off, $size
			if $path ne '';
		for my $m (members($t)) {
			next if $m->[2] % 8;
			my $sub = join '.', grep { $_ ne '' } $path, $m->[0];
			walk($struct, $sub, $m->[1], $off + $m->[2] / 8);
		}
		return;
	}
	printf "%s\t%s\t%02x\t%u\t%s\n", $struct, $path, $off, $size,
		$size == 1 ? 'bytes' : $order;
}

my ($file, $base) = @ARGV;
load($base) if defined $base;
load($file);
my %done;
for my $id (1 .. $#types) {
	my $t = $types[$id];
	next if $t->{file} ne $file || $t->{name} eq '';
	my ($real) = resolve($id);
	next unless $t->{kind} == STRUCT || $t->{kind} == UNION ||
		($t->{kind} == TYPEDEF && $real->{name} eq '' &&
		 ($real->{kind} == STRUCT || $real->{kind} == UNION));
	next if $done{$t->{name}}++;
	walk($t->{name}, '', $id, 0);
}
